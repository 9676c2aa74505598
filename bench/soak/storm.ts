import { how } from '../../sim/facebook/how.ts'
import { openDb, openPool } from '../../src/db/client.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'
import { openStage } from '../../test/support/stage.ts'
import { cloneTemplate } from '../../test/support/town-database.ts'
import { compare } from './compare.ts'
import { readLedger } from './ledger.ts'
import { makeTemplate } from './matrix.ts'
import { observe } from './observe.ts'
import { employOfficers } from './officers.ts'
import { casesPublished, rest } from './rest.ts'
import { outcomeOf, type Scenario } from './scenario.ts'

const COMMENTS = 100
const PATIENCE_MS = 15 * 60_000

/** Many comments on one Page, delivered twice, shuffled and in batches, while Graph fails in every way it is known to. */
export const storm: Scenario = {
  name: 'storm',
  about: `${COMMENTS} comments, webhooks doubled and shuffled, Graph failing before and after the comment was made`,
  run: async ({ lifecycle }) => {
    const server = await startThrowaway({ settings: { max_connections: '100' } })
    lifecycle.add('PostgreSQL', () => server.close())
    const database = await cloneTemplate(server.connection, await makeTemplate(server.connection))
    const pool = openPool(database.connection, 'app,public', 2, () => {})
    lifecycle.add('pool', () => pool.end())
    const db = openDb(pool)
    const stage = await openStage({ store: { connection: database.connection }, pace: 0.001 })
    lifecycle.add('stage', () => stage.close())
    const { facebook, town } = stage
    const officers = employOfficers(stage.zalo, town)
    lifecycle.add('officers', () => officers.leave())
    facebook.weather({ duplicates: 1, batchMax: 20, shuffle: true, ownEcho: 'before' })
    const comments = { method: 'POST', path: /\/comments$/ } as const
    const troubles = [how.createThenReset(), how.createThenCleanError(), how.createThenHtml(), how.resetBefore()]
    for (const trouble of troubles) facebook.fail({ match: comments, chance: 0.02, times: COMMENTS, how: trouble })
    for (let n = 1; n <= COMMENTS; n += 1) {
      const author = { id: String(24_000_000_000_100_000n + BigInt(n)), name: `Nguyễn Văn Gia ${n}` }
      const text = `Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì? Nhà tôi ở xóm ${n}.`
      facebook.comment({ pageId: town.pageId, postId: town.postId, author, text })
    }
    const child = stage.start()
    await rest(child, db, casesPublished(COMMENTS), PATIENCE_MS)
    return [outcomeOf(`${COMMENTS} comments`, compare(observe(stage), await readLedger(db)))]
  },
}
