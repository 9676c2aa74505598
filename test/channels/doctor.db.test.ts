import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diagnose, type Examination, type Finding, isIncomplete } from '../../src/channels/doctor.ts'
import { findWatched } from '../../src/channels/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { testDatabase } from '../support/database.ts'
import { day, hour, openPageStage, type PageStage, pageId } from './stage.ts'

const { db, pool } = await testDatabase()
let stage: PageStage
beforeEach(async () => {
  stage = await openPageStage({ db, pool })
})
afterEach(() => stage.stop())

const good = { problem: null, missingScopes: [], expiresAt: null }

/** A Page with nothing wrong, and what is changed about it. */
async function examined(
  change: Partial<Examination> = {},
  asked: Partial<Examination['asked']> = {},
): Promise<Finding[]> {
  return diagnose({
    pageId,
    appSecrets: 1,
    publicUrl: 'https://hoi.example.test',
    page: await findWatched(db, stage.page),
    asked: { token: { got: good }, name: { got: 'Mặt trận xã Cát Ngạn' }, missingFields: { got: [] }, ...asked },
    expiryNoticeMs: 7 * day,
    now: stage.now(),
    ...change,
  })
}

const stateOf = (findings: Finding[], check: string): string | undefined =>
  findings.find((one) => one.check === check)?.state
const sentenceOf = (findings: Finding[], check: string): string =>
  findings.find((one) => one.check === check)?.sentence ?? ''

it('a Page that is connected and heard has nothing left to do', async () => {
  await stage.look()
  await stage.hear('Cho hỏi giờ tiếp dân?')
  stage.pass(hour)
  await stage.look()

  const findings = await examined()

  expect(findings.filter(({ state }) => state !== 'ok').map(({ check }) => check)).toEqual(['webhook'])
  expect(isIncomplete(findings)).toBe(false)
  expect(sentenceOf(findings, 'self_test')).toBe('Đã nhận sự kiện thật, gần nhất lúc 09:00 ngày 02/03/2026.')
  expect(sentenceOf(findings, 'reconcile')).toBe(
    'Đối chiếu lúc 10:00 ngày 02/03/2026: 1 bình luận trên trang, không sót.',
  )
})

it('whether Facebook reaches us cannot be known from here, and how to test it is said', async () => {
  const findings = await examined()

  expect(stateOf(findings, 'webhook')).toBe('unknown')
  expect(sentenceOf(findings, 'webhook')).toContain('https://hoi.example.test/webhooks/facebook?hub.mode=subscribe')
})

it('a Page that was never heard asks for a comment written on trial', async () => {
  const findings = await examined()

  expect(stateOf(findings, 'self_test')).toBe('missing')
  expect(sentenceOf(findings, 'self_test')).toContain('viết một bình luận thử')
})

it('what was heard before the Page was connected anew proves nothing about it', async () => {
  await stage.hear('Từ trước')
  await db
    .updateTable('pageWatch')
    .set({ connectedAt: plusMs(stage.now(), 1) })
    .execute()

  expect(stateOf(await examined(), 'self_test')).toBe('missing')
})

it('each missing permission is named by itself, with what it is for', async () => {
  const missingScopes = ['pages_manage_engagement', 'pages_messaging']
  const findings = await examined({}, { token: { got: { ...good, missingScopes } } })

  expect(findings.filter(({ check }) => check.startsWith('scope'))).toEqual([
    {
      check: 'scope:pages_manage_engagement',
      state: 'missing',
      sentence: 'Thiếu quyền pages_manage_engagement (trả lời bình luận thay mặt trang).',
    },
    {
      check: 'scope:pages_messaging',
      state: 'missing',
      sentence: 'Thiếu quyền pages_messaging (nhận và trả lời tin nhắn Messenger).',
    },
  ])
})

it('without an app, a declared Page or a token the list ends with what comes next', async () => {
  await db.updateTable('accounts').set({ loginNumber: 0 }).where('id', '=', stage.page).execute()

  expect((await examined({ appSecrets: null, page: null, asked: null })).map(({ check }) => check)).toEqual([
    'app',
    'webhook',
    'page',
  ])
  expect((await examined({ asked: null })).at(-1)).toMatchObject({ check: 'token', state: 'missing' })
})

describe('of a Page', () => {
  it.each<[string, Partial<Examination['asked']>, string, Finding['state']]>([
    ['whose token is dead', { token: { got: { ...good, problem: 'invalid' } } }, 'token', 'missing'],
    ['whose token could not be looked at', { token: { failed: 'ECONNRESET' } }, 'token', 'unknown'],
    [
      'whose token ends this week',
      { token: { got: { ...good, expiresAt: new Date('2026-03-05') } } },
      'expiry',
      'missing',
    ],
    ['whose token ends next month', { token: { got: { ...good, expiresAt: new Date('2026-04-05') } } }, 'expiry', 'ok'],
    ['that cannot be read', { name: { failed: '100/33' } }, 'readable', 'missing'],
    ['that lacks a field', { missingFields: { got: ['feed'] } }, 'subscription', 'missing'],
    ['whose fields could not be asked', { missingFields: { failed: '32' } }, 'subscription', 'unknown'],
  ])('%s the list says so', async (_name, asked, check, state) => {
    expect(stateOf(await examined({}, asked), check)).toBe(state)
  })

  it.each<[string, Parameters<typeof change>[0], string, Finding['state']]>([
    ['that is silent', { silentSince: new Date('2026-03-01') }, 'rhythm', 'missing'],
    ['whose reading was cut off', { reconcileProblem: '80001' }, 'reconcile', 'unknown'],
    ['that nobody has read yet', {}, 'reconcile', 'unknown'],
  ])('%s the list says so', async (_name, changed, check, state) => {
    await stage.hear('Xin chào')
    await change(changed)

    expect(stateOf(await examined(), check)).toBe(state)
  })

  it('that is stopped the list names the reason', async () => {
    await db.updateTable('accounts').set({ state: 'stopped', stateReason: 'token' }).execute()

    expect(sentenceOf(await examined(), 'sending')).toContain('Trang đang dừng (token)')
  })
})

async function change(changed: { silentSince?: Date; reconcileProblem?: string }): Promise<void> {
  if (Object.keys(changed).length > 0) await db.updateTable('pageWatch').set(changed).execute()
}

it('while two secrets are accepted the old one is spoken of', async () => {
  expect(sentenceOf(await examined({ appSecrets: 2 }), 'app')).toContain('bỏ mã cũ')
})
