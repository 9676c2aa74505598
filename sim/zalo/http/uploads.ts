import * as z from 'zod'
import { digits } from '../world/ids.ts'
import { fileContent, keepMedia, photoContent } from '../world/media.ts'
import { post } from '../world/post.ts'
import type { Attachment } from '../world/types.ts'
import { nextMsgId, type World } from '../world/world.ts'
import type { Call, Route } from './api.ts'
import { Refusal } from './envelope.ts'
import { parsed, refuseWhereLocked, threadOf } from './messages.ts'

const Id = z.union([z.string(), z.number()]).transform(String)
const Chunk = z.object({ totalChunk: z.number(), chunkId: z.number(), fileName: z.string(), clientId: Id })
const PhotoMessage = z.object({
  photoId: Id,
  clientId: Id,
  desc: z.string().default(''),
  rawUrl: z.string(),
  hdUrl: z.string(),
  thumbUrl: z.string(),
  width: z.number().default(0),
  height: z.number().default(0),
})
const FileMessage = z.object({
  fileId: Id,
  clientId: Id,
  fileName: z.string(),
  fileUrl: z.string(),
  totalSize: z.number(),
  checksum: z.string().default(''),
})

const chunks = new WeakMap<World, Map<string, Map<number, Buffer>>>()
const announced = new WeakMap<World, Set<string>>()
// The library waits for the announcement only from the moment it has read the upload's answer, and nothing repeats it
// for a client that was slower than that; so it is repeated until the file is used.
const announceAfterMs = [60, 600, 3000]

export const uploadRoutes: Record<string, Route> = {
  'POST file/api/group/photo_original/upload': uploadPhoto,
  'POST file/api/message/photo_original/upload': uploadPhoto,
  'POST file/api/group/asyncfile/upload': uploadFile,
  'POST file/api/message/asyncfile/upload': uploadFile,
  'POST file/api/group/photo_original/send': sendPhoto,
  'POST file/api/message/photo_original/send': sendPhoto,
  'POST file/api/group/asyncfile/msg': sendFile,
  'POST file/api/message/asyncfile/msg': sendFile,
}

function uploadPhoto(world: World, call: Call): unknown {
  const upload = gather(world, call)
  if (!upload.whole) return { photoId: '-1', finished: 0, chunkId: upload.chunkId, clientFileId: upload.clientId }
  const url = keepMedia(world, 'image/png', upload.whole.toString('base64'))
  const { chunkId, clientId: clientFileId } = upload
  return { photoId: nextMsgId(world), normalUrl: url, hdUrl: url, thumbUrl: url, finished: 1, chunkId, clientFileId }
}

function uploadFile(world: World, call: Call): unknown {
  const upload = gather(world, call)
  const { chunkId, clientId: clientFileId } = upload
  if (!upload.whole) return { fileId: '-1', finished: 0, chunkId, clientFileId }
  const fileId = digits(`file ${nextMsgId(world)}`)
  const url = keepMedia(world, 'application/octet-stream', upload.whole.toString('base64'))
  const waiting = announced.get(world) ?? new Set<string>()
  announced.set(world, waiting.add(fileId))
  const content = { act_type: 'file_done', act: 'file_done', fileId, data: { url } }
  call.afterwards(() => {
    for (const ms of announceAfterMs) {
      setTimeout(() => waiting.has(fileId) && world.line.control(call.account, content), ms).unref()
    }
  })
  return { fileId, finished: 1, chunkId, clientFileId }
}

function sendPhoto(world: World, call: Call): unknown {
  const { clientId, desc, rawUrl, thumbUrl, hdUrl, width, height } = parsed(PhotoMessage, call.params)
  const content = photoContent(desc, rawUrl, thumbUrl, hdUrl, width, height)
  return postAttachment(world, call, clientId, desc, { msgType: 'chat.photo', content })
}

function sendFile(world: World, call: Call): unknown {
  const { fileId, clientId, fileName, fileUrl, totalSize, checksum } = parsed(FileMessage, call.params)
  announced.get(world)?.delete(fileId)
  const content = fileContent(fileName, fileUrl, totalSize, checksum)
  return postAttachment(world, call, clientId, '', { msgType: 'share.file', content })
}

function postAttachment(world: World, call: Call, cliMsgId: string, text: string, attachment: Attachment): unknown {
  const thread = threadOf(world, call)
  refuseWhereLocked(world, call, thread)
  const { account } = call
  const posted = post(world, { account, thread, text, cliMsgId, quote: null, mentions: [], attachment, via: 'api' })
  return { msgId: Number(posted.id) }
}

function gather(world: World, call: Call): { chunkId: number; clientId: string; whole: Buffer | null } {
  threadOf(world, call)
  const { totalChunk, chunkId, clientId } = parsed(Chunk, call.params)
  const all = chunks.get(world) ?? new Map<string, Map<number, Buffer>>()
  chunks.set(world, all)
  const key = `${call.account} ${clientId}`
  const got = all.get(key) ?? new Map<number, Buffer>()
  all.set(key, got.set(chunkId, partOf(call)))
  if (got.size < totalChunk) return { chunkId, clientId, whole: null }
  all.delete(key)
  const inOrder = [...got].sort(([a], [b]) => a - b).map(([, bytes]) => bytes)
  return { chunkId, clientId, whole: Buffer.concat(inOrder) }
}

// One part per request, so its content lies between the first blank line and the closing boundary.
function partOf({ body, contentType }: Call): Buffer {
  const [, boundary] = /boundary=(.+)$/.exec(contentType) ?? []
  const start = body.indexOf('\r\n\r\n')
  const end = boundary ? body.lastIndexOf(`\r\n--${boundary}`) : -1
  if (start < 0 || end < start) throw new Refusal(114)
  return body.subarray(start + 4, end)
}
