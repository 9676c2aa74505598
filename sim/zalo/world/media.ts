import { randomUUID } from 'node:crypto'
import type { World } from './world.ts'

// One grey pixel: enough to be a picture.
const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNsaGj4DwAFhQKA5Y6GkQAAAABJRU5ErkJggg=='

/** Keeps bytes and returns the address they can be fetched from. */
export function keepMedia(world: World, type: string, base64: string = onePixel): string {
  const id = randomUUID()
  world.data.media.set(id, { type, base64 })
  return `${world.url}/_sim/media/${id}`
}

/** The content of a picture's message; `params` is a JSON string on the wire. */
export function photoContent(
  title: string,
  href: string,
  thumb: string,
  hd: string,
  width: number,
  height: number,
): Record<string, unknown> {
  const params = JSON.stringify({ width, height, hd })
  return { title, description: '', href, thumb, childnumber: 0, action: '', params, type: '' }
}

/** The content of a file's message. */
export function fileContent(title: string, href: string, size: number, checksum: string): Record<string, unknown> {
  const fileExt = title.includes('.') ? title.slice(title.lastIndexOf('.') + 1) : ''
  const params = JSON.stringify({ fileSize: String(size), checksum, checksumSha: '', fileExt, fdata: '{}', fType: 1 })
  return { title, description: '', href, thumb: '', childnumber: 0, action: '', params, type: '' }
}
