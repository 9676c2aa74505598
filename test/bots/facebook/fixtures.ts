import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'

const folder = new URL('../../fixtures/facebook/', import.meta.url)

const Fixture = z.object({
  what: z.string(),
  context: z.object({ appId: z.string(), pageIds: z.array(z.string()) }),
  body: z.unknown(),
  expect: z.object({ events: z.array(z.record(z.string(), z.unknown())) }),
})
export type Fixture = z.infer<typeof Fixture> & { readonly name: string }

/** Captured webhook bodies with what each means, in the order of their numbers. */
export const fixtures: readonly Fixture[] = readdirSync(folder)
  .filter((file) => /^\d\d-/.test(file))
  .sort()
  .map((file) => ({ name: file.replace('.json', ''), ...Fixture.parse(readJson(file)) }))

export function fixture(number: string): Fixture {
  const found = fixtures.find(({ name }) => name.startsWith(`${number}-`))
  if (!found) throw new Error(`there is no fixture ${number}`)
  return found
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
}
