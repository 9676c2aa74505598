import type { Bench, Room } from './measure/bench.ts'
import { startProgram } from './measure/program.ts'
import { figure } from './measure/report.ts'
import { median } from './measure/statistics.ts'
import { newDataDir } from './measure/store.ts'

/** How long a visitor waits for the demo. */
export const start: Bench = {
  name: 'start',
  run: async (room) => {
    const rounds = room.quick ? 1 : 3
    const first: number[] = []
    const again: number[] = []
    for (let round = 1; round <= rounds; round += 1) {
      const dataDir = await newDataDir(room)
      first.push(await startDemo(room, dataDir))
      again.push(await startDemo(room, dataDir))
      room.say(`round ${round} of ${rounds}: ${first.at(-1)?.toFixed(0)} ms, again ${again.at(-1)?.toFixed(0)} ms`)
    }
    return {
      figures: [
        figure('newMs', 'the demo on a new folder', median(first), 'ms', { below: 15_000 }),
        figure('existingMs', 'the demo on the same folder again', median(again), 'ms', { below: 5_000 }),
      ],
      notes: ['from the start of the process to the line with the address, every officer bound'],
    }
  },
}

async function startDemo(room: Room, dataDir: string): Promise<number> {
  const began = performance.now()
  const demo = await startProgram(room, 'sim/demo.ts', [], { DATA_DIR: dataDir, PORT: '0' })
  const ms = performance.now() - began
  await demo.stop()
  return ms
}
