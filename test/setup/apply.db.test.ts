import { beforeEach, describe, expect, it } from 'vitest'
import { getAccount, openSecret, saveLogin } from '../../src/accounts/store.ts'
import { listRules } from '../../src/routing/store.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { collectSetup } from '../../src/setup/collect.ts'
import { readSetup, type SetupFile } from '../../src/setup/setup-file.ts'
import { officersOnDuty } from '../../src/units/store.ts'
import { emptyTables, keyRing, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { runInZone } from '../support/in-zone.ts'

const { db, connection } = await testDatabase()
beforeEach(() => emptyTables(db))

function setup(change: Partial<SetupFile> = {}): SetupFile {
  const read = readSetup(
    JSON.stringify({
      units: [
        { code: 'tinh-nghe-an', name: 'Tỉnh Nghệ An', kind: 'province', signature: 'MTTQ tỉnh' },
        { code: 'xa-cat-ngan', name: 'Xã Cát Ngạn', kind: 'commune', parent: 'tinh-nghe-an', signature: 'MTTQ xã' },
      ],
      officers: [
        { name: 'Lê Văn Tâm', duties: [{ unit: 'xa-cat-ngan', duty: 'answers' }] },
        {
          name: 'Phan Thị Hoa',
          duties: [{ unit: 'xa-cat-ngan', duty: 'answers', from: '2026-01-01', to: '2026-12-31' }],
        },
      ],
      accounts: [
        { platform: 'facebook', id: '101', name: 'Trang xã', unit: 'xa-cat-ngan', mode: 'publish' },
        {
          platform: 'zalo',
          id: '555',
          name: 'Zalo xã',
          unit: 'xa-cat-ngan',
          mode: 'approve_all',
          groups: [{ id: 'g1', name: 'Nhóm xóm', unit: 'xa-cat-ngan', audience: 'residents' }],
        },
      ],
      rules: [
        { name: 'first', when: { kinds: ['question'] }, assign: { duty: 'answers' } },
        { name: 'second', when: {}, assign: { unit: 'tinh-nghe-an', duty: 'restricted_desk' } },
      ],
    }),
  )
  return { ...read, ...change }
}

const apply = (file: SetupFile): Promise<void> => applySetup(db, keyRing, file, now)

describe('a setup that is applied', () => {
  it('is what the database then says of itself', async () => {
    await apply(setup())

    expect(await collectSetup(db)).toEqual(setup())
  })

  it.each(['UTC', 'Asia/Ho_Chi_Minh', 'America/New_York'])('keeps its days on a machine in %s', async (zone) => {
    await apply(setup())

    expect(runInZone(zone, new URL('programs/export.ts', import.meta.url), connection)).toEqual(setup())
  })

  it('how each group is listened to is written down, exported, and what the file says no more is forgotten', async () => {
    const [page, zalo] = setup().accounts
    if (page === undefined || zalo === undefined) throw new Error('the setup has two accounts')
    const [group] = zalo.groups
    if (group === undefined) throw new Error('the account has a group')
    const listening = { ...group, listen: 'keyword' as const, keywords: ['mất nước', '#điện'] }
    const heard = setup({ accounts: [page, { ...zalo, groups: [listening] }] })
    await apply(heard)
    expect(await collectSetup(db)).toEqual(heard)

    await apply(setup())

    expect(await collectSetup(db)).toEqual(setup())
  })

  it('twice is as good as once: nothing is doubled and no id changes', async () => {
    const ids = async (): Promise<unknown[]> => [
      await db.selectFrom('units').select('id').orderBy('code').execute(),
      await db.selectFrom('officers').select('id').orderBy('displayName').execute(),
      await db.selectFrom('accounts').select('id').orderBy('externalId').execute(),
      await db.selectFrom('groups').select('id').execute(),
    ]
    await apply(setup())
    const before = await ids()

    await apply(await collectSetup(db))

    expect(await ids()).toEqual(before)
    expect(await collectSetup(db)).toEqual(setup())
  })

  it('gives every account its lane, or nothing could ever be sent from it', async () => {
    await apply(setup())

    const lanes = await db
      .selectFrom('accountLanes')
      .innerJoin('accounts', 'accounts.id', 'accountLanes.accountId')
      .select(['accounts.externalId', 'accountLanes.platform'])
      .orderBy('externalId')
      .execute()
    expect(lanes).toEqual([
      { externalId: '101', platform: 'facebook' },
      { externalId: '555', platform: 'zalo' },
    ])
  })

  it('changes names and leaves tokens and lanes alone', async () => {
    await apply(setup())
    const { id } = await db
      .selectFrom('accounts')
      .select('id')
      .where('externalId', '=', '101')
      .executeTakeFirstOrThrow()
    await saveLogin(db, keyRing, id, 'EAAB-token')
    await db.updateTable('accountLanes').set({ sentToday: 7 }).where('accountId', '=', id).execute()

    await apply(
      setup({ accounts: [{ platform: 'facebook', id: '101', name: 'Tên mới', unit: 'xa-cat-ngan', groups: [] }] }),
    )

    expect(await openSecret(db, keyRing, id)).toBe('EAAB-token')
    expect((await getAccount(db, id)).name).toBe('Tên mới')
    const lane = await db.selectFrom('accountLanes').select('sentToday').where('accountId', '=', id).executeTakeFirst()
    expect(lane).toEqual({ sentToday: 7 })
  })

  it('replaces the duties of the officers it names and of no other', async () => {
    await apply(setup())

    await apply(
      setup({
        officers: [
          { name: 'Phan Thị Hoa', duties: [{ unit: 'tinh-nghe-an', duty: 'restricted_desk', from: '2026-01-01' }] },
        ],
      }),
    )

    const { officers } = await collectSetup(db)
    expect(officers).toEqual([
      { name: 'Lê Văn Tâm', duties: [{ unit: 'xa-cat-ngan', duty: 'answers', from: '2025-07-01' }] },
      { name: 'Phan Thị Hoa', duties: [{ unit: 'tinh-nghe-an', duty: 'restricted_desk', from: '2026-01-01' }] },
    ])
  })

  it('makes an officer reachable by duty', async () => {
    await apply(setup())

    const { id } = await db.selectFrom('units').select('id').where('code', '=', 'xa-cat-ngan').executeTakeFirstOrThrow()
    expect(await officersOnDuty(db, id, 'answers', now)).toHaveLength(2)
  })
})

describe('rules', () => {
  it('stand in the order of the file', async () => {
    await apply(setup())

    expect((await listRules(db)).map((rule) => rule.name)).toEqual(['first', 'second'])
  })

  it('are replaced as a whole, and the old ones stay readable for past decisions', async () => {
    await apply(setup())

    await apply(setup({ rules: [{ name: 'only', when: {}, assign: { duty: 'answers' } }] }))

    expect((await listRules(db)).map((rule) => rule.name)).toEqual(['only'])
    expect(await db.selectFrom('routingRules').select('id').execute()).toHaveLength(3)
  })

  it('a file without rules leaves them as they are', async () => {
    await apply(setup())

    await apply(setup({ rules: [] }))

    expect(await listRules(db)).toHaveLength(2)
  })
})

describe('publishing modes', () => {
  const whole = (): SetupFile => {
    const file = setup({ mode: 'publish' })
    const [province, commune] = file.units
    const [page, zalo] = file.accounts
    if (!province || !commune || !page || !zalo) throw new Error('expected two units and two accounts')
    const groups = zalo.groups.map((group) => ({ ...group, mode: 'listen_only' as const }))
    return {
      ...file,
      units: [{ ...province, mode: 'approve_all' }, commune],
      accounts: [page, { ...zalo, mode: 'listen_only', groups }],
    }
  }

  it('of the installation, of units, accounts and groups are what the database then says of itself', async () => {
    await apply(whole())

    expect(await collectSetup(db)).toEqual(whole())
  })

  it('twice are as good as once', async () => {
    await apply(whole())
    const said = () => db.selectFrom('publishingChanges').selectAll().execute()
    const before = await said()

    await apply(await collectSetup(db))

    expect(await said()).toEqual(before)
  })

  it('that the file does not say stay as they are, and a new account is a pilot', async () => {
    await apply(whole())
    const { accounts, mode: _, ...rest } = setup()
    const silent = accounts.map(({ mode: _mode, ...account }) => account)

    await apply({
      ...rest,
      accounts: [...silent, { platform: 'facebook', id: '102', name: 'Mới', unit: 'xa-cat-ngan', groups: [] }],
    })

    const { mode, accounts: collected } = await collectSetup(db)
    expect(mode).toBe('publish')
    expect(collected.map((account) => [account.id, account.mode])).toEqual([
      ['101', 'publish'],
      ['102', 'approve_all'],
      ['555', 'listen_only'],
    ])
  })
})

describe('freezes', () => {
  const freezes: SetupFile['freezes'] = [
    { from: '2026-03-13T00:00:00+07:00', to: '2026-03-16T00:00:00+07:00', reason: 'bầu cử' },
    { unit: 'xa-cat-ngan', from: '2026-08-19T07:00:00+07:00', to: '2026-08-19T11:30:00+07:00', reason: 'kỳ họp' },
  ]

  it('are what the database then says of itself', async () => {
    await apply(setup({ freezes }))

    expect(await collectSetup(db)).toEqual(setup({ freezes }))
  })

  it('given as days last from midnight to midnight in Viet Nam', async () => {
    await apply(setup({ freezes: [{ from: '2026-03-13', to: '2026-03-15', reason: 'bầu cử' }] }))

    expect((await collectSetup(db)).freezes).toEqual([freezes[0]])
  })

  it('a file without any leaves them, an empty list ends them', async () => {
    await apply(setup({ freezes }))

    await apply(setup())
    expect((await collectSetup(db)).freezes).toEqual(freezes)

    await apply(setup({ freezes: [] }))
    expect((await collectSetup(db)).freezes).toBeUndefined()
  })
})

it('a setup that fails at its end has changed nothing', async () => {
  const broken = setup({ rules: [{ name: 'nul \0 is refused', when: {}, assign: { duty: 'answers' } }] })

  await expect(apply(broken)).rejects.toThrow()

  expect(await db.selectFrom('units').select('id').execute()).toEqual([])
  expect(await db.selectFrom('officers').select('id').execute()).toEqual([])
})

it('an export holds no secret', async () => {
  await apply(setup())
  const { id } = await db.selectFrom('accounts').select('id').where('externalId', '=', '101').executeTakeFirstOrThrow()
  await saveLogin(db, keyRing, id, 'EAAB-token')

  const exported = JSON.stringify(await collectSetup(db))

  expect(exported).not.toMatch(/EAAB|secret|token/i)
})
