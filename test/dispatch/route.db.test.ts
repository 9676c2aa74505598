import { beforeEach, describe, expect, it } from 'vitest'
import { type Case, getCase } from '../../src/cases/store.ts'
import { type Routed, routeCase } from '../../src/dispatch/route.ts'
import { unroutedCases } from '../../src/dispatch/unrouted.ts'
import { plusMs } from '../../src/lib/clock.ts'
import {
  addAccount,
  addCase,
  addEvent,
  addGroup,
  addOffice,
  addOfficer,
  addOutboxRow,
  addRule,
  addUnit,
  emptyTables,
  now,
  type TestOffice,
} from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let office: TestOffice
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
})

const room = {
  chatAddress: (platform: string, place: { kind: string; id: string }) => ({ platform, chat: place.id }),
  limits: { picturesPerCase: 5, pictureBytes: 5_000_000 },
}
const route = (about: Case, at = now): Promise<Routed> => routeCase(db, about.id, room, at)
const cards = () => db.selectFrom('outbox').selectAll().where('kind', '=', 'card').orderBy('placeId').execute()

async function ask(given: Parameters<typeof addCase>[1] = {}, text = 'Cho hỏi thủ tục tách hộ khẩu?'): Promise<Case> {
  return addCase(db, { event: await addEvent(db, office.page, { text }), ...given })
}
const restricted = (confidentialityReason: string): object => ({
  confidentiality: 'restricted',
  confidentialityReason,
})

describe('a public case', () => {
  it('goes to the officers’ group of its unit, and everything about that is kept', async () => {
    const about = await ask()

    const routed = await route(about)

    expect(routed).toMatchObject({ routed: { unitId: office.commune, duty: 'answers', ruleId: null } })
    expect(await getCase(db, about.id)).toMatchObject({
      status: 'assigned',
      assignedUnitId: office.commune,
      assignedDuty: 'answers',
    })
    const [decision] = await db.selectFrom('routingDecisions').selectAll().execute()
    expect(decision).toMatchObject({ caseId: about.id, because: 'no rule matched: the officers of its own unit' })
    expect(await cards()).toMatchObject([
      {
        caseId: about.id,
        originId: decision?.id,
        accountId: office.zalo,
        unitId: office.commune,
        audience: 'officer',
        address: { platform: 'zalo', chat: office.officersGroup },
        placeKind: 'group',
        placeId: office.officersGroup,
        lane: 2,
        state: 'pending',
      },
    ])
    const history = await db.selectFrom('caseHistory').select(['what', 'details']).execute()
    expect(history).toEqual([
      {
        what: 'routed',
        details: {
          decisionId: decision?.id,
          unitId: office.commune,
          duty: 'answers',
          because: 'no rule matched: the officers of its own unit',
        },
      },
    ])
  })

  it('shows the question, who asked where, and how to answer', async () => {
    const about = await ask()

    await route(about)

    const [card] = await cards()
    expect(card?.text.split('\n')).toEqual([
      `Câu hỏi mới · ${about.code}`,
      'Từ: Nguyễn Văn Gia – bình luận công khai trên trang Facebook (Mặt trận xã Cát Ngạn)',
      '“Cho hỏi thủ tục tách hộ khẩu?”',
      'Để trả lời: nhấn giữ tin này, chọn “Trả lời”, gõ câu trả lời rồi gửi.',
      'Câu trả lời sẽ hiện công khai ngay dưới câu hỏi.',
    ])
  })

  it('that is urgent says so and goes first', async () => {
    await route(await ask({ urgent: true }))

    expect(await cards()).toMatchObject([{ lane: 1, text: expect.stringMatching(/^🆘 KHẨN – /) }])
  })

  it('goes to every officers’ group of the unit', async () => {
    const second = await addGroup(db, office.zalo, { audience: 'officers' })

    await route(await ask())

    expect((await cards()).map((card) => card.placeId).sort()).toEqual([office.officersGroup, second].sort())
  })

  it('goes to each officer on duty 1:1 where the unit has no group', async () => {
    await db.deleteFrom('groups').where('audience', '=', 'officers').execute()

    await route(await ask())

    expect((await cards()).map((card) => [card.placeKind, card.placeId])).toEqual([
      ['direct', 'hoa'],
      ['direct', 'tam'],
    ])
  })

  it('goes where the rule says', async () => {
    const ruleId = await addRule(db, 0, {
      name: 'hộ khẩu',
      conditions: { words: ['hộ khẩu'] },
      action: { duty: 'answers' },
    })

    expect(await route(await ask())).toMatchObject({ routed: { ruleId, because: 'rule "hộ khẩu" matched' } })
  })
})

describe('what is kept from the public', () => {
  it('an accusation goes one level up, to the restricted desk alone', async () => {
    const about = await ask(restricted('denunciation'), 'Trưởng thôn ăn chặn tiền cứu trợ.')

    expect(await route(about)).toMatchObject({ routed: { unitId: office.province, duty: 'restricted_desk' } })

    expect(await cards()).toMatchObject([
      { placeKind: 'direct', placeId: 'quang', unitId: office.province, text: expect.stringMatching(/^🔒 GIỮ KÍN · /) },
    ])
  })

  it('an accusation never falls to those who may be meant, even when nobody above can be reached', async () => {
    await db.deleteFrom('officerIdentities').where('externalId', '=', 'quang').execute()
    const about = await ask(restricted('denunciation'))

    expect(await route(about)).toEqual({ routed: null, why: 'nobody_reachable' })

    expect(await cards()).toEqual([])
    expect(await getCase(db, about.id)).toMatchObject({ status: 'received' })
  })

  it.each(['unsure', 'no_text', 'decided_by_person'])(
    '"%s" goes to the unit’s officers, to each alone, never to the group',
    async (reason) => {
      await route(await ask(restricted(reason)))

      expect((await cards()).map((card) => [card.placeKind, card.placeId])).toEqual([
        ['direct', 'hoa'],
        ['direct', 'tam'],
      ])
    },
  )

  it('is not handed to the group by a rule either', async () => {
    await addRule(db, 0, { action: { duty: 'answers' } })

    await route(await ask(restricted('unsure')))

    expect((await cards()).every((card) => card.placeKind === 'direct')).toBe(true)
  })

  it('says why it is kept', async () => {
    await route(await ask(restricted('denunciation')))

    expect((await cards())[0]?.text).toContain('Lý do: có thể là khiếu nại, tố cáo')
  })
})

