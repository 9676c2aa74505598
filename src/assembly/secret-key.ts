import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../lib/errors.ts'
import { type KeyRing, parseKeyRing } from '../lib/secrets.ts'

/** SECRET_KEY, or the key file of DATA_DIR, which is made once and readable by its owner alone. */
export async function loadKeyRing(secretKey: string | null, dataDir: string): Promise<KeyRing> {
  if (secretKey !== null) return parseKeyRing(secretKey)
  const path = join(dataDir, 'secret.key')
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(`${randomBytes(32).toString('base64')}\n`)
    await file.sync()
    await file.close()
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
  return parseKeyRing((await readFile(path, 'utf8')).trim())
}
