import { z } from 'zod'

/** A JSON object whose inside belongs to somebody else, such as a platform's reply address. */
export const JsonObject = z.record(z.string(), z.json())
export type JsonObject = z.infer<typeof JsonObject>
