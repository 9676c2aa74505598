import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { how } from '../../sim/facebook/how.ts'
import { type FileServer, openFileServer } from '../files/file-server.ts'
import { mp4, png } from '../files/pictures.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { facebook, zalo, town } = office
const photo = png(320, 240)
let cdn: FileServer
beforeAll(async () => {
  cdn = await openFileServer({
    '/photo.jpg': photo,
    '/other.jpg': png(200, 100),
    '/video.mp4': mp4,
    '/page.jpg': Buffer.from('<!DOCTYPE html>'),
    '/busy.jpg': (_request, response) => {
      const times = cdn.asked.filter(({ path }) => path === '/busy.jpg').length
      if (times < 3) response.writeHead(503).end()
      else response.writeHead(200).end(photo)
    },
  })
})
afterAll(async () => {
  await office.stop()
  await cdn.close()
})

const officersChat = { group: town.zalo.officersGroup }
const desk = { account: town.zalo.uid, person: town.zalo.deskOfficer.person }
const resident = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }

type Thread = Parameters<typeof zalo.conversation>[0]

const read = (chat: Thread) => zalo.conversation(chat)
const pictures = (chat: Thread) => read(chat).filter(({ msgType }) => msgType === 'chat.photo')

function comment(text: string, more: Partial<Parameters<typeof facebook.comment>[0]> = {}): string {
  return facebook.comment({ pageId: town.pageId, postId: town.postId, author: resident, text, ...more })
}

function found(chat: Thread, words: string, more = ''): Promise<ReturnType<typeof read>[number]> {
  return until(() => read(chat).find(({ text }) => text.includes(words) && text.includes(more)), {
    what: `“${words}” is in the chat`,
  })
}

const codeIn = (text: string): string => /DH-\w{3}-\w{3}/.exec(text)?.[0] ?? ''

function fileRow(code: string) {
  return office.app.db
    .selectFrom('files')
    .innerJoin('cases', 'cases.id', 'files.caseId')
    .selectAll('files')
    .where('cases.code', '=', code)
    .executeTakeFirstOrThrow()
}

async function eventOf(messageId: string) {
  return office.app.db.selectFrom('events').selectAll().where('messageId', '=', messageId).executeTakeFirstOrThrow()
}

