import { beforeEach, describe, expect, it } from 'vitest'
import { setConfidentiality } from '../../src/cases/restrict.ts'
import { type Case, lockCase } from '../../src/cases/store.ts'
import type { ShownLimits } from '../../src/dispatch/attachments.ts'
import { showPictures, showSettled } from '../../src/dispatch/show-files.ts'
import type { Fetched } from '../../src/files/fetch.ts'
import { caseFiles, settleFile, wantedFiles, wantFiles } from '../../src/files/store.ts'
import { findEvent } from '../../src/intake/store.ts'
import type { OutboxId } from '../../src/lib/ids.ts'
import { tellOfTrouble } from '../../src/replies/give-up.ts'
import { addCase, addEvent, addOffice, addRouted, emptyTables, now, type TestOffice } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const limits: ShownLimits = { picturesPerCase: 3, pictureBytes: 1_000_000 }
const sha256 = 'a'.repeat(64)
const fetchedAs = (mediaType: string, bytes = 1_000): Fetched => ({ state: 'fetched', sha256, bytes, mediaType })
const jpeg = fetchedAs('image/jpeg')

let office: TestOffice
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
})

const group = () => ({ accountId: office.zalo, unitId: office.commune, place: { kind: 'group', id: 'g' } }) as const
const alone = (id: string) =>
  ({ accountId: office.zalo, unitId: office.commune, place: { kind: 'direct', id } }) as const

/** A case whose message brought so many attachments of these kinds. */
async function caseWith(kinds: readonly string[], given: Parameters<typeof addCase>[1] = {}): Promise<Case> {
  const attachments = kinds.map((kind, index) => ({ kind, url: `https://a.fbcdn.net/${index}`, name: null }))
  const event = await addEvent(db, office.page, { attachments })
  const about = await addCase(db, { status: 'assigned', ...given, event })
  await db.transaction().execute((tx) => wantFiles(tx, about.id, event, now))
  return about
}

/** All files of the case come to this, one after the other, and are shown as a worker shows them. */
async function settle(about: Case, results: readonly Fetched[]): Promise<void> {
  const wanted = await wantedFiles(db, about.originEventId)
  for (const [index, { file }] of wanted.entries()) {
    const result = results[index]
    if (result === undefined) return
    await db.transaction().execute(async (tx) => {
      const locked = await lockCase(tx, about.id)
      const settled = await settleFile(tx, file.id, result, now)
      if (settled !== null) await showSettled(tx, locked, settled, limits, now)
    })
  }
}

async function queued(about: Case): Promise<[string, string, string][]> {
  const rows = await db
    .selectFrom('outbox')
    .select(['kind', 'placeId', 'text'])
    .where('caseId', '=', about.id)
    .where('kind', '!=', 'card')
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return rows.map(({ kind, placeId, text }) => [kind, placeId, text.replace(about.code, 'DH')])
}

describe('a photo that is fetched', () => {
  it('follows the card into every chat where it stands, as a picture that only officers are sent', async () => {
    const about = await caseWith(['photo'])
    await addRouted(db, about, alone('hoa'))

    await settle(about, [jpeg])

    expect(await queued(about)).toEqual([['file', 'hoa', 'DH · ảnh 1']])
    const row = await db.selectFrom('outbox').selectAll().where('kind', '=', 'file').executeTakeFirstOrThrow()
    expect(row).toMatchObject({ audience: 'officer', ordinal: null, lane: 2, state: 'pending' })
    expect(row.fileId).toBe((await caseFiles(db, about.id))[0]?.id)
  })

  it('before anybody has the case comes with its card', async () => {
    const about = await caseWith(['photo', 'photo'], { status: 'received' })
    await settle(about, [jpeg, jpeg])
    expect(await queued(about)).toEqual([])

    await addRouted(db, about, group())
    await db.transaction().execute(async (tx) => showPictures(tx, await lockCase(tx, about.id), limits, now))

    expect(await queued(about)).toEqual([
      ['file', 'g', 'DH · ảnh 1'],
      ['file', 'g', 'DH · ảnh 2'],
    ])
    const due = await db.selectFrom('outbox').select('dueAt').orderBy('dueAt').execute()
    expect(due.map(({ dueAt }) => dueAt.getTime() - now.getTime())).toEqual([0, 1, 2])
  })

  it('is shown once in a chat, however often the case is routed to it', async () => {
    const about = await caseWith(['photo'])
    await addRouted(db, about, group())
    await settle(about, [jpeg])

    await addRouted(db, about, { ...group(), decidedAt: new Date(now.getTime() + 1_000) })
    await db.transaction().execute(async (tx) => showPictures(tx, await lockCase(tx, about.id), limits, now))

    expect(await queued(about)).toHaveLength(1)
  })

  it('goes where the latest cards stand, and no more where earlier ones did', async () => {
    const about = await caseWith(['photo'])
    await addRouted(db, about, group())
    await addRouted(db, about, { ...alone('quang'), decidedAt: new Date(now.getTime() + 1_000) })

    await settle(about, [jpeg])

    expect(await queued(about)).toEqual([['file', 'quang', 'DH · ảnh 1']])
  })

  it('of a case that was restricted under its card in a group stays away from that group', async () => {
    const about = await caseWith(['photo'])
    await addRouted(db, about, group())
    await db
      .transaction()
      .execute((tx) => setConfidentiality(tx, about.id, 'restricted', { officerId: office.hoa }, now))

    await settle(about, [jpeg])

    expect(await queued(about)).toEqual([
      ['notice', 'g', '📎 DH · ảnh 1 (0,1 MB) không gửi được vào đây, xin xem trên Facebook.'],
    ])
  })

  it('is taken back on its way to a group when its case becomes restricted', async () => {
    const about = await caseWith(['photo'])
    await addRouted(db, about, group())
    await settle(about, [jpeg])

    await db
      .transaction()
      .execute((tx) => setConfidentiality(tx, about.id, 'restricted', { officerId: office.hoa }, now))

    const states = await db.selectFrom('outbox').select('state').where('kind', '=', 'file').execute()
    expect(states).toEqual([{ state: 'cancelled' }])
  })

  it('of a question that was taken back is shown to nobody', async () => {
    const about = await caseWith(['photo'], { status: 'withdrawn' })
    await addRouted(db, about, group())

    await settle(about, [jpeg])

    expect(await queued(about)).toEqual([])
  })
})

