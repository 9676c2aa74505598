import { inviteOfficer } from '../accounts/invites.ts'
import { systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import { type Command, UsageError } from './command.ts'
import { withStore } from './with-store.ts'

export const officerCommand: Command = async ([action, ...words], { stdout }) => {
  const name = words.join(' ').trim()
  if (action !== 'invite' || name === '') throw new UsageError('usage: officer invite NAME')
  return withStore(async ({ db, config }) => {
    const officers = await db.selectFrom('officers').select('id').where('displayName', '=', name).execute()
    const [officer, second] = officers
    if (officer === undefined) throw new RefusedError(`no officer is named "${name}": import them first`)
    if (second !== undefined)
      throw new RefusedError(`several officers are named "${name}": give them different names first`)
    const code = await inviteOfficer(db, officer.id, systemClock(), config.pacing.inviteValidMs)
    stdout.write(`${code}\n`)
    return 0
  })
}
