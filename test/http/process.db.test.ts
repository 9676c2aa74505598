import { createHmac } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { simulatedApp } from '../../sim/town.ts'
import { type Child, spawnChild } from '../support/child.ts'
import { testDatabase } from '../support/database.ts'
import { databaseUrl } from '../support/database-url.ts'
import { secretKey } from '../support/town-database.ts'

const { connection } = await testDatabase()
const tellSdk = { NODE_OPTIONS: `--import=${new URL('programs/tell-sdk.ts', import.meta.url).href}` }

const nobody = 'http://127.0.0.1:9' // the door calls no platform

const loadsOfTheSdk = (child: Child): string[] =>
  child.lastLines().filter((line) => line.startsWith("loads Facebook's SDK"))

it("the process of the webhooks takes in a comment without loading Facebook's SDK", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'danhoi-door-'))
  await chmod(folder, 0o755)
  onTestFinished(() => rm(folder, { recursive: true }))
  const door = spawnChild({
    ...tellSdk,
    ROLES: 'http',
    SIMULATORS: 'allow',
    FACEBOOK_GRAPH_URL: nobody,
    ZALO_SIM_URL: nobody,
    PORT: '0',
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl(connection),
    SECRET_KEY: secretKey,
    FACEBOOK_APP_ID: simulatedApp.appId,
    FACEBOOK_APP_SECRET: simulatedApp.appSecret,
    FACEBOOK_VERIFY_TOKEN: simulatedApp.verifyToken,
  })
  onTestFinished(async () => void (await door.kill()))
  expect(await door.started, door.lastLines().join('\n')).toBe(true)

  const body = '{"object":"page","entry":[{"id":"1","changes":[{"field":"feed","value":{"item":"comment"}}]}]}'
  const signature = createHmac('sha256', simulatedApp.appSecret).update(body).digest('hex')
  const headers = { 'x-hub-signature-256': `sha256=${signature}`, 'content-type': 'application/json' }
  const answer = await fetch(`${urlOf(door)}/webhooks/facebook`, { method: 'POST', headers, body })
  await answer.text()
  await door.stop()

  expect(answer.status).toBe(200)
  expect(loadsOfTheSdk(door)).toEqual([])
}, 60_000)

it("a program that loads Facebook's SDK is noticed", async () => {
  const graph = spawnChild(tellSdk, { program: 'bots/facebook/graph.ts' })
  onTestFinished(async () => void (await graph.kill()))
  await graph.ended

  expect(loadsOfTheSdk(graph)).not.toEqual([])
}, 60_000)

function urlOf(door: Child): string {
  const url = door
    .lastLines()
    .map((line) => /"url":"([^"]+)"/.exec(line)?.[1])
    .find((found) => found !== undefined)
  if (url === undefined) throw new Error('the program did not say where it listens')
  return url
}
