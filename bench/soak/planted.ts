import { type Connection, openDb, openPool } from '../../src/db/client.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'
import { openStage } from '../../test/support/stage.ts'
import { cloneTemplate } from '../../test/support/town-database.ts'
import { makeTemplate } from './matrix.ts'
import { observe } from './observe.ts'
import { employOfficers } from './officers.ts'
import { replied } from './replied.ts'
import { casesPublished, rest } from './rest.ts'
import type { Outcome, Scenario, SoakRoom } from './scenario.ts'
import { askTrio } from './trio.ts'
import { weigh } from './weigh.ts'
import { plantOnZalo } from './zalo/planted.ts'

/**
 * A check that cannot turn red proves nothing. After a clean run somebody posts one of our answers a second time with the
 * Page's own token, and a resident writes something that no webhook brings: both have to be found.
 */
export const planted: Scenario = {
  name: 'planted',
  about: 'a planted double and a planted loss are found',
  run: async ({ lifecycle }) => {
    const server = await startThrowaway({ settings: { max_connections: '100' } })
    lifecycle.add('PostgreSQL', () => server.close())
    const template = await makeTemplate(server.connection)
    const database = await cloneTemplate(server.connection, template)
    const pool = openPool(database.connection, 'app,public', 2, () => {})
    lifecycle.add('pool', () => pool.end())
    const db = openDb(pool)
    const stage = await openStage({ store: { connection: database.connection } })
    lifecycle.add('stage', () => stage.close())
    const { facebook, town } = stage
    const officers = employOfficers(stage.zalo, town)
    lifecycle.add('officers', () => officers.leave())
    askTrio(stage)
    officers.goHome()
    const acknowledged = replied(facebook, 1)
    const child = stage.start()
    await Promise.race([acknowledged, child.ended])
    officers.comeBack()
    await rest(child, db, casesPublished(3))
    const look = (run: string): Promise<Outcome> => weigh(run, stage, db)

    const before = await look('before anything is planted')
    await child.stop()
    const answer = observe(stage).shown.find(
      ({ platform, audience, text }) => platform === 'facebook' && audience === 'public' && text.includes('CT01'),
    )
    await postAgain(facebook.url, town.pageToken, answer?.place ?? '', answer?.text ?? '')
    const doubled = await look('a planted double')
    facebook.pauseWebhooks()
    facebook.comment({
      pageId: town.pageId,
      postId: town.postId,
      author: { id: '24000000000000777', name: 'Lê Thị Lạc' },
      text: 'Cho hỏi bao giờ có nước sạch về xóm?',
    })
    const lost = await look('a planted loss')

    return [
      before,
      found(doubled, doubled.balance?.doubled.length === 1 && doubled.balance.lost.length === 0, '1 doubled'),
      found(lost, lost.balance?.lost.length === 1, '1 missing'),
      ...(await onZalo(lifecycle, server.connection, template)),
    ]
  },
}

async function onZalo(
  lifecycle: SoakRoom['lifecycle'],
  server: Connection,
  template: string,
): Promise<readonly Outcome[]> {
  const { before, lost, doubled, unasked } = await plantOnZalo({ lifecycle }, server, template)
  const lists = (one: Outcome): readonly (number | undefined)[] => [
    one.balance?.lost.length,
    one.balance?.doubled.length,
    one.balance?.orphaned.length,
  ]
  return [
    before,
    found(lost, String(lists(lost)) === '1,0,0', null),
    found(doubled, String(lists(doubled)) === '1,1,0', '1 doubled'),
    found(unasked, String(lists(unasked)) === '1,1,1', '1 unasked'),
  ]
}

/** What was planted is no defect of the product: it stays out of the sums. */
function found({ run, isGreen, why }: Outcome, isInBalance: boolean, inLog: string | null): Outcome {
  const isFound = !isGreen && isInBalance && (inLog === null ? why === null : why?.includes(inLog) === true)
  return { run, isGreen: isFound, balance: null, why: isFound ? null : `it was not found: ${why}` }
}

async function postAgain(graphUrl: string, token: string, commentId: string, message: string): Promise<void> {
  const response = await fetch(`${graphUrl}/v24.0/${commentId}/comments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
  })
  if (!response.ok) throw new Error(`the double could not be planted: ${response.status}`)
}
