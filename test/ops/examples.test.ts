import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { importCommand } from '../../src/cli/import.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { collectSetup } from '../../src/setup/collect.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const file = fileURLToPath(new URL('../../config/examples/units.example.yaml', import.meta.url))
const keyRing = parseKeyRing(Buffer.alloc(32, 1).toString('base64'))

it('the example is accepted without changing anything', async () => {
  const out: string[] = []
  const write = (text: string): void => void out.push(text)
  const code = await importCommand([file, '--dry-run'], {
    stdin: (async function* () {})(),
    stdout: { write },
    stderr: { write },
  })

  expect({ code, out: out.join('') }).toEqual({
    code: 0,
    out: 'the file is sound: 6 units, 5 officers, 3 accounts, 4 rules; nothing was changed\n',
  })
})

it('imported twice it stands there once, as it was written', async () => {
  const example = readSetup(readFileSync(file, 'utf8'))
  await applySetup(db, keyRing, example, new Date('2026-11-24T02:00:00Z'))
  await applySetup(db, keyRing, example, new Date('2026-11-24T03:00:00Z'))

  const { units, officers, accounts, rules } = await collectSetup(db)

  expect(units.map(({ code }) => code)).toEqual(example.units.map(({ code }) => code).toSorted())
  expect(officers).toHaveLength(example.officers.length)
  expect(accounts.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
    example.accounts.toSorted((a, b) => a.id.localeCompare(b.id)),
  )
  expect(rules).toEqual(example.rules)
})
