import { z } from 'zod'

/** A JSON object whose inside belongs to somebody else, such as a platform's reply address. */
export const JsonObject = z.record(z.string(), z.json())
export type JsonObject = z.infer<typeof JsonObject>

/** What these bytes say as JSON; undefined where they say none, such as a page of HTML from something in between. */
export function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
