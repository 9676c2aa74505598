import { type Channel, ChannelError, type Portion, type Writing } from '../../src/channels/channel.ts'
import type { Clock } from '../../src/lib/clock.ts'
import type { Shown, Token } from './answers.ts'
import { type Change, commentChange, deliveryOf, visitorPostChange } from './as-webhook.ts'
import { judge } from './errors.ts'
import { GraphError, platformCodeOf } from './failure.ts'
import type { GraphAccess, ShownPage } from './graph.ts'
import { publishError } from './publish-error.ts'
import { shippedFacebookWaits } from './publisher.ts'
import { tokenFacts } from './token-facts.ts'
import { type UsageHeaders, usageOf, waitUntil } from './usage.ts'

/** What a Page has to be subscribed to. Receipts, reactions and standby would only be load. */
export const neededFields = ['feed', 'messages', 'messaging_postbacks', 'message_echoes', 'message_edits'] as const

/** With what the platform is asked about our Pages. */
export interface FacebookApp {
  readonly appId: string
  readonly appSecret: string
  readonly graphUrl: string
  readonly version: string
  readonly timeoutMs: number
  readonly clock: Clock
}

export interface FacebookChannelOptions extends FacebookApp {
  readonly page: { readonly pageId: string; readonly token: string }
}

/** Reading history is the first thing to leave off: what is left of Graph's patience belongs to answers. */
const stopReadingAtPercent = 80

/** One Page as those see it who look after it. Make a new one for each look. */
export function facebookChannel(options: FacebookChannelOptions): Channel {
  const { page, appId, clock } = options
  const { pageId, token } = page
  let usage: UsageHeaders | null = null
  const access = accessOf(options, token, (seen) => {
    usage = seen
  })

  return {
    checkToken: async () => tokenFacts(await inspect(options, token), appId, pageId),
    readName: () => asked(options, async ({ readPage }) => (await readPage(access, pageId)).name),
    missingFields: async () => {
      const fields = await subscribed()
      return neededFields.filter((field) => !fields.includes(field))
    },
    subscribe: async () => {
      // Setting the list replaces it: what somebody else has switched on stays.
      const fields = new Set([...(await subscribed()), ...neededFields])
      await asked(options, ({ subscribePage }) => subscribePage(access, pageId, [...fields]))
    },
    history,
  }

  function subscribed(): Promise<string[]> {
    return asked(options, ({ readSubscription }) => readSubscription(access, pageId, appId))
  }

  async function* history(since: Date, enough: number): AsyncGenerator<Portion> {
    let seen = 0
    const posts = pages((after) => asked(options, ({ readPosts }) => readPosts(access, pageId, after)))
    for await (const post of posts) {
      seen += 1
      if (seen > enough && post.created_time < since) return
      yield await readPortion(post, since)
    }
  }

  async function readPortion(post: Shown, since: Date): Promise<Portion> {
    const changes = new Map<string, Change>()
    const isVisitors = post.from !== undefined && post.from.id !== pageId
    if (isVisitors && post.created_time >= since) changes.set(post.id, visitorPostChange(post))
    try {
      const comments = pages((after) => asked(options, ({ readThread }) => readThread(access, post.id, after)))
      for await (const comment of comments) {
        if (comment.created_time < since) break
        changes.set(comment.id, commentChange(post.id, comment))
      }
    } catch (error) {
      if (!(error instanceof ChannelError) || error.platformCode !== gone) throw error // removed while we were reading
    }
    return {
      writings: [...changes].map(([messageId, { at }]) => ({ messageId, writtenAt: at })),
      deliveryOf: (writings: readonly Writing[]) =>
        deliveryOf(
          pageId,
          writings.flatMap(({ messageId }) => changes.get(messageId) ?? []),
        ),
    }
  }

  /** Everything in a list that comes page by page, while Graph's patience lasts. */
  async function* pages(read: (after: string | null) => Promise<ShownPage>): AsyncGenerator<Shown> {
    let after: string | null = null
    do {
      if (usage !== null && usageOf(usage).percent >= stopReadingAtPercent) {
        const untilMs = waitUntil(usage, clock(), shippedFacebookWaits.throttledMs)
        throw new ChannelError('usage', { do: 'wait', untilMs })
      }
      const page: ShownPage = await read(after)
      yield* page.shown
      after = page.after
    } while (after !== null)
  }
}

/** Of what was removed, and of what the token may not see. */
export const gone = '100/33'

/** What a token is good for. The app itself asks: when that is refused, it is the app's secret that is wrong. */
export async function inspect(app: FacebookApp, token: string): Promise<Token['data']> {
  try {
    return await asked(app, ({ inspectToken }) => inspectToken(accessOf(app, `${app.appId}|${app.appSecret}`), token))
  } catch (error) {
    if (!(error instanceof ChannelError) || error.advice.do !== 'stop') throw error
    throw new ChannelError(error.platformCode, { do: 'stop', reason: 'app_setup' })
  }
}

export function accessOf(app: FacebookApp, token: string, onUsage?: GraphAccess['onUsage']): GraphAccess {
  const { graphUrl, version, appSecret, timeoutMs } = app
  const told = onUsage === undefined ? {} : { onUsage }
  return { graphUrl, version, appSecret, timeoutMs, token, tokenIn: 'header', ...told }
}

/** Asks Graph; whatever goes wrong there comes out as what it means for the Page. The SDK is loaded by the first question. */
export async function asked<T>(
  { clock }: Pick<FacebookApp, 'clock'>,
  ask: (graph: typeof import('./graph.ts')) => Promise<T>,
): Promise<T> {
  try {
    return await ask(await import('./graph.ts'))
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    const { failure } = error
    if (judge(failure).meaning === 'gone') throw new ChannelError(gone, { do: 'go_on' })
    const advice = publishError(failure, clock(), shippedFacebookWaits)?.advice ?? { do: 'go_on' }
    throw new ChannelError(platformCodeOf(failure), advice)
  }
}
