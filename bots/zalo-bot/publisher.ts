import type { Clock } from '../../src/lib/clock.ts'
import type { OutboundKind, OutboundMessage } from '../../src/outbox/outbound.ts'
import { type Capabilities, type Publisher, RejectedError, type Sent } from '../../src/outbox/publisher.ts'
import { BotAddress } from './address.ts'
import { sendText } from './api.ts'
import type { BotAccess } from './call.ts'
import { publishError } from './errors.ts'
import { BotCallError } from './failure.ts'
import type { BotWaits } from './waits.ts'

/** Neither history nor echoes: what became of a call without an answer, only a person can see. */
const botCapabilities: Capabilities = { readBack: false, quote: false, maxTextChars: 2_000 }

interface PublisherOptions {
  readonly access: BotAccess
  readonly waits: BotWaits
  readonly clock: Clock
}

/** Sends texts to people who have written to the bot, and to groups in which it is. */
export function createPublisher({ access, waits, clock }: PublisherOptions): Publisher {
  /** Refusals for frequency in a row: each makes the next pause longer. */
  let throttles = 0

  const send = async (message: OutboundMessage): Promise<Sent> => {
    const content = readMessage(message)
    try {
      const messageId = await sendText(access, content, waits.callTimeoutMs)
      throttles = 0
      return { messageId }
    } catch (error) {
      if (!(error instanceof BotCallError)) throw error
      const translated = publishError(error.failure, { now: clock(), waits, throttles: throttles + 1 })
      if (translated.advice.do === 'wait' && translated.advice.why === 'throttled') throttles += 1
      throw translated
    }
  }
  return { capabilities: botCapabilities, send, findOwn: async () => ({ found: 'unknowable' }) }
}

/** A bot can do nothing about what stands already, and it has no wall. */
const texts: ReadonlySet<OutboundKind> = new Set(['acknowledgement', 'answer', 'card', 'notice', 'approval'])

/** What the address and the text come to; refuses what could not arrive as it is meant. */
function readMessage({ kind, address, text }: OutboundMessage): { chatId: string; text: string } {
  // A picture is taken by its public address alone, and residents' pictures have none.
  if (kind === 'file' || kind === 'photo') throw refused('a Zalo bot cannot send a picture of ours', 'no_pictures')
  if (!texts.has(kind)) throw refused(`a Zalo bot can do no ${kind}`, 'not_possible')
  const read = BotAddress.safeParse(address)
  if (!read.success) throw refused('expected the address of a chat with a Zalo bot', 'bad_address')
  if (text.trim() === '') throw refused('expected a text, got an empty one', 'empty_text')
  if (text.length > botCapabilities.maxTextChars) {
    throw refused(`expected at most ${botCapabilities.maxTextChars} characters, got ${text.length}`, 'text_too_long')
  }
  return { chatId: read.data.chatId, text }
}

function refused(sentence: string, platformCode: string): RejectedError {
  return new RejectedError(sentence, { platformCode, answered: false })
}
