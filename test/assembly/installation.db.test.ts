import { beforeEach, describe, expect, it } from 'vitest'
import { claimInstallation } from '../../src/assembly/installation.ts'
import { RefusedError } from '../../src/lib/errors.ts'
import { emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

const claim = (simulators: boolean): Promise<void> => claimInstallation(db, simulators, now)
const kinds = () => db.selectFrom('installation').select('kind').execute()

describe('a store', () => {
  it.each([
    [true, 'simulated'],
    [false, 'real'],
  ])('that is new becomes what first uses it (simulators: %s → %s)', async (simulators, kind) => {
    await claim(simulators)
    await claim(simulators)

    expect(await kinds()).toEqual([{ kind }])
  })

  it('of real accounts never meets simulators', async () => {
    await claim(false)

    await expect(claim(true)).rejects.toThrow(RefusedError)
    await expect(claim(true)).rejects.toThrow('this database has been used with real accounts')
    expect(await kinds()).toEqual([{ kind: 'real' }])
  })

  it('of simulators never meets real accounts', async () => {
    await claim(true)

    await expect(claim(false)).rejects.toThrow('this database was made with simulators')
    expect(await kinds()).toEqual([{ kind: 'simulated' }])
  })

  it('claimed by both at once belongs to one of them', async () => {
    const claims = await Promise.allSettled([claim(true), claim(false)])

    expect(claims.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await kinds()).toHaveLength(1)
  })

  it('cannot hold two such facts', async () => {
    await claim(true)
    const second = db.insertInto('installation').values({ onlyOne: false, kind: 'real', createdAt: now }).execute()

    await expect(second).rejects.toMatchObject({ code: '23514' })
  })
})
