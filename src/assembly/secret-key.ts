import { randomBytes } from 'node:crypto'
import { link, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../lib/errors.ts'
import { type KeyRing, parseKeyRing } from '../lib/secrets.ts'

/** SECRET_KEY, or the key file of DATA_DIR, which is made once and readable by its owner alone. */
export async function loadKeyRing(secretKey: string | null, dataDir: string): Promise<KeyRing> {
  if (secretKey !== null) return parseKeyRing(secretKey)
  const path = join(dataDir, 'secret.key')
  const kept = await readKey(path)
  if (kept !== null) return parseKeyRing(kept)
  await makeKey(path)
  return parseKeyRing((await readFile(path, 'utf8')).trim())
}

async function readKey(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** It appears whole or not at all: half a key after a power cut would be a key that nobody has. */
async function makeKey(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(32).toString('base64')}\n`)
    await file.sync()
    await file.close()
    await link(draft, path)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error // another process was faster: its key is the key
  } finally {
    await unlink(draft)
  }
}