describe('a photo', () => {
  it('under a question follows its card into the officers’ chat, once, and is kept', async () => {
    comment('Cho hỏi đoạn đường này bao giờ sửa?', { photoUrl: `${cdn.url}/photo.jpg` })
    const card = await found(officersChat, 'đoạn đường này')
    const code = codeIn(card.text)

    const shown = await found(officersChat, `${code} · ảnh 1`)

    expect(card.text).toContain('🖼 1 ảnh, gửi ngay sau tin này.')
    const bytes = await fetch(String(shown.content?.href)).then((answer) => answer.arrayBuffer())
    expect(Buffer.from(bytes)).toEqual(photo)
    expect(Number(shown.msgId)).toBeGreaterThan(Number(card.msgId))
    const { sha256 } = await fileRow(code)
    expect(await readFile(join(office.dataDir, 'files', sha256?.slice(0, 2) ?? '', sha256?.slice(2) ?? ''))).toEqual(
      photo,
    )
    await until(async () => (await stateOf(code)) === 'confirmed', { what: 'the picture is confirmed by its echo' })
    expect(pictures(officersChat).filter(({ text }) => text.startsWith(code))).toHaveLength(1)
  })

  it('can be quoted like the card itself', async () => {
    const id = comment('Xin hỏi cột điện nghiêng này ai xử lý?', { photoUrl: `${cdn.url}/other.jpg` })
    const card = await found(officersChat, 'cột điện nghiêng')
    const shown = await found(officersChat, `${codeIn(card.text)} · ảnh 1`)

    zalo.say({ ...officersChat, person: 'hoa', text: 'Điện lực huyện sẽ xử lý trong tuần.', quote: shown.msgId })

    const replies = () =>
      facebook
        .wall(town.pageId)
        .posts.flatMap((post) => post.comments)
        .find((one) => one.id === id)?.replies ?? []
    await until(() => replies().find((reply) => reply.text.includes('Điện lực')), { what: 'the answer is public' })
  })

  it('of an accusation is seen at the desk and nowhere else', async () => {
    comment('Tôi tố cáo ông chủ tịch xã nhận hối lộ, có ảnh kèm theo', { photoUrl: `${cdn.url}/photo.jpg` })
    const card = await found(desk, 'nhận hối lộ')
    const code = codeIn(card.text)

    await found(desk, `${code} · ảnh 1`)

    expect(read(officersChat).filter(({ text }) => text.includes(code))).toEqual([])
  })

  it('without words is a case for a person’s eyes, and the picture comes with it', async () => {
    comment('', { photoUrl: `${cdn.url}/photo.jpg` })
    const own = { account: town.zalo.uid, person: 'hoa' }
    const card = await found(own, 'tin không có chữ')

    await found(own, `${codeIn(card.text)} · ảnh 1`)

    expect(read(officersChat).filter(({ text }) => text.includes(codeIn(card.text)))).toEqual([])
  })

  it('of a restricted case comes to the group only when a person makes the case public', async () => {
    comment('Nhà bác Năm đầu xóm chiều qua', { photoUrl: `${cdn.url}/photo.jpg` })
    const own = { account: town.zalo.uid, person: 'hoa' }
    const card = await found(own, 'Nhà bác Năm đầu xóm')
    const code = codeIn(card.text)
    await found(own, `${code} · ảnh 1`)
    expect(read(officersChat).filter(({ text }) => text.includes(code))).toEqual([])

    zalo.say({ ...own, text: 'công khai', quote: card.msgId })

    await found(officersChat, `${code} · ảnh 1`)
    expect(pictures(own).filter(({ text }) => text.startsWith(code))).toHaveLength(1)
  })

  it('in a residents’ group comes to the officers too', async () => {
    zalo.say({
      group: town.zalo.residentsGroup,
      person: 'lan',
      text: '#hoi Cống này tắc, ai thông giúp ạ?',
      photo: { href: `${cdn.url}/other.jpg` },
    })
    const card = await found(officersChat, 'Cống này tắc')

    await found(officersChat, `${codeIn(card.text)} · ảnh 1`)
  })

  it('of neighbours who talk among themselves is not fetched', async () => {
    const { id } = zalo.say({
      group: town.zalo.residentsGroup,
      person: 'binh',
      text: 'Cháu nhà tôi',
      photo: { href: `${cdn.url}/private.jpg` },
    })

    await until(async () => (await eventOf(id).catch(() => null))?.outcome === 'not_addressed')

    expect(cdn.asked.map(({ path }) => path)).not.toContain('/private.jpg')
  })

  it('added later follows the addition', async () => {
    const first = comment('Cho hỏi bao giờ lắp đèn đường xóm 4?')
    const card = await found(officersChat, 'lắp đèn đường xóm 4')
    const code = codeIn(card.text)

    comment('Chỗ tối đây ạ', { parentCommentId: first, photoUrl: `${cdn.url}/photo.jpg` })

    await found(officersChat, `bổ sung cho ${code}`, '🖼 1 ảnh')
    await found(officersChat, `${code} · ảnh 1`)
  })

  it('that cannot be had at first is fetched later', async () => {
    comment('Cho hỏi thủ tục cấp đổi căn cước?', { photoUrl: `${cdn.url}/busy.jpg` })
    const card = await found(officersChat, 'cấp đổi căn cước')

    await found(officersChat, `${codeIn(card.text)} · ảnh 1`)

    expect(await fileRow(codeIn(card.text))).toMatchObject({ state: 'fetched', tries: 3 })
  })

  it.each([
    ['is a page', '/page.jpg', 'refused'],
    ['has expired', '/expired.jpg', 'gone'],
  ])('that %s is missed aloud', async (_what, path, state) => {
    comment(`Cho hỏi thủ tục xin phép xây dựng? ${path}`, { photoUrl: `${cdn.url}${path}` })
    const card = await found(officersChat, path)
    const code = codeIn(card.text)

    await found(officersChat, `${code} · ảnh 1 không gửi được vào đây, xin xem trên Facebook`)

    expect(await fileRow(code)).toMatchObject({ state })
  })
})

