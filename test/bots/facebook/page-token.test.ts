import { beforeEach, expect, it } from 'vitest'
import { findPageToken } from '../../../bots/facebook/page-token.ts'
import { how } from '../../../sim/facebook/how.ts'
import type { FacebookSim } from '../../../sim/facebook/simulator.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import { appId, appSecret, pageId, pageToken, startStage } from '../../sim/facebook-stage.ts'

let sim: FacebookSim
beforeEach(async () => {
  sim = await startStage()
})

function find(token: string): ReturnType<typeof findPageToken> {
  const app = { appId, appSecret, graphUrl: sim.url, version: 'v24.0', timeoutMs: 10_000, clock: systemClock }
  return findPageToken(app, pageId, token)
}

const inHours = (hours: number): number => Math.floor(Date.now() / 1000) + hours * 3_600

it('the Page’s own token is taken as it is', async () => {
  expect(await find(pageToken)).toMatchObject({ token: pageToken, from: 'page' })
})

it.each([
  ['SYSTEM_USER', 'system_user'],
  ['USER', 'person'],
] as const)('with the token of a %s the Page’s own is read', async (kind, from) => {
  sim.addUser({ id: '10', name: 'Dân hỏi', token: 'SOMEBODY', pageIds: [pageId], kind })

  expect(await find('SOMEBODY')).toMatchObject({ token: pageToken, from })
})

it.each([
  ['nobody’s', 'NONSENSE-TOKEN', 'invalid'],
  ['that of another Page', 'OTHER_PAGE', 'other_page'],
  ['that of somebody to whom this Page was not handed', 'STRANGER', 'no_access'],
])('%s is refused', async (_name, token, refused) => {
  sim.addPage({ id: '100000000000999', name: 'Trang khác', token: 'OTHER_PAGE' })
  sim.addUser({ id: '11', name: 'Người khác', token: 'STRANGER', pageIds: [] })

  expect(await find(token)).toMatchObject({ refused })
})

it.each([
  ['for another app', { appId: '1' }, { refused: 'other_app' }],
  [
    'without two permissions',
    { scopes: ['pages_manage_metadata', 'pages_read_engagement', 'pages_messaging'] },
    { refused: 'missing_scopes', missingScopes: ['pages_read_user_content', 'pages_manage_engagement'] },
  ],
  ['that ends in two hours', { expiresAt: inHours(2) }, { refused: 'short_lived' }],
])('one %s is refused, and what is wrong is named', async (_name, facts, expected) => {
  sim.describeToken(pageId, facts)

  expect(await find(pageToken)).toMatchObject(expected)
})

it('one that lives for sixty days is taken', async () => {
  sim.describeToken(pageId, { expiresAt: inHours(60 * 24) })

  expect(await find(pageToken)).toMatchObject({ token: pageToken })
})

it('an outage is no verdict about the token', async () => {
  sim.addUser({ id: '10', name: 'Dân hỏi', token: 'SOMEBODY', pageIds: [pageId] })
  sim.fail({ match: { path: new RegExp(`^/${pageId}$`) }, how: how.answer(502, '<html>') })

  await expect(find('SOMEBODY')).rejects.toMatchObject({ code: 'channel', advice: { do: 'go_on' } })
})