describe('what is no picture for a chat', () => {
  it.each<[string, Fetched, string]>([
    ['a photo of a kind that phones do not show', fetchedAs('image/heic'), 'ảnh 1 (0,1 MB)'],
    ['a photo that is a video', fetchedAs('video/mp4'), 'ảnh 1 (0,1 MB)'],
    ['a photo that is too large to be sent on', fetchedAs('image/jpeg', 2_000_000), 'ảnh 1 (2 MB)'],
    [
      'a photo that was too large to be fetched',
      { state: 'refused', reason: 'too_large', bytes: 40_000_000 },
      'ảnh 1 (40 MB)',
    ],
    ['a photo from elsewhere', { state: 'refused', reason: 'host', bytes: null }, 'ảnh 1'],
    ['a photo that is gone', { state: 'gone', reason: 'http_404' }, 'ảnh 1'],
    ['a photo that could not be fetched', { state: 'failed', reason: 'timeout' }, 'ảnh 1'],
  ])('%s is missed aloud, because the card had promised it', async (_what, result, called) => {
    const about = await caseWith(['photo'])
    await addRouted(db, about, group())

    await settle(about, [result])

    expect(await queued(about)).toEqual([
      ['notice', 'g', `📎 DH · ${called} không gửi được vào đây, xin xem trên Facebook.`],
    ])
  })

  it('a video and what else the card has named is not said again', async () => {
    const about = await caseWith(['video', 'file', 'gif', 'voice'])
    await addRouted(db, about, group())

    await settle(about, [
      fetchedAs('video/mp4'),
      fetchedAs('application/pdf'),
      fetchedAs('image/gif'),
      { state: 'gone', reason: 'http_403' },
    ])

    expect(await queued(about)).toEqual([])
  })

  it('more pictures than a case may show are left where they are', async () => {
    const about = await caseWith(['photo', 'photo', 'photo', 'photo', 'photo'])
    await addRouted(db, about, group())

    await settle(about, [jpeg, jpeg, jpeg, jpeg, jpeg])

    expect((await queued(about)).map(([, , text]) => text)).toEqual(['DH · ảnh 1', 'DH · ảnh 2', 'DH · ảnh 3'])
  })

  it.each(['needs_person', 'rejected'] as const)('a picture that is %s is missed aloud as well', async (trouble) => {
    const about = await caseWith(['photo'])
    await addRouted(db, about, group())
    await settle(about, [jpeg])
    const { id } = await db.selectFrom('outbox').select('id').where('kind', '=', 'file').executeTakeFirstOrThrow()

    await db.transaction().execute((tx) => tellOfTrouble(tx, id satisfies OutboxId, trouble, now))

    expect(await queued(about)).toContainEqual([
      'notice',
      'g',
      '📎 DH · ảnh 1 (0,1 MB) không gửi được vào đây, xin xem trên Facebook.',
    ])
  })
})

it('the files of a case are numbered over all its messages, what is no file is left out', async () => {
  const about = await caseWith(['photo', 'sticker', 'link', 'video'])
  const later = await addEvent(db, office.page, {
    attachments: [
      { kind: 'photo', url: null, name: null },
      { kind: 'image', url: 'https://a.fbcdn.net/9', name: null },
    ],
  })
  const event = await findEvent(db, later.id)
  if (event === null) throw new Error('expected the event')

  await db.transaction().execute((tx) => wantFiles(tx, about.id, event, now))

  const files = await caseFiles(db, about.id)
  expect(files.map(({ number, position, kind }) => [number, position, kind])).toEqual([
    [1, 0, 'photo'],
    [2, 3, 'video'],
    [3, 1, 'photo'],
  ])
  expect((await wantedFiles(db, later.id)).map(({ url, platform }) => [url, platform])).toEqual([
    ['https://a.fbcdn.net/9', 'facebook'],
  ])
})
