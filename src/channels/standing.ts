import type { WatchedPage } from './store.ts'

/** Pure. One word on how a Page is doing, "ok" or what is wrong: the same in /health/ready, metrics and the doctor. */
export function standingOf(page: WatchedPage): string {
  const { state, stateReason, tokenProblem, missingScopes, subscriptionProblem, silentSince } = page
  if (page.loginNumber === 0) return 'not connected'
  if (state === 'stopped') return `stopped: ${stateReason ?? tokenProblem ?? ''}`
  if (tokenProblem !== null) return `token: ${tokenProblem}`
  if (missingScopes.length > 0) return `missing permission: ${missingScopes.join(', ')}`
  if (subscriptionProblem !== null) return `subscription: ${subscriptionProblem}`
  if (silentSince !== null) return `silent since ${silentSince.toISOString()}`
  return isProved(page) ? 'ok' : 'unproved'
}

/** Pure. A real event came since somebody connected the Page: only that shows that everything fits together. */
export function isProved({ lastEventAt, connectedAt }: Pick<WatchedPage, 'lastEventAt' | 'connectedAt'>): boolean {
  return lastEventAt !== null && (connectedAt === null || lastEventAt > connectedAt)
}
