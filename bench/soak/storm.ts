import { fileURLToPath } from 'node:url'
import { openDb, openPool } from '../../src/db/client.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'
import { openStage, type Stage } from '../../test/support/stage.ts'
import { cloneTemplate } from '../../test/support/town-database.ts'
import { makeTemplate } from './matrix.ts'
import { employOfficers } from './officers.ts'
import { replied } from './replied.ts'
import { countReplies } from './replies.ts'
import { askOnAll } from './residents.ts'
import { casesPublished, rest } from './rest.ts'
import type { Scenario } from './scenario.ts'
import { planTroubles } from './troubles.ts'
import { weigh } from './weigh.ts'

const PAGES = 12
const PATIENCE_MS = 30 * 60_000
/** Counting all that still moves takes its share of the machine. */
const LOOK_EVERY_MS = 1_000
const TOLD_EVERY = 500
const product = fileURLToPath(new URL('./product.ts', import.meta.url))

/** Many comments on several Pages, delivered twice, shuffled and in batches, while Graph fails in every way it is known to. */
export const storm: Scenario = {
  name: 'storm',
  about: `comments on ${PAGES} Pages, webhooks doubled and shuffled, Graph failing before and after each reply was made`,
  run: async ({ lifecycle, say, comments }) => {
    const server = await startThrowaway({ settings: { max_connections: '100' } })
    lifecycle.add('PostgreSQL', () => server.close())
    const database = await cloneTemplate(server.connection, await makeTemplate(server.connection, PAGES))
    const pool = openPool(database.connection, 'app,public', 2, () => {})
    lifecycle.add('pool', () => pool.end())
    const db = openDb(pool)
    const stage = await openStage({
      store: { connection: database.connection },
      pages: PAGES,
      program: product,
      pace: 0.2,
    })
    lifecycle.add('stage', () => stage.close())
    const { facebook } = stage
    const officers = employOfficers(stage.zalo, stage.town)
    lifecycle.add('officers', () => officers.leave())
    facebook.weather({ duplicates: 1, batchMax: 20, shuffle: true, ownEcho: 'before' })
    planTroubles(facebook, comments * 2)
    askOnAll(stage, comments)
    tell(stage, say)
    // An answer that comes first takes the acknowledgement's place: officers begin when everybody has theirs.
    officers.goHome()
    const acknowledged = replied(facebook, comments)
    const child = stage.start()
    await Promise.race([acknowledged, child.ended])
    officers.comeBack()
    await rest(child, db, casesPublished(comments), PATIENCE_MS, LOOK_EVERY_MS)
    const { posted, comments: asked } = countReplies(facebook.log)
    for (const line of struck(stage)) say(line)
    say(`${posted} public replies under ${asked} comments, by Facebook's log`)
    return [await weigh(`${comments} comments`, stage, db)]
  },
}

/** Says how far it has come, and turns the weather: the own webhook comes before Graph's answer, then after it. */
function tell({ facebook }: Pick<Stage, 'facebook'>, say: (line: string) => void): void {
  let posted = 0
  facebook.follow((entry) => {
    if (entry.kind !== 'public' || entry.what !== 'comment') return
    posted += 1
    if (posted % TOLD_EVERY !== 0) return
    say(`${posted} public replies`)
    facebook.weather({ ownEcho: (posted / TOLD_EVERY) % 2 === 0 ? 'before' : 'after' })
  })
}

/** How often which trouble struck, by the simulator's log. */
function struck({ facebook }: Pick<Stage, 'facebook'>): string[] {
  const counts = new Map<string, number>()
  for (const entry of facebook.log) {
    if (entry.kind !== 'call' || entry.fault === undefined) continue
    const name = `${entry.method} ${entry.fault}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [`troubles: ${[...counts].map(([name, count]) => `${name} ${count}`).join(', ')}`]
}