describe('where nobody can be reached', () => {
  it('the next level up is asked, and that is said', async () => {
    const area = await addUnit(db, { parentId: office.commune, kind: 'area' })
    const about = await ask({ unitId: area })

    expect(await route(about)).toMatchObject({
      routed: {
        unitId: office.commune,
        because: 'no rule matched: the officers of its own unit; nobody reachable there: 1 level up',
      },
    })
    expect(await getCase(db, about.id)).toMatchObject({ assignedUnitId: office.commune })
  })

  it('at all, it waits and is tried again', async () => {
    const lonely = await addUnit(db)
    const about = await ask({ unitId: lonely })
    expect(await route(about)).toEqual({ routed: null, why: 'nobody_reachable' })
    expect(await db.selectFrom('routingDecisions').select('id').execute()).toEqual([])

    await addOfficer(db, {
      duties: [{ unitId: lonely }],
      chats: [{ accountId: office.zalo, externalId: 'new' }],
    })

    expect(await route(about)).toMatchObject({ routed: { unitId: lonely } })
  })

  it('an officer who was never bound is nobody', async () => {
    const unitId = await addUnit(db)
    await addOfficer(db, { duties: [{ unitId }] })

    expect(await route(await ask({ unitId }))).toMatchObject({ why: 'nobody_reachable' })
  })

  it('an officer whose duty is over is nobody', async () => {
    const unitId = await addUnit(db)
    await addOfficer(db, {
      duties: [{ unitId, to: '2026-03-01' }],
      chats: [{ accountId: office.zalo, externalId: 'former' }],
    })

    expect(await route(await ask({ unitId }))).toMatchObject({ why: 'nobody_reachable' })
    expect(await route(await ask({ unitId }), plusMs(now, -86_400_000))).toMatchObject({ routed: { unitId } })
  })

  it('an officer bound in several places is told where they were bound last', async () => {
    const unitId = await addUnit(db)
    const other = await addAccount(db, { platform: 'zalo' })
    await addOfficer(db, {
      duties: [{ unitId }],
      chats: [
        { accountId: office.zalo, externalId: 'old', boundAt: plusMs(now, -1) },
        { accountId: other, externalId: 'new', boundAt: now },
      ],
    })

    await route(await ask({ unitId }))

    expect((await cards()).map((card) => [card.accountId, card.placeId])).toEqual([[other, 'new']])
  })
})

describe('a case that became restricted while its answer was under way', () => {
  const becameRestricted = async (state: 'cancelled' | 'unknown'): Promise<Case> => {
    const about = await ask({ status: 'answered' })
    await addOutboxRow(db, { caseId: about.id, accountId: office.page, kind: 'answer', audience: 'public', state })
    await db.updateTable('cases').set(restricted('denunciation')).where('id', '=', about.id).execute()
    return about
  }

  it('goes to the desk once the answer is known not to stand', async () => {
    const about = await becameRestricted('cancelled')

    expect(await unroutedCases(db, now, 10)).toEqual([about.id])
    expect(await route(about)).toMatchObject({ routed: { duty: 'restricted_desk' } })
    expect(await getCase(db, about.id)).toMatchObject({ status: 'assigned', assignedDuty: 'restricted_desk' })
  })

  it('stays where it is as long as the answer may stand', async () => {
    const about = await becameRestricted('unknown')

    expect(await unroutedCases(db, now, 10)).toEqual([])
    expect(await route(about)).toEqual({ routed: null, why: 'not_waiting' })
  })
})

describe('routing twice', () => {
  it('one after the other is done once', async () => {
    const about = await ask()
    await route(about)

    expect(await route(about)).toEqual({ routed: null, why: 'not_waiting' })

    expect(await cards()).toHaveLength(1)
  })

  it('at once is done once', async () => {
    const about = await ask()

    const routed = await Promise.all([1, 2, 3, 4].map(() => route(about)))

    expect(routed.filter((one) => one.routed !== null)).toHaveLength(1)
    expect(await cards()).toHaveLength(1)
  })

  it('after a person changed who may read it makes a new decision and a new card', async () => {
    const about = await ask(restricted('unsure'))
    await route(about)
    await db.updateTable('cases').set({ status: 'received', confidentiality: 'public' }).execute()

    await route(about, plusMs(now, 1_000))

    expect((await cards()).map((card) => card.placeKind).sort()).toEqual(['direct', 'direct', 'group'])
    expect(await db.selectFrom('routingDecisions').select('id').execute()).toHaveLength(2)
  })

  it.each(['answered', 'published', 'withdrawn', 'closed'])('a %s case is nobody’s to route', async (status) => {
    expect(await route(await ask({ status }))).toEqual({ routed: null, why: 'not_waiting' })
  })
})
