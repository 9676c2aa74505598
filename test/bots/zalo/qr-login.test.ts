import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loginByQr, type QrStep, type QrWaits } from '../../../bots/zalo/qr-login.ts'
import { readSession } from '../../../bots/zalo/session.ts'
import { until } from '../../support/until.ts'
import { newStage, type Stage } from './stage.ts'

const quick: QrWaits = { qrCallTimeoutMs: 20_000, qrShownMs: 60_000, qrGapMs: 2, qrTries: 3 }

let stage: Stage
beforeEach(async () => {
  stage = await newStage({ qrPollMs: 10 })
})
afterEach(() => stage.close())

function start(
  waits: Partial<QrWaits> = {},
  more: { signal?: AbortSignal; simUrl?: string } = {},
): { steps: QrStep[]; session: Promise<string> } {
  const steps: QrStep[] = []
  const session = loginByQr({
    simUrl: stage.sim.url,
    waits: { ...quick, ...waits },
    clock: () => new Date(),
    onStep: (step) => steps.push(step),
    ...more,
  })
  session.catch(() => {}) // looked at later
  return { steps, session }
}

/** The code on the screen at the moment. */
function shownCode(): Promise<string> {
  return until(() => stage.sim.qr.pending().at(-1)?.code, { what: 'a QR code' })
}

const names = (steps: QrStep[]): string[] => steps.map(({ step }) => step)

describe('the login with a QR code', () => {
  it('shows a picture, sees the scan and ends in a session that opens the account', async () => {
    const { steps, session } = start()
    const code = await shownCode()
    stage.sim.qr.scan(code, stage.uid)
    await until(() => names(steps).includes('scanned'))
    stage.sim.qr.accept(code)

    const made = await session

    expect(names(steps)).toEqual(['show', 'scanned'])
    expect(steps[0]).toMatchObject({ attempt: 1, image: expect.stringMatching(/^iVBOR/) })
    expect(steps[1]).toEqual({ step: 'scanned', name: 'Mặt trận xã' })
    expect(readSession(made).uid).toBe(stage.uid)
    const { sink } = await stage.open({ session: made })
    stage.say('nghe được')
    await until(() => sink.texts().includes('nghe được'))
  })

  it('shows a new code when one has expired before anybody scanned it', async () => {
    const { steps, session } = start({ qrShownMs: 1_000, qrTries: 20 })
    let made = ''
    void session.then((text) => {
      made = text
    })
    await until(() => {
      const isSecond = names(steps).filter((step) => step === 'show').length >= 2
      const code = stage.sim.qr.pending().at(-1)?.code
      if (isSecond && code !== undefined) stage.sim.qr.accept(code, stage.uid)
      return made
    })

    expect(readSession(made).uid).toBe(stage.uid)
    expect(names(steps).slice(0, 3)).toEqual(['show', 'expired', 'show'])
  })

  it('shows a new code when the server has forgotten one', async () => {
    const { steps, session } = start()
    stage.sim.qr.expire(await shownCode())
    await until(() => names(steps).filter((step) => step === 'show').length === 2)
    stage.sim.qr.accept(await shownCode(), stage.uid)

    expect(readSession(await session).uid).toBe(stage.uid)
  })

  it('shows a new code when the phone has declined', async () => {
    const { steps, session } = start()
    const code = await shownCode()
    stage.sim.qr.scan(code, stage.uid)
    stage.sim.qr.decline(code)
    await until(() => names(steps).filter((step) => step === 'show').length === 2)
    stage.sim.qr.accept(await shownCode(), stage.uid)

    expect(readSession(await session).uid).toBe(stage.uid)
    expect(names(steps)).toContain('declined')
  })

  it('ends after the last code in a sentence that says why', async () => {
    const { steps, session } = start({ qrShownMs: 20, qrTries: 2 })

    await expect(session).rejects.toThrow('no phone has confirmed the login')
    expect(names(steps)).toEqual(['show', 'expired', 'show', 'expired'])
  })

  it('ends at once when the person gives up', async () => {
    const abort = new AbortController()
    const { session } = start({}, { signal: abort.signal })
    await shownCode()

    abort.abort()

    await expect(session).rejects.toThrow('given up')
  })

  it('ends when Zalo cannot be reached or does not answer', async () => {
    const { steps, session } = start({ qrTries: 2 }, { simUrl: 'http://127.0.0.1:1' })

    await expect(session).rejects.toThrow('cannot be reached')
    expect(names(steps)).toEqual(['unreachable', 'unreachable'])
  })
})
