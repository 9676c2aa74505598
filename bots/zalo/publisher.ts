import type { Clock } from '../../src/lib/clock.ts'
import { step } from '../../src/lib/failpoint.ts'
import { comparable } from '../../src/lib/text.ts'
import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import {
  type AccountAdvice,
  type Capabilities,
  NotSentError,
  type OpenPicture,
  type Publisher,
  RejectedError,
} from '../../src/outbox/publisher.ts'
import { ZaloAddress } from './address.ts'
import { type CallTrace, newTrace, traced } from './call-trace.ts'
import { type ErrorMeaning, explain, libraryCode, publishError } from './errors.ts'
import type { ZaloWaits } from './waits.ts'
import { type ReactedTo, Sign, type TextToSend, type ThreadKind, type ZaloConnection } from './zca.ts'

/** No read-back: Zalo has removed the history of groups, only the account's own echoes tell what became of a send. */
const zaloCapabilities: Capabilities = { readBack: false, quote: true, maxTextChars: 2_000 }

interface PublisherOptions {
  /** The login calls go through; null while there is none. */
  readonly connection: () => ZaloConnection | null
  readonly isSessionDead: () => boolean
  /** A call was answered with "your session is over". */
  readonly sessionRefused: (code: string) => void
  readonly openPicture: OpenPicture
  readonly waits: Pick<ZaloWaits, 'reconnectMaxMs' | 'reconnectMinMs' | 'throttledMs' | 'quotaMs'>
  readonly clock: Clock
}

/** Sends one text after the other, each quoting what it answers. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { connection, isSessionDead, sessionRefused, openPicture, waits, clock } = options
  let last: Promise<unknown> = Promise.resolve()
  /** Refusals for frequency in a row: each makes the next pause longer. */
  let throttles = 0

  const adviceFor = ({ consequence }: ErrorMeaning, code: string): AccountAdvice => {
    const wait = (ms: number): AccountAdvice => ({ do: 'wait', untilMs: clock().getTime() + ms })
    switch (consequence) {
      case 'go_on':
        return { do: 'go_on' }
      case 'repair':
        return { do: 'stop', reason: `zalo_${code}` }
      case 'relogin':
        return wait(waits.reconnectMaxMs)
      case 'unreachable':
        return wait(waits.reconnectMinMs)
      case 'throttled':
      case 'quota': {
        const base = consequence === 'quota' ? waits.quotaMs : waits.throttledMs
        throttles += 1
        return wait(base * 2 ** Math.min(throttles - 1, 3))
      }
    }
  }

  const send = async (message: OutboundMessage): Promise<{ messageId: string | null }> => {
    const { thread, id, text } = readMessage(message)
    const sign = message.kind === 'reaction' ? readSign(message) : null
    if (isSessionDead()) {
      throw new NotSentError('the account needs a new login with a QR code', {
        advice: { do: 'stop', reason: 'needs_qr' },
        platformCode: 'session_dead',
        answered: false,
      })
    }
    const zalo = connection()
    if (zalo === null) {
      throw new NotSentError('the account is not logged in at the moment', {
        advice: { do: 'wait', untilMs: clock().getTime() + waits.reconnectMinMs },
        platformCode: 'not_logged_in',
        answered: false,
      })
    }
    const fileId = pictureOf(message)
    const picture = fileId === null ? null : await openPicture(fileId)
    if (fileId !== null && picture === null) throw refused('the picture is not there', 'no_picture')
    const trace = newTrace()
    try {
      const messageId = await traced(trace, async () => {
        if (sign !== null) return step('zalo-react', () => zalo.react(thread, id, sign.to, sign.sign).then(() => null))
        if (picture !== null) return step('zalo-send-picture', () => zalo.sendPicture(thread, id, text.msg, picture))
        return step('zalo-send', () => zalo.sendText(thread, id, text))
      })
      throttles = 0
      return { messageId }
    } catch (error) {
      const explained = explainSend(trace, error, picture !== null)
      if (explained.consequence === 'relogin') sessionRefused(explained.code)
      throw publishError(explained, adviceFor(explained, explained.code))
    }
  }

  return {
    capabilities: zaloCapabilities,
    // The library numbers its sends by the millisecond: two at once would carry the same number.
    send: (message) => {
      const sent = last.then(() => send(message))
      last = sent.catch(() => {})
      return sent
    },
    findOwn: async () => ({ found: 'unknowable' }),
  }
}

interface Content {
  readonly thread: ThreadKind
  readonly id: string
  readonly text: TextToSend
}

/** With a picture the library can quote nothing, and an answer has to: its picture follows as a message of its own. */
function pictureOf({ kind, fileId }: OutboundMessage): OutboundMessage['fileId'] {
  return kind === 'file' || kind === 'photo' ? fileId : null
}

/** A picture is brought to Zalo first, and stands in the chat only by a second call: before that one nobody saw it. */
function explainSend(trace: CallTrace, error: unknown, isPicture: boolean): ReturnType<typeof explain> {
  const explained = explain(trace, libraryCode(error))
  const wasPosted = !isPicture || trace.asked.some((path) => path.endsWith('/photo_original/send'))
  return wasPosted || explained.outcome !== 'unknown' ? explained : { ...explained, outcome: 'not_sent' }
}

/** What the address and the text come to; refuses what could not arrive as it is meant. */
function readMessage({ address, text }: OutboundMessage): Content {
  const read = ZaloAddress.safeParse(address)
  if (!read.success) throw refused('expected the address of a Zalo conversation', 'bad_address')
  if (text.trim() === '') throw refused('expected a text, got an empty one', 'empty_text')
  if (text.length > zaloCapabilities.maxTextChars) {
    throw refused(`expected at most ${zaloCapabilities.maxTextChars} characters, got ${text.length}`, 'text_too_long')
  }
  const { data } = read
  const quote = data.quote === undefined ? {} : { quote: data.quote }
  if (data.type === 'user') return { thread: 'user', id: data.uid, text: { msg: text, ...quote } }
  return { thread: 'group', id: data.groupId, text: { ...mentioned(text, data.mention), ...quote } }
}

/** The sign and what it goes under, which is what an answer would quote. */
function readSign({ address, text }: OutboundMessage): { readonly to: ReactedTo; readonly sign: Sign } {
  const [to, sign] = [ZaloAddress.safeParse(address).data?.quote, Sign.safeParse(text).data]
  if (to === undefined || sign === undefined) throw refused('expected a message and a sign that Zalo knows', 'bad_sign')
  return { to, sign }
}

/** The text with the asker's name in it, which Zalo turns into a notification; without where there is no room. */
function mentioned(text: string, mention: { uid: string; name: string } | undefined): TextToSend {
  const label = `@${comparable(mention?.name ?? '')}`
  if (mention === undefined || label === '@') return { msg: text }
  const at = text.indexOf(label)
  const msg = at < 0 ? `${label} ${text}` : text
  if (msg.length > zaloCapabilities.maxTextChars) return { msg: text }
  return { msg, mentions: [{ pos: Math.max(at, 0), uid: mention.uid, len: label.length }] }
}

function refused(sentence: string, platformCode: string): RejectedError {
  return new RejectedError(sentence, { platformCode, answered: false })
}
