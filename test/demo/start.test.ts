import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { type DemoRun, runDemo } from './run-demo.ts'

// A start makes a database, on a machine that may be busy with other tests.
const patienceMs = 120_000

describe('npm run demo', { timeout: patienceMs }, () => {
  let cwd: string
  const running: DemoRun[] = []
  const start = (options: Omit<Parameters<typeof runDemo>[0], 'cwd'> = {}): DemoRun => {
    const run = runDemo({ cwd, ...options })
    running.push(run)
    return run
  }
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'danhoi-demo-'))
    await chmod(cwd, 0o755) // as root the database runs as another user, who has to pass
    // Neither of these may be looked at: the demo is its own configuration.
    await writeFile(join(cwd, '.env'), 'PORT=1\nHOST=192.0.2.1\nDATABASE_URL=postgres://192.0.2.1/none\n')
  })
  afterEach(async () => {
    for (const run of running.splice(0)) await run.stop()
  })
  afterAll(() => rm(cwd, { recursive: true }))

  it('prints one address, keeps its data in ./data/demo, and ends in order', async () => {
    const run = start({ env: { FACEBOOK_APP_ID: 'nonsense', SECRET_KEY: 'nonsense', ROLES: 'http' } })
    const address = await run.ready

    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/demo$/)
    expect((await fetch(String(address))).headers.get('content-type')).toContain('text/html')
    const health = async () =>
      (await ask(address, '/health/ready')) as { status: string; parts: Record<string, string> }
    await until(async () => (await health()).parts['zalo 5550000000000000001'] === 'ok', { what: 'Zalo is connected' })
    expect(await health()).toMatchObject({ status: 'ready' })

    expect(await run.stop('SIGINT')).toBe(0)
    expect(run.output).toEqual([`Demo: ${address}`])
    expect(run.errors.filter((line) => line.startsWith('{'))).toEqual([])
    expect(await readdir(join(cwd, 'data', 'demo'))).toEqual(
      expect.arrayContaining(['facebook.json', 'postgres', 'secret.key', 'zalo.json']),
    )
    await expect(fetch(String(address))).rejects.toThrow()
  })

  it('started again it goes on with the same data', async () => {
    const first = start()
    const address = await first.ready
    await comment(address, 'Cho hỏi thủ tục khai sinh?')
    // Both of what follows a question have to be out, or the rest would happen meanwhile.
    const isOut = async (what: string): Promise<boolean> =>
      (await timelines(address)).some(({ steps }) => steps.some(({ kind }) => kind === what))
    for (const what of ['card', 'acknowledged']) await until(() => isOut(what), { what: `the ${what} is out` })
    const before = await timelines(address)
    const bound = await chat(address, 'd:5550000000000000001:hoa')
    await first.stop()

    const again = await start().ready

    expect(await timelines(again)).toEqual(before)
    expect(await chat(again, 'd:5550000000000000001:hoa')).toEqual(bound)
    const wall = await ask(again, '/demo/facebook/wall?pageId=100000000000101')
    expect(JSON.stringify(wall)).toContain('khai sinh')
  })

  it('a second demo on the folder is refused in one sentence, and so is emptying it', async () => {
    const address = await start().ready
    const second = start()
    const emptying = start({ args: ['--reset'] })

    expect(await second.ended).toBe(1)
    expect(await emptying.ended).toBe(1)
    expect(second.errors.at(-1)).toMatch(/^Dân hỏi already runs on DATA_DIR .*data\/demo, as process \d+: /)
    expect(emptying.errors).toEqual([expect.stringMatching(/^Dân hỏi already runs on DATA_DIR /)])
    expect(await timelines(address)).not.toEqual([])
  })

  it('a port in use is named', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const taken = other.address()
    const port = typeof taken === 'object' && taken !== null ? String(taken.port) : ''

    const run = start({ env: { PORT: port } })

    expect(await run.ended).toBe(1)
    expect(run.output).toEqual([])
    expect(run.errors.at(-1)).toBe(`PORT ${port} on 127.0.0.1 is in use by another program: set PORT to a free one`)
    other.close()
  })

  it('a DATA_DIR that is no folder, a PORT that is none and an unknown option are each said in one sentence', async () => {
    await writeFile(join(cwd, 'a-file'), '')
    const noFolder = start({ env: { DATA_DIR: join(cwd, 'a-file') } })
    const noPort = start({ env: { PORT: 'eighty' } })
    const unknown = start({ args: ['--fresh'] })

    expect([await noFolder.ended, await noPort.ended, await unknown.ended]).toEqual([1, 1, 1])
    expect(noFolder.errors).toEqual([expect.stringMatching(/^DATA_DIR .* is not a folder$/)])
    expect(noPort.errors).toEqual([expect.stringMatching(/^PORT is not usable: /)])
    expect(unknown.errors[0]).toContain("'--fresh'")
  })

  it('asked to end while it still starts, it leaves no database behind', async () => {
    const run = start()
    await until(() => run.errors.some((line) => line.startsWith('Preparing')), { timeoutMs: patienceMs / 2 })

    expect(await run.stop()).toBe(0)

    expect(await readdir(join(cwd, 'data', 'demo', 'postgres'))).not.toContain('postmaster.pid')
  })

  it('--reset empties the folder', async () => {
    const address = await start({ args: ['--reset'] }).ready

    expect(await timelines(address)).toEqual([])
    expect(JSON.stringify(await ask(address, '/demo/facebook/wall?pageId=100000000000101'))).not.toContain('khai sinh')
  })

  it('--reset does not touch a folder that no demo has made', async () => {
    const dataDir = await mkdtemp(join(cwd, 'precious-'))
    await chmod(dataDir, 0o755)
    await mkdir(join(dataDir, 'demo'))
    await writeFile(join(dataDir, 'demo', 'thesis.txt'), 'years of work')

    const run = start({ args: ['--reset'], env: { DATA_DIR: dataDir } })

    expect(await run.ended).toBe(1)
    expect(run.errors.at(-1)).toContain('is not emptied')
    expect(await readdir(join(dataDir, 'demo'))).toEqual(['thesis.txt'])
  })

  it('of the simulators only what a visitor needs can be reached', async () => {
    const address = await start().ready
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
    const status = async (path: string, init?: RequestInit): Promise<number> =>
      (await fetch(new URL(path, String(address)), init)).status

    expect(await status('/demo/facebook/page')).toBe(200)
    expect(await status('/demo/zalo/phone?person=hoa')).toBe(200)
    for (const path of ['facebook/setWebhook', 'facebook/fail', 'facebook/officerRepliesInApp', 'zalo/killSessions'])
      expect(await status(`/demo/${path}`, post), path).toBe(404)
    for (const path of ['facebook/log', 'zalo/log', 'facebook/%2e%2e/v24.0/me', 'zalo/page/..%2f..%2fsim.ts', 'zalo/'])
      expect([400, 404], path).toContain(await status(`/demo/${path}`))
  })
})

interface Seen {
  readonly steps: readonly { readonly kind: string }[]
}

async function timelines(address: string | null): Promise<Seen[]> {
  return (await ask(address, '/demo/api/timeline')) as Seen[]
}

async function chat(address: string | null, thread: string): Promise<unknown> {
  return ask(address, `/demo/zalo/conversation?${new URLSearchParams({ thread })}`)
}

async function comment(address: string | null, text: string): Promise<void> {
  const { posts } = (await ask(address, '/demo/facebook/wall?pageId=100000000000101')) as { posts: { id: string }[] }
  const author = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }
  const body = JSON.stringify({ pageId: '100000000000101', postId: posts[0]?.id, author, text })
  const response = await fetch(new URL('/demo/facebook/comment', String(address)), { method: 'POST', body })
  expect(response.status).toBe(200)
}

async function ask(address: string | null, path: string): Promise<unknown> {
  return (await fetch(new URL(path, String(address)))).json()
}
