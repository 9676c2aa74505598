import { describe, expect, it } from 'vitest'
import { ConsentNeededError, NotNowError } from '../../../bots/zalo-oa/tokens.ts'
import { how } from '../../../sim/zalo-oa/how.ts'
import { oaId, openOa } from './stage.ts'

const hour = 3_600_000
const renewal = { path: /access_token$/u }

function renewals({ sim }: Awaited<ReturnType<typeof openOa>>): number {
  return sim.log.filter((entry) => entry.kind === 'token' && entry.what === 'refreshed').length
}

describe('a token in its time', () => {
  it('is used as it is until two hours before its end', async () => {
    const stage = await openOa()
    const { accessToken } = stage.store.held

    stage.clock.now += 23 * hour - 1
    const early = await stage.tokens.current()
    stage.clock.now += 2
    const late = await stage.tokens.current()

    expect(early).toBe(accessToken)
    expect(late).not.toBe(accessToken)
    expect(stage.store.held).toMatchObject({ accessToken: late, accessUntil: stage.clock.now + 25 * hour })
    expect(stage.store.held.webhookSecrets).toEqual(['oa-secret-key'])
  })

  it('is renewed once, however many ask at the same time, in one process or several', async () => {
    const stage = await openOa()
    const other = stage.otherTokens()
    stage.clock.now += 24 * hour

    const given = await Promise.all([stage.tokens, other, stage.tokens, other].map((tokens) => tokens.current()))

    expect(new Set(given)).toEqual(new Set([stage.store.held.accessToken]))
    expect(renewals(stage)).toBe(1)
  })

  it('is not handed out before it is committed', async () => {
    const stage = await openOa()
    stage.clock.now += 24 * hour

    const given = stage.tokens.current().then((token) => stage.store.log.push(`used ${token}`))
    await given

    expect(stage.store.log).toEqual(['saved', `used ${stage.store.held.accessToken}`])
  })

  it('goes unused when it could not be committed', async () => {
    const stage = await openOa()
    stage.clock.now += 24 * hour
    stage.store.exclusively = (work) => work(() => Promise.reject(new Error('the disk is full')))

    await expect(stage.tokens.current()).rejects.toThrow('the disk is full')
  })
})

describe('a token that Zalo refuses', () => {
  it('is renewed before its time; who is refused later gets the same new one', async () => {
    const stage = await openOa()
    const { accessToken } = stage.store.held
    stage.sim.endAccess(oaId)

    const first = await stage.tokens.after(accessToken)
    const second = await stage.tokens.after(accessToken)

    expect(first).not.toBe(accessToken)
    expect(second).toBe(first)
    expect(renewals(stage)).toBe(1)
  })
})

describe('a renewal that fails', () => {
  it('refused: an admin has to agree anew, and that is written down', async () => {
    const stage = await openOa()
    stage.sim.endPairs(oaId)

    await expect(stage.tokens.after(stage.store.held.accessToken)).rejects.toThrow(ConsentNeededError)

    expect(stage.store.log).toEqual(['needs_consent -14020'])
  })

  it('its answer lost: asked once more, and then an admin has to agree anew', async () => {
    const stage = await openOa()
    stage.clock.now += 24 * hour
    stage.sim.fail({ match: renewal, how: how.doneThenReset() })

    await expect(stage.tokens.current()).rejects.toThrow(ConsentNeededError)

    expect(stage.store.log).toEqual(['needs_consent -14020'])
  })

  it('cut off before it was carried out: the second try brings the pair', async () => {
    const stage = await openOa()
    stage.clock.now += 24 * hour
    stage.sim.fail({ match: renewal, how: how.resetBefore() })

    expect(await stage.tokens.current()).toBe(stage.store.held.accessToken)
    expect(stage.store.log).toEqual(['saved'])
  })

  it('Zalo in trouble: the old one serves while it lasts, and nobody is asked for consent', async () => {
    const stage = await openOa()
    const { accessToken } = stage.store.held
    stage.sim.fail({ match: renewal, how: how.html(502), times: 100 })

    stage.clock.now += 24 * hour
    const inTrouble = await stage.tokens.current()
    stage.clock.now += 2 * hour

    expect(inTrouble).toBe(accessToken)
    await expect(stage.tokens.current()).rejects.toThrow(NotNowError)
    expect(stage.store.log).toEqual([])
  })

  it('asked too often: a matter of time, not of consent', async () => {
    const stage = await openOa()
    stage.sim.fail({ match: renewal, how: how.refuseRefresh(-32) })

    await expect(stage.tokens.after(stage.store.held.accessToken)).rejects.toThrow(NotNowError)
    expect(stage.store.log).toEqual([])
  })

  it('somebody else at it for too long: a matter of time too', async () => {
    const stage = await openOa()
    stage.store.exclusively = async () => null
    stage.clock.now += 24 * hour

    await expect(stage.tokens.current()).rejects.toThrow(NotNowError)
  })
})