it('a video is named, with the place to see it', async () => {
  facebook.message({
    pageId: town.pageId,
    psid: '9000000000000007',
    name: 'Võ Thị Mai',
    text: 'Cho hỏi nước thải này ai xử lý?',
    attachments: [{ type: 'video', url: `${cdn.url}/video.mp4` }],
  })

  const card = await found(officersChat, 'nước thải này')

  expect(card.text).toContain('📎 video, xem trong hộp thư của trang Facebook')
  await until(async () => (await fileRow(codeIn(card.text))).state === 'fetched', { what: 'the video is kept' })
})

it('a sticker beside words is a word', async () => {
  facebook.message({
    pageId: town.pageId,
    psid: '9000000000000008',
    name: 'Lê Thị Bưởi',
    text: 'Cho hỏi lịch tiêm chủng tháng này?',
    attachments: [{ type: 'sticker', url: 'https://scontent.xx.fbcdn.net/s.png' }],
  })

  expect((await found(officersChat, 'lịch tiêm chủng')).text).toContain('[nhãn dán]')
})

describe('what the webhook left out is looked up', () => {
  it('author and words of a comment', async () => {
    const id = comment('Cho hỏi giấy khai sinh làm ở đâu?', { omit: ['from', 'message'] })

    const card = await found(officersChat, 'giấy khai sinh làm ở đâu')

    expect(card.text).toContain('Từ: Nguyễn Văn Gia')
    expect(await eventOf(id)).toMatchObject({ authorId: resident.id, outcome: 'opened_case' })
    expect((await eventOf(id)).lookedUpAt).not.toBeNull()
  })

  it('everything of a message of which only the id came', async () => {
    facebook.message({
      pageId: town.pageId,
      psid: '9000000000000009',
      name: 'Trần Văn Sáu',
      text: 'Cho hỏi bao giờ có tiền hỗ trợ hộ nghèo?',
      attachments: [{ type: 'image', url: `${cdn.url}/photo.jpg` }],
      bare: true,
    })

    const card = await found(officersChat, 'tiền hỗ trợ hộ nghèo')

    expect(card.text).toContain('Từ: Trần Văn Sáu')
    await found(officersChat, `${codeIn(card.text)} · ảnh 1`)
  })

  it('our own words are never taken for a question, even where nobody says whose they are', async () => {
    const mark = 'Cần CCCD và tờ khai CT01.\n\nMã: DH-7KM-3QP · 2'
    const byPage = comment('Cảm ơn bà con đã hỏi', {
      author: { id: town.pageId, name: 'Mặt trận' },
      omit: ['from'],
    })
    await until(async () => (await eventOf(byPage).catch(() => null))?.outcome === 'written_outside')
    facebook.fail({ match: { method: 'GET', path: /^\/\d+_\d+$/ }, times: 20, how: how.refuse(190, 463) })
    const marked = comment(mark, { omit: ['from'] })

    await until(async () => (await eventOf(marked).catch(() => null))?.outcome === 'written_outside')
    facebook.heal()
    expect(
      await office.app.db
        .selectFrom('cases')
        .selectAll()
        .where('originEventId', 'in', [(await eventOf(byPage)).id, (await eventOf(marked)).id])
        .execute(),
    ).toEqual([])
  })

  it('and what nobody will say goes on as it is: a person opens it', async () => {
    facebook.fail({ match: { method: 'GET', path: /^\/\d+_\d+$/ }, times: 50, how: how.refuse(10) })
    const id = comment('Bí mật', { omit: ['message'], author: { id: '24000000000000055', name: 'Hồ Thị Tám' } })
    const own = { account: town.zalo.uid, person: 'hoa' }

    const card = await found(own, 'Từ: Hồ Thị Tám')
    facebook.heal()

    expect(card.text).toContain('Chưa lấy được nội dung, xin mở trên Facebook để xem.')
    expect(await eventOf(id)).toMatchObject({ lookUps: 5, outcome: 'opened_case', text: null })
  })
})

async function stateOf(code: string): Promise<string | undefined> {
  const row = await office.app.db
    .selectFrom('outbox')
    .innerJoin('cases', 'cases.id', 'outbox.caseId')
    .select('outbox.state')
    .where('cases.code', '=', code)
    .where('outbox.kind', '=', 'file')
    .executeTakeFirst()
  return row?.state
}
