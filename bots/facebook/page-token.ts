import { ChannelError, type TokenFacts } from '../../src/channels/channel.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { accessOf, asked, type FacebookApp, gone, inspect } from './channel.ts'
import { missingScopes, tokenFacts } from './token-facts.ts'

/** Why a token is not kept. */
type TokenRefusal =
  | 'invalid'
  | 'other_app'
  | 'other_page'
  /** A person's or system user's token to which this Page was not handed. */
  | 'no_access'
  | 'short_lived'
  | 'missing_scopes'

export type PageToken =
  | { readonly token: string; readonly facts: TokenFacts; readonly from: 'page' | 'person' | 'system_user' }
  | { readonly refused: TokenRefusal; readonly missingScopes: readonly string[] }

/** One that ends sooner was made for trying out: the Page would be silent tomorrow. */
const shortestMs = 24 * 3_600_000

/**
 * Makes of the token that somebody handed in the token of this Page, after looking at both. Nothing is kept here. A token
 * of a system user belongs to the institution; one of a person dies with that person's password or role.
 */
export async function findPageToken(app: FacebookApp, pageId: string, given: string): Promise<PageToken> {
  const { appId } = app
  const data = await inspect(app, given)
  const facts = tokenFacts(data, appId, pageId)
  if (facts.problem === null) return judged(app, given, facts, 'page')
  if (facts.problem !== 'not_page') return refused(facts.problem)
  const lacking = missingScopes(data, pageId)
  const token = await readPageToken(app, pageId, given)
  if (token === null) return lacking.length > 0 ? refused('missing_scopes', lacking) : refused('no_access')
  const pageFacts = tokenFacts(await inspect(app, token), appId, pageId)
  const { problem } = pageFacts
  if (problem !== null) return refused(problem === 'not_page' ? 'no_access' : problem)
  return judged(app, token, pageFacts, data.type === 'SYSTEM_USER' ? 'system_user' : 'person')
}

function judged(
  { clock }: FacebookApp,
  token: string,
  facts: TokenFacts,
  from: 'page' | 'person' | 'system_user',
): PageToken {
  if (facts.missingScopes.length > 0) return refused('missing_scopes', facts.missingScopes)
  const { expiresAt } = facts
  if (expiresAt !== null && expiresAt < plusMs(clock(), shortestMs)) return refused('short_lived')
  return { token, facts, from }
}

/** Null when the caller may not act for the Page: Graph leaves the token out, or does not show the Page at all. */
async function readPageToken(app: FacebookApp, pageId: string, given: string): Promise<string | null> {
  try {
    const page = await asked(app, ({ readPage }) => readPage(accessOf(app, given), pageId))
    return page.access_token ?? null
  } catch (error) {
    if (error instanceof ChannelError && (error.platformCode === gone || error.advice.do === 'stop')) return null
    throw error
  }
}

function refused(why: TokenRefusal, missing: readonly string[] = []): PageToken {
  return { refused: why, missingScopes: missing }
}
