import { z } from 'zod'
import type { Core } from '../core.ts'
import type { GraphCall, GraphResult } from './call.ts'
import { refuse } from './refusal.ts'

const Source = z.object({ type: z.string(), base64: z.string().min(1) })
const AttachedMedia = z.array(z.object({ media_fbid: z.string() }))
const maxPhotoBytes = 10 * 1024 * 1024

/** Keeps the uploaded picture of a call; null when it has none. */
export function uploadedPhoto(core: Core, call: GraphCall, pageId: string): string | null {
  const source = Source.safeParse(call.params.source)
  if (!source.success) return null
  const { type, base64 } = source.data
  if (!/^image\/(jpeg|png|gif|webp)$/u.test(type) || Buffer.from(base64, 'base64').length > maxPhotoBytes)
    throw refuse(324, 2069019, '(#324) Missing or invalid image file')
  const id = core.world.ids.photo()
  core.world.photos.set(id, { pageId, type, base64 })
  return id
}

/** An upload that nobody sees yet: its id is used by what shows it. */
export function unpublished(id: string): GraphResult {
  return { body: { id }, created: [] }
}

/** The address of the uploaded picture of that Page; what was never uploaded is refused. */
export function photoAddress(core: Core, call: GraphCall, pageId: string, id: string): string {
  if (core.world.photos.get(id)?.pageId !== pageId) throw refuse(100, undefined, '(#100) Invalid photo id')
  return `${call.origin}/_sim/photo?id=${id}`
}

/** The picture that a post shows; null: none. */
export function attachedPhoto(core: Core, call: GraphCall, pageId: string): string | null {
  const { attached_media: media } = call.params
  const [first] = AttachedMedia.safeParse(typeof media === 'string' ? JSON.parse(media) : media).data ?? []
  return first === undefined ? null : photoAddress(core, call, pageId, first.media_fbid)
}
