import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Env } from '../config/env.ts'
import { configurationPage } from './configuration-page.ts'
import { databaseTypes } from './database-types.ts'

interface Generated {
  readonly path: string
  make(): Promise<string>
}

const files: readonly Generated[] = [
  { path: 'src/db/schema.generated.ts', make: databaseTypes },
  { path: 'docs/configuration.md', make: async () => configurationPage(Env) },
]

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const root = new URL('../', import.meta.url)
const stale: string[] = []
for (const { path, make } of files) {
  const wanted = await make()
  const file = new URL(path, root)
  if (wanted === (await readFile(file, 'utf8').catch(() => null))) continue
  stale.push(path)
  if (!values.check) await writeFile(file, wanted)
}
for (const path of stale) console.log(values.check ? `${path} is stale: run "npm run generate"` : `${path} written`)
if (values.check && stale.length > 0) process.exitCode = 1
