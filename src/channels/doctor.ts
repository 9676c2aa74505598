import { plusMs } from '../lib/clock.ts'
import { pageCheckTexts as texts } from '../texts/page-checks.ts'
import type { TokenFacts } from './channel.ts'
import { isProved } from './standing.ts'
import type { WatchedPage } from './store.ts'

/** One line of the guided list: the same for the command line and for whoever else shows it. */
export interface Finding {
  /** Stable, e.g. "token" or "scope:pages_messaging". */
  readonly check: string
  /** `missing`: something is left to do, and the sentence says what. `unknown`: cannot be known from here. */
  readonly state: 'ok' | 'missing' | 'unknown'
  readonly sentence: string
}

/** What the platform said when it was asked, or the code with which it did not. */
export type Answer<T> = { readonly got: T } | { readonly failed: string }

/** Everything that is known about one Page. */
export interface Examination {
  readonly pageId: string
  /** How many secrets of the app are accepted; null: the app is not set up. */
  readonly appSecrets: number | null
  readonly publicUrl: string | null
  /** Null: nobody has declared it. */
  readonly page: WatchedPage | null
  /** Null: there was nothing to ask with. */
  readonly asked: {
    readonly token: Answer<TokenFacts>
    readonly name: Answer<string>
    readonly missingFields: Answer<readonly string[]>
  } | null
  readonly expiryNoticeMs: number
  readonly now: Date
}

/** Pure. What is in order with a Page, what is left to do, and what cannot be known from here, in the order of doing it. */
export function diagnose(examined: Examination): Finding[] {
  const { pageId, appSecrets, publicUrl, page, asked } = examined
  const findings: Finding[] = [
    appSecrets === null ? missing('app', texts.appMissing) : ok('app', texts.app(appSecrets)),
    unknown('webhook', texts.webhook(publicUrl)),
  ]
  if (page === null) return [...findings, missing('page', texts.pageUnknown(pageId))]
  findings.push(ok('page', texts.pageKnown(page.name)))
  if (page.loginNumber === 0) return [...findings, missing('token', texts.tokenMissing(pageId))]
  if (asked !== null) {
    findings.push(...tokenFindings(asked.token, examined), nameFinding(asked.name))
    findings.push(subscriptionFinding(asked.missingFields))
  }
  return [...findings, stateFinding(page), ...heardFindings(page), reconcileFinding(page)]
}

/** Pure. Something is left to do. */
export function isIncomplete(findings: readonly Finding[]): boolean {
  return findings.some(({ state }) => state === 'missing')
}

function tokenFindings(answer: Answer<TokenFacts>, { pageId, now, expiryNoticeMs }: Examination): Finding[] {
  if ('failed' in answer) return [unknown('token', texts.notAsked(answer.failed))]
  const { problem, expiresAt, missingScopes } = answer.got
  if (problem !== null) return [missing('token', texts.tokenBad(problem, pageId))]
  const scopes =
    missingScopes.length === 0
      ? [ok('scopes', texts.scopesGood)]
      : missingScopes.map((scope) => missing(`scope:${scope}`, texts.scopeMissing(scope)))
  return [ok('token', texts.tokenGood), expiryFinding(expiresAt, plusMs(now, expiryNoticeMs), pageId), ...scopes]
}

function expiryFinding(expiresAt: Date | null, soon: Date, pageId: string): Finding {
  if (expiresAt === null) return ok('expiry', texts.expiryNever)
  return expiresAt <= soon
    ? missing('expiry', texts.expirySoon(expiresAt, pageId))
    : ok('expiry', texts.expiry(expiresAt))
}

function nameFinding(answer: Answer<string>): Finding {
  return 'got' in answer
    ? ok('readable', texts.readable(answer.got))
    : missing('readable', texts.unreadable(answer.failed))
}

function subscriptionFinding(answer: Answer<readonly string[]>): Finding {
  if ('failed' in answer) return unknown('subscription', texts.notAsked(answer.failed))
  return answer.got.length === 0
    ? ok('subscription', texts.subscribed)
    : missing('subscription', texts.unsubscribed(answer.got))
}

function stateFinding({ state, stateReason, externalId }: WatchedPage): Finding {
  return state === 'stopped'
    ? missing('sending', texts.stopped(stateReason ?? '', externalId))
    : ok('sending', texts.working)
}

function heardFindings(page: WatchedPage): Finding[] {
  const { lastEventAt, silentSince } = page
  if (lastEventAt === null || !isProved(page)) return [missing('self_test', texts.notProved)]
  const rhythm =
    silentSince === null ? ok('rhythm', texts.heardUsual(lastEventAt)) : missing('rhythm', texts.silent(silentSince))
  return [rhythm, ok('self_test', texts.proved(lastEventAt))]
}

function reconcileFinding({ reconciledAt, reconcileProblem, found, missed }: WatchedPage): Finding {
  if (reconcileProblem !== null) return unknown('reconcile', texts.reconcileFailed(reconcileProblem))
  if (reconciledAt === null) return unknown('reconcile', texts.notReconciled)
  return ok('reconcile', texts.reconciled(reconciledAt, found ?? 0, missed ?? 0))
}

function ok(check: string, sentence: string): Finding {
  return { check, state: 'ok', sentence }
}

function missing(check: string, sentence: string): Finding {
  return { check, state: 'missing', sentence }
}

function unknown(check: string, sentence: string): Finding {
  return { check, state: 'unknown', sentence }
}
