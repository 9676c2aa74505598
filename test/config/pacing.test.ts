import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Pacing, scaled, shippedPacing } from '../../config/pacing.ts'

/** Every number by its path, e.g. "facebook.gapMs". */
function numbersOf(value: object, path = ''): Map<string, number> {
  const numbers = new Map<string, number>()
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'number') numbers.set(`${path}${key}`, inner)
    else for (const [deep, number] of numbersOf(inner, `${path}${key}.`)) numbers.set(deep, number)
  }
  return numbers
}

describe('shipped', () => {
  it('the product waits exactly this long', () => {
    expect(shippedPacing).toEqual({
      facebook: { gapMs: 10_000, jitterMs: 3_000, perDay: 1_000 },
      zalo: { gapMs: 3_000, jitterMs: 2_000, perDay: 300 },
      zaloBot: { gapMs: 1_000, jitterMs: 500, perDay: 1_000 },
      zaloOa: { gapMs: 1_000, jitterMs: 1_000, perDay: 5_000 },
      sendLeaseMs: 60_000,
      sendingGraceMs: 120_000,
      settleMs: 10_000,
      lookAgainMs: 30_000,
      maxLooks: 10,
      maxSendAttempts: 8,
      giveUpAfterMs: 86_400_000,
      sweepEveryMs: 60_000,
      forgottenAfterMs: 60_000,
      retryMs: 5_000,
      callTimeoutMs: 15_000,
      fetch: { timeoutMs: 60_000, tries: 8, retryMs: 5_000 },
      lookup: { tries: 5, retryMs: 2_000 },
      jobLockMs: 10_000,
      jobRetryMs: 1_000,
      jobGrainMs: 1_000,
      listenerLeaseMs: 30_000,
      listenerTickMs: 5_000,
      groupLookMs: 1_800_000,
      groupLookAgainMs: 60_000,
      facebookWaits: { throttledMs: 300_000, blockedMs: 14_400_000 },
      zaloWaits: {
        callTimeoutMs: 15_000,
        openMs: 20_000,
        closeMs: 5_000,
        reconnectMinMs: 2_000,
        reconnectMaxMs: 60_000,
        steadyMs: 15_000,
        attemptsBeforeLogin: 3,
        evictedWaitMs: 60_000,
        evictedWindowMs: 600_000,
        probeMs: 20_000,
        silentMs: 60_000,
        quietMs: 600_000,
        keepAliveMs: 120_000,
        backfillAnswerMs: 20_000,
        backfillTries: 3,
        backfillEveryMs: 3_600_000,
        keepRetryMinMs: 200,
        keepRetryMaxMs: 10_000,
        keepAtOnce: 8,
        heldAtMost: 10_000,
        rememberedMessages: 50_000,
        saveSessionMs: 5_000,
        resaveSessionMs: 21_600_000,
        throttledMs: 900_000,
        quotaMs: 3_600_000,
      },
      botWaits: {
        callTimeoutMs: 15_000,
        pollMs: 5_000,
        probeMs: 1_000,
        pollGraceMs: 10_000,
        retryMinMs: 2_000,
        retryMaxMs: 60_000,
        failuresUntilTold: 3,
        repairMs: 60_000,
        throttledMs: 300_000,
        keepRetryMinMs: 200,
        keepRetryMaxMs: 10_000,
        closeMs: 8_000,
      },
      oaWaits: {
        callTimeoutMs: 15_000,
        sendWithinMs: 15_000,
        renewEarlyMs: 7_200_000,
        unreachableMs: 5_000,
        throttledMs: 300_000,
        quotaMs: 3_600_000,
      },
      qrWaits: { qrCallTimeoutMs: 60_000, qrShownMs: 95_000, qrGapMs: 1_000, qrTries: 5 },
      pageWatch: {
        tickMs: 60_000,
        tokenEveryMs: 86_400_000,
        subscriptionEveryMs: 3_600_000,
        silenceEveryMs: 600_000,
        reconcileEveryMs: 3_600_000,
        againMs: 600_000,
        freshMs: 300_000,
        overlapMs: 3_600_000,
        posts: 25,
        expiryNoticeMs: 604_800_000,
      },
      accountNews: { reconnectingMs: 900_000, steadyMs: 600_000 },
      inviteValidMs: 604_800_000,
      shutdownMs: 20_000,
      housekeepingEveryMs: 600_000,
    } satisfies Pacing)
  })

  it.each<[string, (pacing: Pacing) => [number, number]]>([
    ['a call ends before its account may be given to another', (p) => [p.callTimeoutMs, p.sendLeaseMs]],
    ['an account is free again before its row is given up', (p) => [p.sendLeaseMs, p.sendingGraceMs]],
    ['a listener renews several times before its lease is over', (p) => [3 * p.listenerTickMs, p.listenerLeaseMs]],
    ['the first look waits less than the later ones', (p) => [p.settleMs, p.lookAgainMs]],
    ['a stop waits for a call under way', (p) => [p.callTimeoutMs, p.shutdownMs]],
    ['a comment is given time to come by itself before it is read', (p) => [p.sweepEveryMs, p.pageWatch.freshMs]],
    [
      'a reading goes back over what was too fresh for the last one',
      (p) => [p.pageWatch.freshMs, p.pageWatch.overlapMs],
    ],
    ['a Page sends at most six texts a minute', (p) => [60_000 / p.facebook.gapMs, 6.01]],
  ])('%s', (_fact, pick) => {
    const [smaller, larger] = pick(shippedPacing)

    expect(smaller).toBeLessThan(larger)
  })
})

