import { describe, expect, it } from 'vitest'
import { holdListener, releaseListener } from '../../src/accounts/lease.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { AccountId, newId } from '../../src/lib/ids.ts'
import { addAccount, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const leaseMs = 30_000
const hold = (id: AccountId, owner: string, atMs = 0): Promise<string | null> =>
  holdListener(db, id, owner, plusMs(now, atMs), leaseMs)

describe('the right to listen on an account', () => {
  it('is taken by the first who asks', async () => {
    expect(await hold(await addAccount(db), 'one')).toBe('1')
  })

  it('is nobody else’s until it runs out', async () => {
    const id = await addAccount(db)
    await hold(id, 'one')

    expect(await hold(id, 'two', leaseMs)).toBeNull()
    expect(await hold(id, 'two', leaseMs + 1)).toBe('2')
  })

  it('is renewed by its owner under the same fence', async () => {
    const id = await addAccount(db)
    const first = await hold(id, 'one')

    expect(await hold(id, 'one', 20_000)).toBe(first)

    expect(await hold(id, 'two', leaseMs + 1)).toBeNull()
    expect(await hold(id, 'two', 20_000 + leaseMs + 1)).toBe('2')
  })

  it('that ran out is still renewed by its owner as long as nobody took it', async () => {
    const id = await addAccount(db)
    await hold(id, 'one')

    expect(await hold(id, 'one', 10 * leaseMs)).toBe('1')
  })

  it('once lost is not renewed but asked for like anybody else’s', async () => {
    const id = await addAccount(db)
    await hold(id, 'one')
    await hold(id, 'two', leaseMs + 1)

    expect(await hold(id, 'one', leaseMs + 2)).toBeNull()
  })

  it('given back is free at once, and the next owner has a higher fence', async () => {
    const id = await addAccount(db)
    await hold(id, 'one')

    await releaseListener(db, id, 'one', now)

    expect(await hold(id, 'two')).toBe('2')
  })

  it('is not given back by who does not have it', async () => {
    const id = await addAccount(db)
    await hold(id, 'one')

    await releaseListener(db, id, 'two', now)

    expect(await hold(id, 'two')).toBeNull()
  })

  it('asked for by ten at once goes to one', async () => {
    const id = await addAccount(db)

    const fences = await Promise.all(Array.from({ length: 10 }, (_, at) => hold(id, `owner-${at}`)))

    expect(fences.filter((fence) => fence !== null)).toEqual(['1'])
  })

  it('of an account that does not exist is nobody’s', async () => {
    expect(await hold(newId(AccountId, now), 'one')).toBeNull()
  })

  it('of one account says nothing about another', async () => {
    await hold(await addAccount(db), 'one')

    expect(await hold(await addAccount(db), 'two')).toBe('1')
  })
})
