import type { Core } from '../core.ts'
import { type Result, refuse } from './answer.ts'

const MAX_BYTES = 1024 * 1024
const KEPT_MS = 7 * 24 * 3_600_000
const kinds = new Set(['image/jpeg', 'image/png'])

/** `POST /v2.0/oa/upload/image`: a picture that a message may show for seven days. Nobody sees it yet. */
export async function uploadImage(
  { world }: Core,
  oaId: string,
  contentType: string,
  body: Buffer<ArrayBuffer>,
): Promise<Result> {
  const file = await fileIn(contentType, body)
  if (file === null || !kinds.has(file.type)) throw refuse(-201)
  if (file.size === 0 || file.size > MAX_BYTES) throw refuse(-210)
  const id = world.nextId('simulated-upload-')
  world.uploads.set(id, { oaId, until: world.now() + KEPT_MS, bytes: file.size })
  return { body: { data: { attachment_id: id }, error: 0, message: 'Success' }, created: [id] }
}

async function fileIn(contentType: string, body: Buffer<ArrayBuffer>): Promise<File | null> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
    const file = form.get('file')
    return file instanceof File ? file : null
  } catch {
    return null // no form, or a broken one
  }
}
