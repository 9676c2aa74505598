import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Listener } from '../../../bots/listener.ts'
import { FileId, newId } from '../../../src/lib/ids.ts'
import type { OutboundMessage } from '../../../src/outbox/outbound.ts'
import {
  NotSentError,
  OutcomeUnknownError,
  type Picture,
  type Publisher,
  RejectedError,
} from '../../../src/outbox/publisher.ts'
import { png } from '../../files/pictures.ts'
import { until } from '../../support/until.ts'
import { type MemorySink, newStage, outbound, type Stage } from './stage.ts'

const picture: Picture = { data: png(320, 240), name: 'anh-1.png', width: 320, height: 240 }
const fileId = newId(FileId, new Date())
const send = '/api/group/photo_original/send'

let stage: Stage
let sink: MemorySink
let publisher: Publisher
let listener: Listener
beforeEach(async () => {
  stage = await newStage()
  ;({ sink, publisher, listener } = await stage.open())
  stage.pictures.set(fileId, picture)
})
afterEach(() => stage.close())

function withPicture(): OutboundMessage {
  const address = { type: 'group', groupId: stage.sim.groupIdFor(stage.groupId, stage.uid) }
  return { ...outbound(address, 'DH-7KM-3QP · ảnh 1'), kind: 'file', audience: 'officer', fileId }
}

function posted(): string[] {
  return stage.sim.conversation({ group: stage.groupId }).map(({ msgType, text }) => `${msgType}: ${text}`)
}

/** Another program with the account; where Zalo keeps silent it gives up soon, elsewhere it has all the time there is. */
async function openFor(fault: string): Promise<Publisher> {
  await listener.stop()
  const { publisher } = await stage.open({ waits: fault.endsWith('hang') ? { callTimeoutMs: 1_000 } : {} })
  return publisher
}

async function failure(sending: Promise<unknown>): Promise<unknown> {
  return sending.then(
    () => 'sent',
    (error: unknown) => error,
  )
}

describe('a picture', () => {
  it('stands in the chat with its text, in one message, and comes back as an echo', async () => {
    const { messageId } = await publisher.send(withPicture())

    const [seen] = stage.sim.conversation({ group: stage.groupId })
    expect(seen).toMatchObject({ msgId: messageId, msgType: 'chat.photo', text: 'DH-7KM-3QP · ảnh 1' })
    expect(seen?.content).toMatchObject({ params: expect.stringContaining('"width":320,"height":240') })
    const bytes = await fetch(String(seen?.content?.href)).then((answer) => answer.arrayBuffer())
    expect(Buffer.from(bytes)).toEqual(picture.data)
    await until(() => sink.events.some((event) => event.kind === 'echo' && event.messageId === messageId))
    expect(posted()).toEqual(['chat.photo: DH-7KM-3QP · ảnh 1'])
  })

  it('goes to one person as well', async () => {
    const address = { type: 'user', uid: stage.sim.uidOf(stage.lan, stage.uid) }

    const { messageId } = await publisher.send({ ...withPicture(), address })

    expect(stage.sim.conversation({ account: stage.uid, person: stage.lan }).at(-1)).toMatchObject({
      msgId: messageId,
      msgType: 'chat.photo',
    })
  })

  it('of several megabytes goes out in parts', async () => {
    const data = Buffer.concat([picture.data, Buffer.alloc(7_000_000)])
    stage.pictures.set(fileId, { ...picture, data })

    await publisher.send(withPicture())

    const [seen] = stage.sim.conversation({ group: stage.groupId })
    const bytes = await fetch(String(seen?.content?.href)).then((answer) => answer.arrayBuffer())
    expect(Buffer.from(bytes).equals(data)).toBe(true)
  })

  it('that is not there any more is refused for good, and nothing is said in its place', async () => {
    stage.pictures.clear()

    const error = await failure(publisher.send(withPicture()))

    expect(error).toBeInstanceOf(RejectedError)
    expect(error).toMatchObject({ platformCode: 'no_picture', answered: false })
    expect(posted()).toEqual([])
  })
})

describe('until it is posted nobody has seen it', () => {
  it.each([
    ['no answer', { do: 'hang' }],
    ['a reset', { do: 'reset' }],
    ['an error of the server', { do: 'http', status: 500 }],
    ['a code that nobody knows', { do: 'code', code: 7777 }],
  ] as const)('%s to the upload is not sent', async (_what, fault) => {
    stage.sim.failCalls({ call: '/api/group/photo_original/upload', ...fault })
    publisher = await openFor(fault.do)

    const error = await failure(publisher.send(withPicture()))

    expect(error).toBeInstanceOf(NotSentError)
    expect(posted()).toEqual([])
  })

  it('an upload that is refused for good is refused for good', async () => {
    stage.sim.failCalls({ call: '/api/group/photo_original/upload', do: 'code', code: 114 })

    expect(await failure(publisher.send(withPicture()))).toBeInstanceOf(RejectedError)
  })
})

describe('once it may be posted nobody knows', () => {
  it.each([
    ['no answer after posting', { do: 'posted-hang' }, 1],
    ['a reset after posting', { do: 'posted-reset' }, 1],
    ['an error after posting', { do: 'posted-500' }, 1],
    ['no answer without posting', { do: 'hang' }, 0],
  ] as const)('%s is unknown', async (_what, fault, count) => {
    stage.sim.failCalls({ call: send, ...fault })
    publisher = await openFor(fault.do)

    const error = await failure(publisher.send(withPicture()))

    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(posted()).toHaveLength(count)
  })

  it('a clear refusal is none', async () => {
    stage.sim.failCalls({ call: send, do: 'code', code: 221 })

    const error = await failure(publisher.send(withPicture()))

    expect(error).toBeInstanceOf(NotSentError)
    expect(error).toMatchObject({ platformCode: '221', advice: { do: 'wait' } })
  })
})
