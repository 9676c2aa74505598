import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadKeyRing } from '../../src/assembly/secret-key.ts'
import { openDb, openPool } from '../../src/db/client.ts'
import { openForCommand } from '../../src/db/embedded.ts'
import { createLog } from '../../src/lib/log.ts'
import { openStage, seeded } from '../../test/support/stage.ts'
import { furnishDatabase } from '../../test/support/town-database.ts'
import { until } from '../../test/support/until.ts'
import { compare } from './compare.ts'
import { readLedger } from './ledger.ts'
import { observe } from './observe.ts'
import { employOfficers } from './officers.ts'
import { casesPublished, rest } from './rest.ts'
import { outcomeOf, type Scenario } from './scenario.ts'
import { askTrio } from './trio.ts'

const KILLS = 5
const QUESTIONS_A_TRIO = 3

/**
 * The product on its embedded PostgreSQL, killed again and again while residents write and officers answer. Its server
 * lives on as an orphan and is taken over; an answer that is typed while nothing runs arrives.
 */
export const restarts: Scenario = {
  name: 'restarts',
  about: `killed ${KILLS} times under load on the embedded PostgreSQL, with answers typed while it was down`,
  run: async ({ lifecycle, say }) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'danhoi-restarts-'))
    lifecycle.add('folder', () => rm(dataDir, { recursive: true, force: true }))
    const stage = await openStage({ store: { dataDir } })
    const command = await openForCommand({ dataDir, log: createLog('silent') })
    lifecycle.add('PostgreSQL', () => command.close())
    lifecycle.add('stage', () => stage.close())
    await furnishDatabase(command.connection, await loadKeyRing(null, command.dataDir), stage.town, stage.zalo)
    const pool = openPool(command.connection, 'app,public', 2, () => {})
    lifecycle.add('pool', () => pool.end())
    const db = openDb(pool)
    const officers = employOfficers(stage.zalo, stage.town)
    lifecycle.add('officers', () => officers.leave())

    const random = seeded(42)
    for (let kill = 1; kill <= KILLS; kill += 1) {
      askTrio(stage)
      const child = stage.start()
      await child.started
      const answers = officers.answers
      // Killed somewhere between the cards and the answers, at another place each time.
      const enough = answers + Math.floor(random() * QUESTIONS_A_TRIO)
      await until(() => officers.answers >= enough, { timeoutMs: 60_000, what: 'officers have answered' })
      officers.goHome()
      await child.kill()
      officers.comeBack()
      say(`killed ${kill} of ${KILLS} times`)
    }
    const child = stage.start()
    await rest(child, db, casesPublished(KILLS * QUESTIONS_A_TRIO), 120_000)
    return [outcomeOf(`${KILLS} kills`, compare(observe(stage), await readLedger(db)))]
  },
}
