import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'

const Fixture = z.object({
  what: z.string(),
  headers: z.record(z.string(), z.string()),
  secrets: z.object({ app_id: z.string(), oa_secret_key: z.string() }),
  raw: z.string(),
  body: z.record(z.string(), z.unknown()),
  expect: z.looseObject({ verified: z.boolean() }),
})

const folder = new URL('../../fixtures/zalo-oa/', import.meta.url)

/** Every webhook that was captured, in the order of its file. */
export const fixtures = readdirSync(folder)
  .filter((name) => /^(0\d|10)-/.test(name))
  .sort()
  .map((file) => ({
    name: file.slice(0, -5),
    ...Fixture.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
  }))

export type OaFixture = (typeof fixtures)[number]

export function fixture(name: string): OaFixture {
  const found = fixtures.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no fixture ${name}.json`)
  return found
}