describe('scaled', () => {
  const counts = [...numbersOf(shippedPacing).keys()].filter((path) => !path.endsWith('Ms'))

  it('by one changes nothing', () => {
    expect(scaled(shippedPacing, 1)).toEqual(shippedPacing)
  })

  it('leaves counts and caps alone', () => {
    const numbers = numbersOf(scaled(shippedPacing, 0.01))

    expect(counts).toContain('facebook.perDay')
    for (const path of counts) expect(numbers.get(path), path).toBe(numbersOf(shippedPacing).get(path))
  })

  it.each([
    ['facebook.gapMs', 100],
    ['facebook.jitterMs', 30],
    ['zalo.gapMs', 30],
    ['settleMs', 100],
    ['lookAgainMs', 300],
    ['sweepEveryMs', 600],
    ['forgottenAfterMs', 600],
    ['retryMs', 50],
    ['zaloWaits.reconnectMinMs', 20],
    ['zaloWaits.saveSessionMs', 50],
  ])('a hundredth of %s is %d ms', (path, ms) => {
    expect(numbersOf(scaled(shippedPacing, 0.01)).get(path)).toBe(ms)
  })

  it.each([
    ['jobLockMs', 500],
    ['callTimeoutMs', 2_000],
    ['sendLeaseMs', 3_000],
    ['sendingGraceMs', 5_000],
    ['zaloWaits.callTimeoutMs', 2_000],
    ['oaWaits.callTimeoutMs', 2_000],
    ['listenerLeaseMs', 500],
    ['listenerTickMs', 50],
    ['groupLookMs', 500],
    ['groupLookAgainMs', 50],
    ['facebook.gapMs', 1],
  ])('%s is never shorter than %d ms: a lock has to outlive the work under it', (path, ms) => {
    expect(numbersOf(scaled(shippedPacing, 0.000001)).get(path)).toBe(ms)
  })

  it('makes whole milliseconds, never zero, never longer than shipped, and a listener still renews in time', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0001, max: 1, noNaN: true }), (factor) => {
        const shipped = numbersOf(shippedPacing)
        const pacing = scaled(shippedPacing, factor)
        for (const [path, value] of numbersOf(pacing)) {
          expect(Number.isInteger(value), path).toBe(true)
          expect(value, path).toBeGreaterThan(0)
          expect(value, path).toBeLessThanOrEqual(shipped.get(path) ?? 0)
        }
        expect(pacing.listenerTickMs).toBeLessThan(pacing.listenerLeaseMs)
        expect(pacing.settleMs).toBeLessThanOrEqual(pacing.lookAgainMs)
        expect(pacing.callTimeoutMs).toBeLessThan(pacing.sendLeaseMs)
        expect(pacing.zaloWaits.callTimeoutMs).toBeLessThan(pacing.sendLeaseMs)
        expect(pacing.oaWaits.sendWithinMs + pacing.oaWaits.callTimeoutMs).toBeLessThan(pacing.sendLeaseMs)
        expect(pacing.sendLeaseMs).toBeLessThan(pacing.sendingGraceMs)
      }),
    )
  })
})
