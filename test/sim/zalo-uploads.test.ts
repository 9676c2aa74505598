import { afterEach, expect, it } from 'vitest'
import type { API } from 'zca-js'
import { until } from '../support/until.ts'
import { connect, type Heard, ThreadType, type Town, town } from './zalo-client.ts'

let here: Town
const open: API[] = []

afterEach(async () => {
  for (const api of open.splice(0)) api.listener.stop()
  await here.sim.stop()
})

async function connected(): Promise<Town & { api: API; heard: Heard; gid: string }> {
  here = await town()
  const client = await connect(here.sim, here.credentials)
  open.push(client.api)
  return { ...here, ...client, gid: here.sim.groupIdFor(here.group, here.bot) }
}

it('a file in several parts is put together, announced, and posted', async () => {
  const { sim, api, heard, group, gid } = await connected()
  const data = Buffer.alloc(1_200_000, 'đơn kiến nghị ')

  const attachment = { data, filename: 'don.pdf' as const, metadata: { totalSize: data.length } }
  await api.sendMessage({ msg: '', attachments: [attachment] }, gid, ThreadType.Group)

  const [seen] = sim.conversation({ group })
  expect(seen).toMatchObject({ msgType: 'share.file', content: { title: 'don.pdf' } })
  const kept = await fetch(String(seen?.content?.href))
  expect(Buffer.from(await kept.arrayBuffer()).equals(data)).toBe(true)
  await until(() => heard.messages.some(({ isSelf, data: echo }) => isSelf && echo.msgType === 'share.file'))
})

it('a picture is posted with its caption, 1:1 too', async () => {
  const { sim, api, bot, lan, group, gid } = await connected()
  const attachment = {
    data: Buffer.from('picture'),
    filename: 'anh.png' as const,
    metadata: { totalSize: 7, width: 4, height: 3 },
  }

  await api.sendMessage({ msg: 'Đã sửa xong', attachments: [attachment] }, gid, ThreadType.Group)
  await api.sendMessage({ msg: 'Ảnh', attachments: [attachment] }, sim.uidOf(lan, bot), ThreadType.User)

  expect(sim.conversation({ group })).toMatchObject([{ msgType: 'chat.photo', text: 'Đã sửa xong' }])
  expect(sim.conversation({ account: bot, person: lan })).toMatchObject([{ msgType: 'chat.photo', text: 'Ảnh' }])
})

it('members come and go with an event, and a removed account can send no more', async () => {
  const { sim, api, heard, bot, group, gid } = await connected()
  const hoa = sim.addPerson({ name: 'Trần Văn Hoà' })

  sim.joinGroup({ group, person: hoa })
  sim.leaveGroup({ group, account: bot })

  await until(() => heard.groupEvents.length === 2)
  // The library deciphers frames side by side, so the second may be heard first.
  expect(heard.groupEvents).toContainEqual({ type: 'join', threadId: gid, isSelf: false })
  expect(heard.groupEvents).toContainEqual({ type: 'remove_member', threadId: gid, isSelf: true })
  await expect(api.sendMessage('a', gid, ThreadType.Group)).rejects.toMatchObject({ code: 114 })
})
