import type { TokenFacts, TokenProblem } from '../../src/channels/channel.ts'
import type { Token } from './answers.ts'

/** Permissions without which a Page's comments do not come, or cannot be answered. */
export const neededScopes = [
  'pages_manage_metadata', // subscribed_apps
  'pages_read_engagement', // the Page's posts and comments
  'pages_read_user_content', // what visitors write, and who they are
  'pages_manage_engagement', // answering
  'pages_messaging',
] as const

/** What debug_token says, as far as it concerns one Page of ours. Pure. */
export function tokenFacts(data: Token['data'], appId: string, pageId: string): TokenFacts {
  return {
    problem: problemOf(data, appId, pageId),
    missingScopes: missingScopes(data, pageId),
    expiresAt: earliest(data.expires_at, data.data_access_expires_at),
  }
}

function problemOf(data: Token['data'], appId: string, pageId: string): TokenProblem | null {
  if (!data.is_valid) return 'invalid'
  if (data.app_id !== undefined && data.app_id !== appId) return 'other_app'
  if (data.type !== 'PAGE') return 'not_page'
  return data.profile_id === undefined || data.profile_id === pageId ? null : 'other_page'
}

/** A permission may be granted for some Pages only: then those are named. */
export function missingScopes({ scopes, granular_scopes }: Token['data'], pageId: string): string[] {
  return neededScopes.filter((needed) => {
    const targets = granular_scopes.find(({ scope }) => scope === needed)?.target_ids
    return !scopes.includes(needed) || (targets !== undefined && !targets.includes(pageId))
  })
}

/** Seconds; 0 means never. */
function earliest(...moments: readonly number[]): Date | null {
  const real = moments.filter((seconds) => seconds > 0)
  return real.length === 0 ? null : new Date(Math.min(...real) * 1000)
}
