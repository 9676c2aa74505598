import pg from 'pg'
import { expect, inject, it, onTestFinished } from 'vitest'
import { checkServer, type ServerFacts, whyNot } from '../../src/db/check-server.ts'
import { testDatabase } from '../support/database.ts'

const { pool } = await testDatabase()

const good: ServerFacts = {
  versionNumber: 180_004,
  version: '18.4',
  encoding: 'UTF8',
  database: 'danhoi',
  isStandby: false,
  mayCreate: true,
  lower: 'đường',
}

it('a database like the embedded one can be used', async () => {
  await expect(checkServer(pool)).resolves.toBeUndefined()
})

it.each([
  [
    'a version that is too old',
    { versionNumber: 140_012, version: '14.12' },
    'PostgreSQL is 14.12; version 15 or later',
  ],
  ['another encoding', { encoding: 'LATIN1', lower: null }, 'has the encoding LATIN1; Vietnamese needs UTF8'],
  ['a locale without Vietnamese letters', { lower: 'ĐƯỜng' }, `lower('ĐƯỜNG') gives "ĐƯỜng"`],
  ['a standby', { isStandby: true }, 'standby that accepts no writes'],
  ['a user without rights', { mayCreate: false }, 'may not create schemas'],
])('%s is said in words', (_name, facts, sentence) => {
  expect(whyNot({ ...good, ...facts })).toContain(sentence)
})

it.each([
  ['SQL_ASCII', `encoding 'SQL_ASCII' locale 'C' locale_provider libc`, 'has the encoding SQL_ASCII'],
  ['plain C', `encoding 'UTF8' locale 'C' locale_provider libc`, 'does not know Vietnamese letters'],
])('a real database made with %s is refused', async (name, how, sentence) => {
  const database = `danhoi_test_${name.toLowerCase().replaceAll(/\W/g, '_')}_${process.pid}`
  const server = new pg.Client(inject('testServer'))
  await server.connect()
  await server.query(`create database ${database} ${how} template template0`)
  onTestFinished(async () => {
    await server.query(`drop database ${database} with (force)`)
    await server.end()
  })
  const client = new pg.Client({ ...inject('testServer'), database })
  await client.connect()

  await expect(checkServer(client)).rejects.toThrow(sentence)
  await client.end()
})
