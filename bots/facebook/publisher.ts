import type { Clock } from '../../src/lib/clock.ts'
import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import {
  type Capabilities,
  type FoundOwn,
  NotSentError,
  OutcomeUnknownError,
  type Publisher,
  RejectedError,
} from '../../src/outbox/publisher.ts'
import { FacebookAddress, objectIdOf, postIdOf } from './address.ts'
import { judge } from './errors.ts'
import { GraphError, platformCodeOf } from './failure.ts'
import type { GraphAccess } from './graph.ts'
import { type FacebookWaits, publishError } from './publish-error.ts'
import { findOwnComment, findOwnMessage } from './read-back.ts'
import { ourMetadataPrefix } from './read-messaging.ts'
import { splitText } from './split-text.ts'
import { type UsageHeaders, usageOf, waitUntil } from './usage.ts'

export interface FacebookPublisherOptions {
  readonly account: { readonly pageId: string; readonly token: string }
  readonly appSecret: string
  readonly graphUrl: string
  readonly version: string
  readonly timeoutMs: number
  readonly clock: Clock
  readonly tokenIn?: GraphAccess['tokenIn']
  readonly waits?: FacebookWaits
}

export const shippedFacebookWaits: FacebookWaits = { throttledMs: 5 * 60_000, blockedMs: 4 * 3_600_000 }

const capabilities: Capabilities = { readBack: true, quote: false, maxTextChars: 8000 }
const maxMessengerChars = 2000
/** From here on Graph is about to throttle: calls made then still count and prolong it. */
const stopAtPercent = 95

/** What one Page says: comments under its posts and texts in Messenger. Keep it while the account lives. */
export function facebookPublisher(options: FacebookPublisherOptions): Publisher {
  const { account, clock, waits = shippedFacebookWaits } = options
  const { pageId } = account
  let pausedUntilMs = 0
  const access: GraphAccess = {
    ...account,
    graphUrl: options.graphUrl,
    version: options.version,
    appSecret: options.appSecret,
    timeoutMs: options.timeoutMs,
    tokenIn: options.tokenIn ?? 'header',
    onUsage: (usage: UsageHeaders) => {
      if (usageOf(usage).percent >= stopAtPercent) pausedUntilMs = waitUntil(usage, clock(), waits.throttledMs)
    },
  }
  return { capabilities, send, findOwn }

  async function send(message: OutboundMessage): Promise<{ messageId: string | null }> {
    const address = addressOf(message)
    if (clock().getTime() < pausedUntilMs) {
      const advice = { do: 'wait', untilMs: pausedUntilMs } as const
      throw new NotSentError('the Page has used up its calls for now', {
        advice,
        answered: false,
        platformCode: 'usage',
      })
    }
    try {
      return { messageId: await carryOut(message, address) }
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      const translated = publishError(error.failure, clock(), waits)
      if (translated === null) return { messageId: null }
      throw isGone(error) && (await whyInvisible(address)) === 'locked_out' ? lockedOut(error) : translated
    }
  }

  async function findOwn(message: OutboundMessage): Promise<FoundOwn> {
    const address = FacebookAddress.safeParse(message.address).data
    if (address === undefined) return { found: 'absent' } // where nothing can be sent, nothing stands
    try {
      if (address.type !== 'messenger') return await findOwnComment(access, pageId, objectIdOf(address), message)
      const parts = splitText(message.text, maxMessengerChars)
      return await findOwnMessage(access, pageId, address.psid, parts, message.claimedAt)
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      if (error.failure.http === null) return { found: 'not_now' }
      // A comment that is gone has taken our reply with it.
      return { found: isGone(error) && (await whyInvisible(address)) === 'gone' ? 'absent' : 'unknowable' }
    }
  }

  async function carryOut(message: OutboundMessage, address: FacebookAddress): Promise<string> {
    const { commentOn } = await import('./graph.ts')
    const text = message.text.normalize('NFC')
    if (address.type !== 'messenger') return commentOn(access, objectIdOf(address), text)
    return sendParts(address.psid, splitText(text, maxMessengerChars), `${ourMetadataPrefix}${message.id}`)
  }

  async function sendParts(psid: string, parts: readonly string[], mark: string): Promise<string> {
    const { sendText } = await import('./graph.ts')
    let messageId = ''
    for (const [index, part] of parts.entries()) {
      // Only the last part carries the bare id: its echo says that the whole text is out.
      const metadata = index === parts.length - 1 ? mark : `${mark}#${index + 1}/${parts.length}`
      try {
        messageId = await sendText(access, pageId, psid, part, metadata)
      } catch (error) {
        if (index === 0 || !(error instanceof GraphError)) throw error
        // Whatever stopped the rest, sending the text again would double what is out.
        const advice = publishError(error.failure, clock(), waits)?.advice ?? { do: 'go_on' }
        throw new OutcomeUnknownError('a part of the text is out', { advice, platformCode: 'half_sent' })
      }
    }
    return messageId
  }

  /** 100/33 is said of what is gone and of what the token may not see: its post, else the Page's feed, tells which. */
  async function whyInvisible(address: FacebookAddress): Promise<'gone' | 'locked_out' | 'unclear'> {
    if (address.type === 'messenger') return 'unclear'
    const { readFeed, readObject } = await import('./graph.ts')
    try {
      await readObject(access, postIdOf(pageId, address)).catch(() => readFeed(access, pageId))
      return 'gone'
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      return isGone(error) || judge(error.failure).class === 'stop_alert' ? 'locked_out' : 'unclear'
    }
  }
}

/** Where the message goes; what everybody can read there must have been meant for everybody. */
function addressOf(message: OutboundMessage): FacebookAddress {
  const address = FacebookAddress.safeParse(message.address)
  if (!address.success) {
    throw new RejectedError('expected a Facebook address', { answered: false, platformCode: 'bad_address' })
  }
  if (address.data.type !== 'messenger' && message.audience !== 'public') {
    const refused = { answered: false, platformCode: 'not_public' }
    throw new RejectedError('only a public text may stand under a post', refused)
  }
  return address.data
}

function isGone(error: GraphError): boolean {
  return judge(error.failure).meaning === 'gone'
}

function lockedOut({ failure }: GraphError): NotSentError {
  const advice = { do: 'stop', reason: 'permission' } as const
  const platformCode = platformCodeOf(failure)
  return new NotSentError('the token sees neither the comment nor the Page’s posts', { advice, platformCode })
}
