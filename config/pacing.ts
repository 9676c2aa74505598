/**
 * Every wait, pace, cap and grace period of the product, in milliseconds unless the name says otherwise.
 * Tests and fault runs use the same numbers through `scaled`; one test asserts the shipped values.
 */
export interface Pacing {
  /** Between two sends of one account, and the random part on top. Spam systems look at exactly this. */
  readonly facebook: { readonly gapMs: number; readonly jitterMs: number; readonly perDay: number }
  readonly zalo: { readonly gapMs: number; readonly jitterMs: number; readonly perDay: number }
  readonly zaloBot: { readonly gapMs: number; readonly jitterMs: number; readonly perDay: number }
  readonly zaloOa: { readonly gapMs: number; readonly jitterMs: number; readonly perDay: number }
  /** How long one send may hold its account before another process may take it. */
  readonly sendLeaseMs: number
  /** A row still `sending` after this belongs to a process that died. */
  readonly sendingGraceMs: number
  /** Before "it is not there" is believed: platforms show a new post to readers only after a moment. */
  readonly settleMs: number
  readonly lookAgainMs: number
  /** How often an unknown outcome is looked for before a person is asked. */
  readonly maxLooks: number
  readonly maxSendAttempts: number
  /** What the platform has refused for so long, again and again, is tried no more: a person is asked. */
  readonly giveUpAfterMs: number
  readonly sweepEveryMs: number
  /** A row without progress for this long is picked up by the sweep. */
  readonly forgottenAfterMs: number
  readonly retryMs: number
  readonly callTimeoutMs: number
  /** A file from the first question to its last byte; what failed is tried again so often, the waits doubling. */
  readonly fetch: { readonly timeoutMs: number; readonly tries: number; readonly retryMs: number }
  /** How often the platform is asked for what its webhook left out before the event goes on without it. */
  readonly lookup: { readonly tries: number; readonly retryMs: number }
  readonly jobLockMs: number
  /** First wait before a failed job is tried again; the later ones are in proportion. */
  readonly jobRetryMs: number
  /** Due times of postponed jobs are rounded up to this, so that many share one job. */
  readonly jobGrainMs: number
  /** One listener per account: how long its right to listen lasts without being renewed. */
  readonly listenerLeaseMs: number
  /** How often the listener's owner renews and looks whether a catch-up is wanted. */
  readonly listenerTickMs: number
  /** How often it is asked how the account stands in its groups, and how soon after that again where it may be otherwise. */
  readonly groupLookMs: number
  readonly groupLookAgainMs: number
  /** How long a Page keeps still when Graph is near its limit or throttles without saying for how long, and after a block. */
  readonly facebookWaits: { readonly throttledMs: number; readonly blockedMs: number }
  readonly zaloWaits: Readonly<typeof shippedZaloWaits>
  readonly botWaits: Readonly<typeof shippedBotWaits>
  readonly oaWaits: Readonly<typeof shippedOaWaits>
  /** The login with a QR code; names as in the Zalo adapter. */
  readonly qrWaits: {
    readonly qrCallTimeoutMs: number
    readonly qrShownMs: number
    readonly qrGapMs: number
    readonly qrTries: number
  }
  readonly pageWatch: PageWatchPacing
  /** A lost connection is spoken of after this; and after so long without an eviction, that they are over. */
  readonly accountNews: { readonly reconnectingMs: number; readonly steadyMs: number }
  readonly inviteValidMs: number
  readonly shutdownMs: number
  /** How often it is looked whether the nightly backup is due and whether the disk fills up. */
  readonly housekeepingEveryMs: number
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** How our Pages are looked after. */
interface PageWatchPacing {
  /** How often it is looked what is due. */
  readonly tickMs: number
  readonly tokenEveryMs: number
  readonly subscriptionEveryMs: number
  readonly silenceEveryMs: number
  /** Without a cause; an error, a repair or a silence brings the next reading at once. */
  readonly reconcileEveryMs: number
  /** A check that could not be made, or of a Page that is stopped, is repeated after this. */
  readonly againMs: number
  /** What was written less than this ago may still come by itself. */
  readonly freshMs: number
  /** A reading begins so much before the last one: platforms show some things late. */
  readonly overlapMs: number
  /** Posts whose comments are read, however old they are. A count. */
  readonly posts: number
  /** A token that ends within this is spoken of. */
  readonly expiryNoticeMs: number
}

/** What the Zalo adapter waits for; the names are its own, and each is explained there. */
const shippedZaloWaits = {
  callTimeoutMs: 15 * second,
  openMs: 20 * second,
  closeMs: 5 * second,
  reconnectMinMs: 2 * second,
  reconnectMaxMs: 1 * minute,
  steadyMs: 15 * second,
  attemptsBeforeLogin: 3,
  evictedWaitMs: 1 * minute,
  evictedWindowMs: 10 * minute,
  probeMs: 20 * second,
  silentMs: 1 * minute,
  quietMs: 10 * minute,
  keepAliveMs: 2 * minute,
  backfillAnswerMs: 20 * second,
  backfillTries: 3,
  backfillEveryMs: 1 * hour,
  keepRetryMinMs: 200,
  keepRetryMaxMs: 10 * second,
  keepAtOnce: 8,
  heldAtMost: 10_000,
  rememberedMessages: 50_000,
  saveSessionMs: 5 * second,
  resaveSessionMs: 6 * hour,
  throttledMs: 15 * minute,
  quotaMs: 1 * hour,
}

/** What the adapter of Zalo's bot platform waits for; the names are its own, and each is explained there. */
const shippedBotWaits = {
  callTimeoutMs: 15 * second,
  pollMs: 5 * second,
  probeMs: 1 * second,
  pollGraceMs: 10 * second,
  retryMinMs: 2 * second,
  retryMaxMs: 1 * minute,
  failuresUntilTold: 3,
  repairMs: 1 * minute,
  throttledMs: 5 * minute,
  keepRetryMinMs: 200,
  keepRetryMaxMs: 10 * second,
  closeMs: 8 * second,
}

/** What the adapter of Official Accounts waits for; the names are its own, and each is explained there. */
const shippedOaWaits = {
  callTimeoutMs: 15 * second,
  sendWithinMs: 15 * second,
  renewEarlyMs: 2 * hour, // of the 25 that a token lives
  unreachableMs: 5 * second,
  throttledMs: 5 * minute,
  quotaMs: 1 * hour,
}

export const shippedPacing: Pacing = {
  // At most 6 a minute on one Page; blocks were seen from about 60 a minute.
  facebook: { gapMs: 10 * second, jitterMs: 3 * second, perDay: 1_000 },
  zalo: { gapMs: 3 * second, jitterMs: 2 * second, perDay: 300 },
  // Zalo names no limit; officers are few.
  zaloBot: { gapMs: 1 * second, jitterMs: 500, perDay: 1_000 },
  // An official way, answering people who wrote: it need not look like a person typing.
  zaloOa: { gapMs: 1 * second, jitterMs: 1 * second, perDay: 5_000 },
  sendLeaseMs: 1 * minute,
  sendingGraceMs: 2 * minute,
  settleMs: 10 * second,
  lookAgainMs: 30 * second,
  maxLooks: 10,
  maxSendAttempts: 8,
  giveUpAfterMs: 24 * hour,
  sweepEveryMs: 1 * minute,
  forgottenAfterMs: 1 * minute,
  retryMs: 5 * second,
  callTimeoutMs: 15 * second,
  fetch: { timeoutMs: 1 * minute, tries: 8, retryMs: 5 * second },
  lookup: { tries: 5, retryMs: 2 * second },
  jobLockMs: 10 * second,
  jobRetryMs: 1 * second,
  jobGrainMs: 1 * second,
  listenerLeaseMs: 30 * second,
  listenerTickMs: 5 * second,
  groupLookMs: 30 * minute,
  groupLookAgainMs: 1 * minute,
  // Blocks of 2 to 8 hours have been seen.
  facebookWaits: { throttledMs: 5 * minute, blockedMs: 4 * hour },
  zaloWaits: shippedZaloWaits,
  botWaits: shippedBotWaits,
  oaWaits: shippedOaWaits,
  qrWaits: { qrCallTimeoutMs: 60 * second, qrShownMs: 95 * second, qrGapMs: 1 * second, qrTries: 5 },
  pageWatch: {
    tickMs: 1 * minute,
    tokenEveryMs: 24 * hour,
    subscriptionEveryMs: 1 * hour,
    silenceEveryMs: 10 * minute,
    reconcileEveryMs: 1 * hour,
    againMs: 10 * minute,
    freshMs: 5 * minute,
    overlapMs: 1 * hour,
    posts: 25,
    expiryNoticeMs: 7 * 24 * hour,
  },
  accountNews: { reconnectingMs: 15 * minute, steadyMs: 10 * minute },
  inviteValidMs: 7 * 24 * hour,
  shutdownMs: 20 * second,
  housekeepingEveryMs: 10 * minute,
}

/**
 * The same pacing, every duration multiplied; counts and caps stay as they are. What has to outlive a call keeps a floor
 * that a busy machine can meet, in the order that makes sending safe: a call is over before its account is free again,
 * and that before its row is given up for unknown.
 */
export function scaled(pacing: Pacing, factor: number): Pacing {
  const ms = (value: number, floor = 1): number => Math.min(value, Math.max(floor, Math.round(value * factor)))
  const { facebookWaits, zaloWaits, botWaits, oaWaits, pageWatch, accountNews } = pacing
  const { facebook, zalo, zaloBot, zaloOa, fetch, lookup } = pacing
  return {
    ...pacing,
    facebook: { ...facebook, gapMs: ms(facebook.gapMs), jitterMs: ms(facebook.jitterMs) },
    zalo: { ...zalo, gapMs: ms(zalo.gapMs), jitterMs: ms(zalo.jitterMs) },
    zaloBot: { ...zaloBot, gapMs: ms(zaloBot.gapMs), jitterMs: ms(zaloBot.jitterMs) },
    zaloOa: { ...zaloOa, gapMs: ms(zaloOa.gapMs), jitterMs: ms(zaloOa.jitterMs) },
    callTimeoutMs: ms(pacing.callTimeoutMs, 2_000),
    fetch: { ...fetch, timeoutMs: ms(fetch.timeoutMs, 2_000), retryMs: ms(fetch.retryMs) },
    lookup: { ...lookup, retryMs: ms(lookup.retryMs) },
    sendLeaseMs: ms(pacing.sendLeaseMs, 3_000),
    sendingGraceMs: ms(pacing.sendingGraceMs, 5_000),
    settleMs: ms(pacing.settleMs),
    lookAgainMs: ms(pacing.lookAgainMs),
    giveUpAfterMs: ms(pacing.giveUpAfterMs, 60_000),
    sweepEveryMs: ms(pacing.sweepEveryMs),
    forgottenAfterMs: ms(pacing.forgottenAfterMs),
    retryMs: ms(pacing.retryMs),
    jobLockMs: ms(pacing.jobLockMs, 500),
    jobRetryMs: ms(pacing.jobRetryMs),
    jobGrainMs: ms(pacing.jobGrainMs),
    listenerLeaseMs: ms(pacing.listenerLeaseMs, 500),
    listenerTickMs: ms(pacing.listenerTickMs, 50),
    groupLookMs: ms(pacing.groupLookMs, 500),
    groupLookAgainMs: ms(pacing.groupLookAgainMs, 50),
    facebookWaits: { throttledMs: ms(facebookWaits.throttledMs), blockedMs: ms(facebookWaits.blockedMs) },
    zaloWaits: {
      ...zaloWaits,
      callTimeoutMs: ms(zaloWaits.callTimeoutMs, 2_000),
      openMs: ms(zaloWaits.openMs, 2_000),
      reconnectMinMs: ms(zaloWaits.reconnectMinMs),
      reconnectMaxMs: ms(zaloWaits.reconnectMaxMs),
      steadyMs: ms(zaloWaits.steadyMs),
      evictedWaitMs: ms(zaloWaits.evictedWaitMs),
      evictedWindowMs: ms(zaloWaits.evictedWindowMs),
      probeMs: ms(zaloWaits.probeMs, 500),
      silentMs: ms(zaloWaits.silentMs, 2_000),
      backfillAnswerMs: ms(zaloWaits.backfillAnswerMs, 2_000),
      throttledMs: ms(zaloWaits.throttledMs),
      quotaMs: ms(zaloWaits.quotaMs),
      keepRetryMinMs: ms(zaloWaits.keepRetryMinMs),
      keepRetryMaxMs: ms(zaloWaits.keepRetryMaxMs),
      saveSessionMs: ms(zaloWaits.saveSessionMs),
    },
    botWaits: {
      ...botWaits,
      callTimeoutMs: ms(botWaits.callTimeoutMs, 2_000),
      pollMs: ms(botWaits.pollMs, 1_000),
      probeMs: ms(botWaits.probeMs, 1_000), // the platform counts in seconds
      pollGraceMs: ms(botWaits.pollGraceMs, 2_000),
      retryMinMs: ms(botWaits.retryMinMs),
      retryMaxMs: ms(botWaits.retryMaxMs),
      repairMs: ms(botWaits.repairMs),
      throttledMs: ms(botWaits.throttledMs),
      keepRetryMinMs: ms(botWaits.keepRetryMinMs),
      keepRetryMaxMs: ms(botWaits.keepRetryMaxMs),
    },
    oaWaits: {
      ...oaWaits, // how long a token lives is not ours to scale
      callTimeoutMs: ms(oaWaits.callTimeoutMs, 2_000),
      sendWithinMs: ms(oaWaits.sendWithinMs, 900),
      unreachableMs: ms(oaWaits.unreachableMs),
      throttledMs: ms(oaWaits.throttledMs),
      quotaMs: ms(oaWaits.quotaMs),
    },
    pageWatch: {
      ...pageWatch,
      tickMs: ms(pageWatch.tickMs, 100),
      tokenEveryMs: ms(pageWatch.tokenEveryMs),
      subscriptionEveryMs: ms(pageWatch.subscriptionEveryMs),
      silenceEveryMs: ms(pageWatch.silenceEveryMs),
      reconcileEveryMs: ms(pageWatch.reconcileEveryMs),
      againMs: ms(pageWatch.againMs, 500),
      freshMs: ms(pageWatch.freshMs, 2_000),
    },
    accountNews: { reconnectingMs: ms(accountNews.reconnectingMs, 5_000), steadyMs: ms(accountNews.steadyMs, 1_000) },
  }
}
