import type { Clock } from '../../src/lib/clock.ts'
import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import {
  type Capabilities,
  type FoundOwn,
  NotSentError,
  type OpenPicture,
  type Publisher,
  RejectedError,
  type Sent,
} from '../../src/outbox/publisher.ts'
import { FacebookAddress, postIdOf } from './address.ts'
import type { Effect, Page } from './effect.ts'
import { effectOf } from './effect-of.ts'
import { judge } from './errors.ts'
import { GraphError, platformCodeOf } from './failure.ts'
import type { GraphAccess } from './graph.ts'
import { type FacebookWaits, publishError } from './publish-error.ts'
import { type UsageHeaders, usageOf, waitUntil } from './usage.ts'

export interface FacebookPublisherOptions {
  readonly account: { readonly pageId: string; readonly token: string }
  readonly appSecret: string
  readonly graphUrl: string
  readonly version: string
  readonly timeoutMs: number
  readonly clock: Clock
  readonly openPicture: OpenPicture
  readonly tokenIn?: GraphAccess['tokenIn']
  readonly waits?: FacebookWaits
}

export const shippedFacebookWaits: FacebookWaits = { throttledMs: 5 * 60_000, blockedMs: 4 * 3_600_000 }

const capabilities: Capabilities = { readBack: true, quote: false, maxTextChars: 8000 }
/** From here on Graph is about to throttle: calls made then still count and prolong it. */
const stopAtPercent = 95

/** What is done in the name of one Page, under its posts and in Messenger. Keep it while the account lives. */
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
  const page: Page = {
    access,
    pageId,
    openPicture: options.openPicture,
    errorOf: (failure) => publishError(failure, clock(), waits),
    adviceOn: (failure) => publishError(failure, clock(), waits)?.advice ?? { do: 'go_on' },
  }
  return { capabilities, send, findOwn }

  async function send(message: OutboundMessage): Promise<Sent> {
    const effect = effectOf(page, message)
    if (clock().getTime() < pausedUntilMs) {
      const advice = { do: 'wait', untilMs: pausedUntilMs, why: 'throttled' } as const
      const refusal = { advice, answered: false, platformCode: 'usage' }
      throw new NotSentError('the Page has used up its calls for now', refusal)
    }
    try {
      return await effect.carryOut()
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      const translated = publishError(error.failure, clock(), waits)
      if (translated === null) return { messageId: null, wasDone: true }
      if (!isGone(error)) throw translated
      const why = await whyInvisible(message)
      if (why === 'gone' && effect.isDoneWhenGone) return { messageId: null, wasDone: true }
      throw why === 'locked_out' ? lockedOut(error) : translated
    }
  }

  async function findOwn(message: OutboundMessage): Promise<FoundOwn> {
    const effect = possible(message)
    if (effect === null) return { found: 'absent' } // what cannot be sent stands nowhere
    try {
      return await effect.find()
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      if (error.failure.http === null) return { found: 'not_now' }
      if (!isGone(error) || (await whyInvisible(message)) !== 'gone') return { found: 'unknowable' }
      // A comment that is gone has taken our reply with it.
      return effect.isDoneWhenGone ? { found: 'present', messageId: null } : { found: 'absent' }
    }
  }

  function possible(message: OutboundMessage): Effect | null {
    try {
      return effectOf(page, message)
    } catch (error) {
      if (error instanceof RejectedError) return null
      throw error
    }
  }

  /** 100/33 is said of what is gone and of what the token may not see: its post, else the Page's feed, tells which. */
  async function whyInvisible(message: OutboundMessage): Promise<'gone' | 'locked_out' | 'unclear'> {
    const address = FacebookAddress.safeParse(message.address).data
    if (address?.type === 'messenger') return 'unclear'
    const { readFeed, readObject } = await import('./graph.ts')
    const readWall = (): Promise<unknown> => readFeed(access, pageId)
    try {
      await (address === undefined ? readWall() : readObject(access, postIdOf(pageId, address)).catch(readWall))
      return 'gone'
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      return isGone(error) || judge(error.failure).class === 'stop_alert' ? 'locked_out' : 'unclear'
    }
  }
}

function isGone(error: GraphError): boolean {
  return judge(error.failure).meaning === 'gone'
}

function lockedOut({ failure }: GraphError): NotSentError {
  const advice = { do: 'stop', reason: 'permission' } as const
  const platformCode = platformCodeOf(failure)
  return new NotSentError('the token sees neither the comment nor the Page’s posts', { advice, platformCode })
}
