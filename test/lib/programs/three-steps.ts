import { writeSync } from 'node:fs'
import { armFailpoint, type Step, step } from '../../../src/lib/failpoint.ts'

/** Goes through three steps, saying each; the argument is the failpoint to arm. */
armFailpoint(process.argv[2] ?? '')
const three: readonly Step[] = ['keep-deliveries', 'record-events', 'route-case']
for (const name of three) {
  await step(name, async () => {
    writeSync(1, `${name}\n`)
  })
}
