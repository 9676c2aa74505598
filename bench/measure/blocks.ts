import type { Room } from './bench.ts'
import { commentMaker } from './bodies.ts'
import { type Load, sendAll } from './load.ts'
import { median } from './statistics.ts'

/** What came of one server's turns. */
export interface Outcome {
  /** Every answer with 200, the warming up included: so many rows have to be there. */
  readonly acknowledged: number
  readonly blocks: readonly Load[]
}

const WARM_UP = 4_000

/**
 * Loads the servers in turns (A B C A B C …), each block for some seconds, so that all of them meet the same machine.
 * `paused` names processes that stand still during a server's turns: they would go on working when nobody sends.
 */
export async function takeTurns<Name extends string>(
  room: Room,
  urls: Readonly<Record<Name, string>>,
  appSecret: string,
  paused: Partial<Record<Name, number>> = {},
): Promise<Readonly<Record<Name, Outcome>>> {
  const [rounds, seconds] = room.quick ? [5, 1] : [15, 2] // short and many: a neighbour's burst spoils few of them
  const make = commentMaker(appSecret)
  const names = Object.keys(urls) as Name[]
  const outcomes = byName(names, () => ({ acknowledged: 0, size: WARM_UP, blocks: [] as Load[] }))
  const send = async (name: Name): Promise<Load> => {
    const outcome = outcomes[name]
    const load = await whilePaused(paused[name], () => sendAll(urls[name], make(outcome.size)))
    if (load.refused > 0) throw new Error(`${name} refused ${load.refused} of ${outcome.size} comments`)
    outcome.acknowledged += load.acknowledged
    return load
  }
  for (const name of names) {
    await send(name) // until the code is compiled and the pools are filled
    const { perSecond } = await send(name)
    outcomes[name].size = Math.ceil(perSecond * seconds)
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of names) outcomes[name].blocks.push(await send(name))
    const said = names.map((name) => `${name} ${Math.round(outcomes[name].blocks.at(-1)?.perSecond ?? 0)}/s`)
    room.say(`round ${round} of ${rounds}: ${said.join(', ')}`)
  }
  return outcomes
}

async function whilePaused<T>(pid: number | undefined, work: () => Promise<T>): Promise<T> {
  if (pid === undefined) return work()
  process.kill(pid, 'SIGSTOP')
  try {
    return await work()
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}

/** The median over the blocks of one figure. */
export function middle({ blocks }: Outcome, pick: (load: Load) => number): number {
  return median(blocks.map(pick))
}

function byName<Name extends string, T>(names: readonly Name[], make: () => T): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, make()])) as Record<Name, T>
}
