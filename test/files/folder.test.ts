import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openFolder, removePartial } from '../../src/files/folder.ts'

async function somewhere(): Promise<string> {
  const base = await mkdtemp(join(tmpdir(), 'danhoi-folder-'))
  onTestFinished(() => rm(base, { recursive: true, force: true }))
  return join(base, 'files')
}

const words = Buffer.from('Đơn xin xác nhận')
const sha256 = createHash('sha256').update(words).digest('hex')

it('a file is there once it is whole, and not before', async () => {
  const path = await somewhere()
  const folder = openFolder(path)

  const incoming = await folder.receive()
  await incoming.write(words.subarray(0, 5))
  expect(await readdir(path).catch(() => [])).toEqual([])
  await incoming.write(words.subarray(5))

  expect(await incoming.keep()).toEqual({ sha256, bytes: words.length })
  await incoming.drop() // as everybody does in the end
  expect(await folder.read(sha256)).toEqual(words)
})

it('a file that is dropped leaves nothing', async () => {
  const path = await somewhere()
  const incoming = await openFolder(path).receive()
  await incoming.write(words)

  await incoming.drop()

  expect(await readdir(`${path}.partial`)).toEqual([])
})

it('what a process that died had begun is removed, not what another is at', async () => {
  const path = await somewhere()
  const incoming = await openFolder(path).receive()
  onTestFinished(() => incoming.drop())
  await incoming.write(words)

  await removePartial(path, new Date(Date.now() - 60_000))
  expect(await readdir(`${path}.partial`)).toHaveLength(1)
  await removePartial(path, new Date(Date.now() + 60_000))
  expect(await readdir(`${path}.partial`)).toEqual([])

  await removePartial(join(path, 'never made'), new Date())
})

it('what is not there is null', async () => {
  expect(await openFolder(await somewhere()).read(sha256)).toBeNull()
})
