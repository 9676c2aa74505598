import { findAccount, saveLogin } from '../accounts/store.ts'
import { systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import { resumeLane } from '../outbox/lane.ts'
import { type Command, readAll, UsageError } from './command.ts'
import { withStore } from './with-store.ts'

export const facebookCommand: Command = async ([action, pageId, ...rest], { stdin, stdout }) => {
  if (action !== 'connect' || pageId === undefined || rest.length > 0) {
    throw new UsageError('usage: facebook connect PAGE_ID < token')
  }
  const token = (await readAll(stdin)).trim()
  if (!/^\S{10,1000}$/.test(token))
    throw new RefusedError('expected the Page’s access token on standard input, one word and nothing else')
  return withStore(async ({ db, keyRing }) => {
    const account = await findAccount(db, 'facebook', pageId)
    if (account === null) throw new RefusedError(`Page ${pageId} is not known: import it first`)
    await saveLogin(db, keyRing, account.id, token)
    await resumeLane(db, account.id, systemClock())
    stdout.write(`the token of Page ${pageId} is kept, sealed\n`)
    return 0
  })
}
