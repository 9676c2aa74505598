import type { Db } from '../db/client.ts'
import { vietnamMoment } from '../lib/clock.ts'
import { heldRows } from '../outbox/held.ts'
import { publishingState } from '../outbox/switch.ts'
import { listFreezes } from '../publishing/freezes.ts'
import { listModes } from '../publishing/modes.ts'

/** Whether anything leaves, and how much does not. */
export async function stateLine(db: Db): Promise<string> {
  const { isOn, reason, waiting, underway, held } = await publishingState(db)
  const why = isOn || reason === null ? '' : ` (${reason})`
  return `publishing is ${isOn ? 'on' : `stopped${why}`}; ${waiting} waiting, ${underway} under way, ${held} held\n`
}

/** All that decides what residents may read, and what waits because of it. */
export async function publishingReport(db: Db, now: Date): Promise<string> {
  const held = await heldRows(db)
  const modes = await listModes(db)
  const lines = modes.map(({ scope, name, mode, accountId }) => {
    const rows = held.filter((row) => row.accountId === accountId)
    const amounts = rows.map(({ heldBy, amount, unasked }) =>
      heldBy === 'approve_all'
        ? `${amount} held for approval${unasked > 0 ? `, ${unasked} of them without anybody to ask` : ''}`
        : `${amount} held by listen_only`,
    )
    return `  ${`${scope} ${name}`.trim().padEnd(34)}${[mode, ...amounts].join('; ')}\n`
  })
  const freezes = (await listFreezes(db, now)).map(
    ({ unit, startsAt, endsAt, reason }) =>
      `  ${startsAt <= now ? 'frozen now' : 'to come'}: ${unit ?? 'everywhere'} from ${vietnamMoment(startsAt)} until ${vietnamMoment(endsAt)}: ${reason}\n`,
  )
  return [await stateLine(db), 'modes (the strictest that applies holds):\n', ...lines, ...freezesOrNone(freezes)].join(
    '',
  )
}

function freezesOrNone(freezes: readonly string[]): readonly string[] {
  return freezes.length === 0 ? ['no freezes\n'] : ['freezes:\n', ...freezes]
}
