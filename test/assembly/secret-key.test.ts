import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadKeyRing } from '../../src/assembly/secret-key.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'danhoi-key-'))
})
afterEach(() => rm(dir, { recursive: true }))

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64')

describe('SECRET_KEY', () => {
  it('is the key ring where it is given, and no file is made', async () => {
    expect(await loadKeyRing(`${key(2)},${key(1)}`, dir)).toEqual([Buffer.alloc(32, 2), Buffer.alloc(32, 1)])

    expect(await readdir(dir)).toEqual([])
  })
})

describe('without it', () => {
  it('a key is made once, for its owner alone, and nothing else is left there', async () => {
    const [made] = await loadKeyRing(null, dir)

    expect(made).toHaveLength(32)
    expect((await stat(join(dir, 'secret.key'))).mode & 0o777).toBe(0o600)
    expect(await readdir(dir)).toEqual(['secret.key'])
  })

  it('the same key is read again', async () => {
    expect(await loadKeyRing(null, dir)).toEqual(await loadKeyRing(null, dir))
  })

  it('two programs that start at once have one key', async () => {
    const rings = await Promise.all(Array.from({ length: 8 }, () => loadKeyRing(null, dir)))

    expect(new Set(rings.map(([made]) => made.toString('hex'))).size).toBe(1)
    expect(await readdir(dir)).toEqual(['secret.key'])
  })

  it('two folders have two keys', async () => {
    const other = await mkdtemp(join(tmpdir(), 'danhoi-key-'))

    expect(await loadKeyRing(null, dir)).not.toEqual(await loadKeyRing(null, other))

    await rm(other, { recursive: true })
  })

  it('a key file with several keys is a ring', async () => {
    await writeFile(join(dir, 'secret.key'), `${key(2)},${key(1)}\n`)

    expect(await loadKeyRing(null, dir)).toHaveLength(2)
  })

  it.each(['', 'not a key', `${key(1)},`])(
    'a damaged key file (%j) is never replaced: what it sealed would be lost',
    async (text) => {
      await writeFile(join(dir, 'secret.key'), text)

      await expect(loadKeyRing(null, dir)).rejects.toThrow('expected SECRET_KEY to be 32 bytes in base64')

      expect(await readFile(join(dir, 'secret.key'), 'utf8')).toBe(text)
    },
  )

  it('a folder that is not there is an error', async () => {
    await expect(loadKeyRing(null, join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
