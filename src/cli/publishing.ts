import { systemClock } from '../lib/clock.ts'
import { publishingState, switchPublishing } from '../outbox/switch.ts'
import { type Command, UsageError } from './command.ts'
import { withStore } from './with-store.ts'

export const publishingCommand: Command = async ([action, ...words], { stdout }) => {
  if (action !== 'stop' && action !== 'resume' && action !== 'status') {
    throw new UsageError('usage: publishing stop [REASON] | resume | status')
  }
  return withStore(async ({ db }) => {
    if (action !== 'status') await switchPublishing(db, action === 'resume', words.join(' ') || null, systemClock())
    const { isOn, underway, waiting } = await publishingState(db)
    stdout.write(`publishing is ${isOn ? 'on' : 'stopped'}; ${waiting} waiting, ${underway} under way\n`)
    return 0
  })
}
