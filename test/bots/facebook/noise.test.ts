import { expect, it } from 'vitest'
import { describe as describePayload } from '../../../bots/facebook/describe.ts'
import { noiseOnly } from '../../../bots/facebook/noise.ts'
import { comment, entry, message, pageId } from './build.ts'
import { fixtures } from './fixtures.ts'

const reaction = { field: 'feed', value: { item: 'reaction', verb: 'add', reaction_type: 'love' } }
const like = { field: 'feed', value: { item: 'like', verb: 'add', user_id: 2 ** 60 } }
const receipt = { sender: { id: '24' }, recipient: { id: pageId }, timestamp: 1, read: { watermark: 1 } }

it('reactions, likes and receipts are counted by Page and reason', () => {
  const body = {
    object: 'page',
    entry: [
      { id: pageId, changes: [reaction, reaction, like] },
      { id: '777', messaging: [receipt] },
      { id: '777', changes: [reaction] },
    ],
  }

  expect(noiseOnly(body)).toEqual([
    { pageId, reason: 'item:reaction', count: 2 },
    { pageId, reason: 'item:like', count: 1 },
    { pageId: '777', reason: 'read', count: 1 },
    { pageId: '777', reason: 'item:reaction', count: 1 },
  ])
})

it.each([
  ['a comment among reactions', entry({ changes: [reaction, comment({})] })],
  ['a message beside reactions', entry({ changes: [reaction], messaging: [message({})] })],
  ['a conversation another app owns', entry({ changes: [reaction], standby: [receipt] })],
  ['a receipt that carries a message too', entry({ messaging: [{ ...message({}), read: {} }] })],
  ['a broken item', entry({ changes: [reaction, null] })],
  ['a list that is none', entry({ changes: [reaction], messaging: 'x' })],
  ['a reaction of another field', entry({ changes: [{ ...reaction, field: 'mention' }] })],
  ['nothing at all', { object: 'page', entry: [] }],
  ['another object', { object: 'instagram', entry: [{ id: pageId, changes: [reaction] }] }],
  ['not an object', null],
])('%s is kept', (_title, body) => {
  expect(noiseOnly(body)).toBeNull()
})

it.each(fixtures.map((one) => [one.name, one] as const))(
  '%s: what is dropped at the door would have been ignored for the same reasons',
  (_name, { body }) => {
    const counts = noiseOnly(body)
    if (counts === null) return

    const reasons = describePayload(body, { appIds: [], pageIds: [] }).map(({ kind, reason }) => `${kind} ${reason}`)
    expect(counts.flatMap(({ reason, count }) => Array(count).fill(`ignored ${reason}`)).sort()).toEqual(reasons.sort())
  },
)
