import { beforeEach, describe, expect, it } from 'vitest'
import { inviteOfficer } from '../../src/accounts/invites.ts'
import { findOfficer } from '../../src/accounts/store.ts'
import { bindByCode } from '../../src/commands/bind.ts'
import { findEvent } from '../../src/intake/store.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { addAccount, addEvent, addOfficer, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let zalo: AccountId
beforeEach(async () => {
  await emptyTables(db)
  zalo = await addAccount(db, { platform: 'zalo' })
})

const direct = { place: { kind: 'direct', id: 'hoa' }, authorId: 'hoa' } as const
const invited = async (): Promise<string> => inviteOfficer(db, await addOfficer(db), now, 60_000)

describe('a code sent 1:1', () => {
  it('binds its sender, who is told so in the same chat', async () => {
    const message = await addEvent(db, zalo, { ...direct, text: await invited(), address: { uid: 'hoa' } })

    expect(await bindByCode(db, message, now)).toBe(true)

    expect(await findOfficer(db, zalo, 'hoa')).not.toBeNull()
    expect(await findEvent(db, message.id)).toMatchObject({ outcome: 'officer_bound' })
    expect(await db.selectFrom('outbox').selectAll().execute()).toMatchObject([
      {
        kind: 'notice',
        audience: 'officer',
        caseId: null,
        address: { uid: 'hoa' },
        text: expect.stringContaining('Đã liên kết với Phan Thị Hoa'),
      },
    ])
  })

  it('looked at twice at once binds once and tells once', async () => {
    const message = await addEvent(db, zalo, { ...direct, text: await invited() })

    const bound = await Promise.all([bindByCode(db, message, now), bindByCode(db, message, now)])

    expect(bound.filter(Boolean)).toHaveLength(1)
    expect(await db.selectFrom('outbox').select('id').execute()).toHaveLength(1)
  })

  it('where nothing can be said back binds all the same', async () => {
    const message = await addEvent(db, zalo, { ...direct, text: await invited(), address: null })

    expect(await bindByCode(db, message, now)).toBe(true)
  })
})

describe('no binding', () => {
  it.each<[string, object]>([
    ['in a group, where others read it', { place: { kind: 'group', id: 'can-bo' } }],
    ['in a comment, where everybody reads it', { place: { kind: 'post', id: '1' } }],
    ['by nobody known', { authorId: null }],
  ])('for a code %s', async (_where, given) => {
    const text = await invited()
    const message = await addEvent(db, zalo, { ...direct, text, ...given })

    expect(await bindByCode(db, message, now)).toBe(false)

    expect(await db.selectFrom('officerIdentities').select('officerId').execute()).toEqual([])
    expect(await findEvent(db, message.id)).toMatchObject({ outcome: null })
    const again = await addEvent(db, zalo, { ...direct, text })
    expect(await bindByCode(db, again, now)).toBe(true) // the code was not used up
  })

  it.each<[string, string | null]>([
    ['a picture', null],
    ['a question', 'Cho hỏi thủ tục tách hộ khẩu?'],
    ['a code nobody gave out', 'AAAAAAAA'],
  ])('for %s, which is left to others', async (_what, text) => {
    const message = await addEvent(db, zalo, { ...direct, text })

    expect(await bindByCode(db, message, now)).toBe(false)

    expect(await findEvent(db, message.id)).toMatchObject({ outcome: null })
  })
})
