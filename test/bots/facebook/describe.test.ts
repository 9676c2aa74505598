import { expect, it } from 'vitest'
import { describe as describePayload } from '../../../bots/facebook/describe.ts'
import { comment, entry, message, pageId } from './build.ts'
import { fixtures } from './fixtures.ts'

it.each(fixtures.map((one) => [`${one.name}: ${one.what}`, one] as const))(
  '%s',
  (_title, { body, context, expect: told }) => {
    const described = describePayload(body, { appIds: [context.appId], pageIds: context.pageIds })

    expect(described).toEqual(told.events)
  },
)

const anyone = { appIds: [], pageIds: [] }

it.each([
  ['a reply names its parent', { parent_id: '122_1500' }, true, '122_1500'],
  ['a top-level comment names its post', { parent_id: `${pageId}_122` }, false, '122_1501'],
  ['on a photo post the album stands in front', { parent_id: '39000_122' }, false, '122_1501'],
  ['a reply on a photo post', { post_id: `${pageId}_122`, parent_id: '122_1500' }, true, '122_1500'],
  ['no parent at all', {}, false, '122_1501'],
  ['the post is left out', { post_id: undefined, parent_id: '39000_122' }, false, '122_1501'],
])('%s', (_title, fields, isReply, replyTo) => {
  const [described] = describePayload(entry({ changes: [comment(fields)] }), anyone)

  expect(described).toMatchObject({ kind: 'comment', isReply, replyTo })
})

it.each([
  ['add', {}, 'comment'],
  ['edit', {}, 'comment_edit'],
  ['edited', {}, 'comment_edit'],
  ['remove', {}, 'comment_remove'],
  ['delete', {}, 'comment_remove'],
  ['hide', {}, 'ignored'],
  ['unhide', {}, 'ignored'],
  ['follow', {}, 'ignored'],
  ['remove', { from: { id: pageId } }, 'comment_remove'],
  ['add', { from: { id: pageId } }, 'ignored'],
  ['add', { from: { id: '100000000000999', name: 'Trang khác' } }, 'comment'],
  ['add', { comment_id: 15e17 }, 'ignored'],
])('comment, verb %s, %j is %s', (verb, fields, kind) => {
  expect(describePayload(entry({ changes: [comment({ verb, ...fields })] }), anyone)).toMatchObject([{ kind }])
})

it.each([
  ['a status of a visitor', { item: 'status', verb: 'add', from: { id: '24' } }, 'visitor_post'],
  ['a photo of a visitor', { item: 'photo', verb: 'add', from: { id: '24' }, link: 'https://x/1.jpg' }, 'visitor_post'],
  ['an edited post of a visitor', { item: 'post', verb: 'edited', from: { id: '24' }, message: 'b' }, 'comment_edit'],
  ['a post moved to trash', { item: 'status', verb: 'edited', from: { id: pageId } }, 'ignored'],
  ['a post deleted for good', { item: 'post', verb: 'remove', from: { id: pageId } }, 'post_remove'],
  ['a post deleted, author withheld', { item: 'post', verb: 'remove' }, 'post_remove'],
  ['a post of the Page', { item: 'status', verb: 'add', from: { id: pageId } }, 'ignored'],
  ['a share', { item: 'share', verb: 'add', from: { id: '24' } }, 'ignored'],
  ['an album', { item: 'album', verb: 'add', from: { id: '24' } }, 'ignored'],
])('%s', (_title, fields, kind) => {
  const change = { field: 'feed', value: { post_id: `${pageId}_122`, ...fields } }

  expect(describePayload(entry({ changes: [change] }), anyone)).toMatchObject([{ kind, postId: `${pageId}_122` }])
})

it('the metadata marks our own Messenger text, whatever type app_id has', () => {
  const echo = { is_echo: true, metadata: 'dhmt:0199', app_id: 263902037430900 }
  const described = describePayload(
    entry({
      messaging: [
        message(echo, 'page'),
        message({ is_echo: true, app_id: 3300000000000001 }, 'page'),
        message({ is_echo: true, app_id: '3300000000000001' }, 'page'),
        message({ is_echo: true, metadata: 'other' }, 'page'),
        message({ is_echo: true }, 'page'),
      ],
    }),
    { appIds: ['3300000000000001'], pageIds: [pageId] },
  )

  expect(described.map(({ kind, own }) => [kind, own])).toEqual([
    ['echo', true],
    ['echo', true],
    ['echo', true],
    ['echo', false],
    ['echo', false],
  ])
})

it.each([
  ['another Page as recipient', { recipient: { id: '999' } }],
  ['an echo of another sender', { message: { mid: 'm', text: 'a', is_echo: true } }],
  ['a hyphenated key', { 'policy-enforcement': { action: 'warning' }, sender: undefined }],
  ['a referral in seconds', { referral: { ref: 'x' }, timestamp: 1793000000, message: undefined }],
])('%s is not guessed at', (_title, fields) => {
  const item = { ...message({}), ...('policy-enforcement' in fields ? { message: undefined } : {}), ...fields }
  const body: unknown = JSON.parse(JSON.stringify(entry({ messaging: [item] })))

  expect(describePayload(body, anyone)).toMatchObject([{ kind: 'ignored', pageId }])
})

it('an unknown kind of attachment does not cost the text', () => {
  const attachments = [
    { type: 'ig_reel', payload: { url: 'https://x/1' } },
    { type: 'location', payload: { coordinates: { lat: 18.67, long: 105.69 } } },
    'broken',
  ]
  const [described] = describePayload(entry({ messaging: [message({ text: 'ở đây', attachments })] }), anyone)

  expect(described).toMatchObject({
    kind: 'message',
    text: 'ở đây',
    attachments: [
      { type: 'ig_reel', url: 'https://x/1' },
      { type: 'location', url: null },
      { type: 'unknown', url: null },
    ],
  })
})

it('a Page that is not ours and the dashboard’s sample are set aside with their ids', () => {
  const item = comment({})
  const body = {
    object: 'page',
    entry: [
      { id: '777', changes: [item] },
      { id: '0', changes: [item] },
      { id: pageId, changes: [item] },
    ],
  }

  expect(describePayload(body, { appIds: [], pageIds: [pageId] })).toMatchObject([
    { kind: 'ignored', reason: 'unknown_page', pageId: '777', commentId: '122_1501', text: null },
    { kind: 'ignored', pageId: '0', commentId: '122_1501' },
    { kind: 'comment', pageId },
  ])
})

it('an entry may carry changes, messaging and standby: their order is kept', () => {
  const both = entry({ messaging: [message({})], changes: [comment({})], standby: [message({})] })

  expect(describePayload(both, anyone).map(({ kind }) => kind)).toEqual(['message', 'comment', 'ignored'])
})

it.each([
  ['no entry list', { object: 'page' }, [null]],
  ['a permissions object', { object: 'permissions', entry: [{ id: '1' }, { id: '2' }] }, [null]],
  ['an entry without items', { object: 'page', entry: [{ id: pageId, time: 1 }] }, []],
  ['a list that is none', { object: 'page', entry: [{ id: pageId, changes: 'x' }] }, [pageId]],
  ['an entry that is no object', { object: 'page', entry: [null, 3] }, [null, null]],
  ['not even an object', 'x', [null]],
])('%s', (_title, body, pageIds) => {
  const described = describePayload(body, anyone)

  expect(described.map(({ pageId: page }) => page)).toEqual(pageIds)
  expect(described.every(({ kind }) => kind === 'ignored')).toBe(true)
})
