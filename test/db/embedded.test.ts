import { spawn } from 'node:child_process'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openForCommand, startEmbedded } from '../../src/db/embedded.ts'
import { runningServer } from '../../src/db/embedded-postmaster.ts'
import { RefusedError } from '../../src/lib/errors.ts'
import { until } from '../support/until.ts'
import { kill, query, runStore, silent, spawnProgram, temporaryFolder } from './store.ts'

it('a new folder becomes a durable UTF-8 store that knows Vietnamese letters and listens on a private socket alone', async () => {
  const dataDir = await temporaryFolder()

  const store = await runStore(dataDir)

  expect(
    await query(
      store.connection,
      `select lower('ĐƯỜNG') as lower, current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
              current_setting('synchronous_commit') as commit, current_setting('shared_buffers') as buffers,
              current_setting('listen_addresses') as addresses, current_setting('data_checksums') as checksums`,
    ),
  ).toEqual([
    { lower: 'đường', encoding: 'UTF8', fsync: 'on', commit: 'on', buffers: '64MB', addresses: '', checksums: 'on' },
  ])
  expect(store.adopted).toBe(false)
  expect(store.connection.host).toBe(join(dataDir, 'run'))
  expect((await stat(join(dataDir, 'run'))).mode & 0o777).toBe(0o700)
  expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700)
})

it('a stopped store leaves no server behind and keeps what was written', async () => {
  const dataDir = await temporaryFolder()
  const first = await startEmbedded({ dataDir, log: silent })
  await query(first.connection, 'create table kept as select 7 as n')

  await first.stop()

  expect(await runningServer(join(dataDir, 'postgres'))).toBeNull()
  const second = await runStore(dataDir)
  expect(await query(second.connection, 'select n from kept')).toEqual([{ n: 7 }])
})

it('a second program is refused by name while commands work beside the first', async () => {
  const dataDir = await temporaryFolder()
  const store = await runStore(dataDir)

  const command = await openForCommand({ dataDir, log: silent })
  const second = await startEmbedded({ dataDir, log: silent }).catch((error: unknown) => error)
  await command.close()

  expect(second).toBeInstanceOf(RefusedError)
  expect(String(second)).toContain(`Dân hỏi already runs on DATA_DIR ${dataDir}, as process ${process.pid}`)
  expect(command.connection).toEqual(store.connection)
  expect(await query(store.connection, 'select 1 as one')).toEqual([{ one: 1 }])
})

it('a command starts the server when none runs, and the last command to leave stops it', async () => {
  const dataDir = await temporaryFolder()
  const pgData = join(dataDir, 'postgres')

  const first = await openForCommand({ dataDir, log: silent })
  const second = await openForCommand({ dataDir, log: silent })
  await first.close()
  const between = await runningServer(pgData)
  await second.close()

  expect(between).not.toBeNull()
  expect(await runningServer(pgData)).toBeNull()
})

it('a command that leaves does not stop the server under a program that arrived meanwhile', async () => {
  const dataDir = await temporaryFolder()
  const command = await openForCommand({ dataDir, log: silent })
  const store = await runStore(dataDir)

  await command.close()

  expect(await query(store.connection, 'select 1 as one')).toEqual([{ one: 1 }])
})

it('of two programs that start together on a new folder exactly one runs', async () => {
  const dataDir = await temporaryFolder()

  const both = await Promise.all([spawnProgram(dataDir), spawnProgram(dataDir)])

  const refusals = both.flatMap(({ said }) => ('error' in said ? [said.error] : []))
  expect(refusals).toEqual([expect.stringContaining('Dân hỏi already runs on DATA_DIR')])
})

it('the server of a killed program is taken over with all that was committed', async () => {
  const dataDir = await temporaryFolder()
  const { child, said } = await spawnProgram(dataDir)
  if ('error' in said) throw new Error(said.error)
  await query(said.connection, 'create table kept as select 7 as n')
  child.kill('SIGKILL')
  await until(() => child.signalCode)

  const store = await runStore(dataDir)

  expect({ adopted: store.adopted, pid: store.pid }).toEqual({ adopted: true, pid: said.pid })
  expect(await query(store.connection, 'select n from kept')).toEqual([{ n: 7 }])
  await store.stop()
  expect(await runningServer(join(dataDir, 'postgres'))).toBeNull()
})

it('after a power cut, program and server dead at once, the next start recovers what was committed', async () => {
  const dataDir = await temporaryFolder()
  const { child, said } = await spawnProgram(dataDir)
  if ('error' in said) throw new Error(said.error)
  await query(said.connection, 'create table kept as select 7 as n')
  child.kill('SIGKILL')
  await kill(said.pid, 'SIGKILL')

  const store = await runStore(dataDir)

  expect(store.adopted).toBe(false)
  expect(await query(store.connection, 'select n from kept')).toEqual([{ n: 7 }])
})

it('a stale pid file whose number now belongs to another process does not keep the store from starting', async () => {
  const dataDir = await temporaryFolder()
  const first = await startEmbedded({ dataDir, log: silent })
  await kill(first.pid, 'SIGKILL')
  await first.stop()
  const bystander = spawn('sleep', ['60'], { stdio: 'ignore' })
  onTestFinished(() => void bystander.kill('SIGKILL'))
  const file = join(dataDir, 'postgres', 'postmaster.pid')
  await writeFile(
    file,
    [bystander.pid, join(dataDir, 'postgres'), '0', '5432', join(dataDir, 'run'), '', ''].join('\n'),
  )
  await writeFile(join(dataDir, 'run', '.s.PGSQL.5432.lock'), `${bystander.pid}\n`)

  const store = await runStore(dataDir)

  expect(store.adopted).toBe(false)
  expect(bystander.exitCode).toBeNull()
})

it('a server that dies under the running program is brought back at the same place', async () => {
  const dataDir = await temporaryFolder()
  const store = await runStore(dataDir)
  await query(store.connection, 'create table kept as select 7 as n')
  const before = store.pid

  await kill(before, 'SIGKILL')

  await until(() => store.pid !== before)
  expect(await query(store.connection, 'select n from kept')).toEqual([{ n: 7 }])
  await expect(startEmbedded({ dataDir, log: silent })).rejects.toThrow('already runs')
})

it('a DATA_DIR too long for a socket gets a short private folder for it, which goes with the server', async () => {
  const dataDir = join(await temporaryFolder(), 'một-tên-rất-dài'.repeat(4), 'và-còn-dài-nữa'.repeat(3))
  const store = await startEmbedded({ dataDir, log: silent })
  const folder = String(store.connection.host)

  expect(folder).toMatch(/^\/tmp\/danhoi-[0-9a-f]{16}$/)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect(await query(store.connection, 'select 1 as one')).toEqual([{ one: 1 }])
  await store.stop()
  await expect(stat(folder)).rejects.toThrow('ENOENT')
})

it('a path with commas, quotes and spaces is a path like any other', async () => {
  const dataDir = join(await temporaryFolder(), `xã "Yên Khê", tỉnh Nghệ An'`)

  const store = await runStore(dataDir)

  expect(await query(store.connection, 'select 1 as one')).toEqual([{ one: 1 }])
})
