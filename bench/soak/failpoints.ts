import { how } from '../../sim/facebook/how.ts'
import { inviteOfficer } from '../../src/accounts/invites.ts'
import { type Connection, type Db, openDb, openPool } from '../../src/db/client.ts'
import type { Child } from '../../test/support/child.ts'
import { openStage, type Stage } from '../../test/support/stage.ts'
import { cloneTemplate } from '../../test/support/town-database.ts'
import { type Balance, compare } from './compare.ts'
import { readLedger } from './ledger.ts'
import { observe } from './observe.ts'
import { employOfficers } from './officers.ts'
import { casesPublished, lastWords, rest } from './rest.ts'
import { askTrio } from './trio.ts'

/** How to reach a failpoint: what goes wrong besides, or who writes what. */
interface Scenario {
  /** Before the residents write. */
  readonly prepare?: (stage: Stage, db: Db) => Promise<void> | void
  /** Failpoints at which earlier processes die before the one in question. */
  readonly earlier?: readonly string[]
  /** What has to have happened besides the three answers. */
  readonly isDone?: (db: Db) => Promise<boolean>
}

const scenarios = {
  journeys: {},
  /** The answer stands there, and nobody learns of it. */
  'no answer from Facebook': {
    prepare: ({ facebook }) => {
      facebook.weather({ ownEcho: 'never' })
      facebook.fail({ match: { method: 'POST', path: /\/comments$/ }, how: how.createThenReset() })
    },
  },
  'no answer from Messenger': {
    prepare: ({ facebook }) => {
      facebook.weather({ ownEcho: 'never' })
      facebook.fail({ match: { method: 'POST', path: /\/messages$/ }, how: how.createThenReset() })
    },
  },
  /** In Messenger, because a comment would be met again when the Page is read. */
  'a sender died': {
    prepare: ({ facebook }) => facebook.weather({ ownEcho: 'never' }),
    earlier: ['facebook-message:after'],
  },
  'an officer is bound': {
    prepare: async ({ zalo, town }, db) => {
      const [officer] = town.zalo.officers
      if (officer === undefined) return
      const { id } = await db
        .selectFrom('officers')
        .select('id')
        .where('displayName', '=', officer.name)
        .executeTakeFirstOrThrow()
      const code = await inviteOfficer(db, id, new Date(), 600_000)
      zalo.say({ account: town.zalo.uid, person: officer.person, text: code })
    },
    isDone: async (db) => (await db.selectFrom('officerInvites').where('usedAt', 'is', null).execute()).length === 0,
  },
  /** Not one that the three questions need: they have to arrive all the same. */
  'a field is not subscribed': {
    prepare: ({ facebook, town }) => facebook.dropSubscription(town.pageId, ['message_edits']),
    isDone: async (db) => {
      const looked = db.selectFrom('pageWatch').select('accountId').where('subscriptionCheckedAt', 'is not', null)
      return (await looked.execute()).length === 1
    },
  },
  'talk among neighbours': {
    prepare: ({ zalo, town }) => {
      const resident = town.zalo.residents[0]?.person ?? ''
      zalo.say({ group: town.zalo.residentsGroup, person: resident, text: 'Tối nay họp xóm lúc mấy giờ?' })
    },
    isDone: async (db) => {
      const talk = db.selectFrom('events').select('id').where('outcome', '=', 'not_addressed')
      return (await talk.execute()).length === 1
    },
  },
  'a question with a photo': {
    prepare: ({ zalo, town }) => {
      const resident = town.zalo.residents[0]?.person ?? ''
      zalo.say({
        group: town.zalo.residentsGroup,
        person: resident,
        text: '#hỏi Cho hỏi thủ tục xin thông cống ở ngõ này?',
        photo: {},
      })
    },
    isDone: async (db) => {
      const shown = db.selectFrom('outbox').select('state').where('kind', '=', 'file')
      return (await shown.execute()).some(({ state }) => state === 'sent' || state === 'confirmed')
    },
  },
  'a webhook without author and words': {
    prepare: ({ facebook, town: { pageId, postId } }) => {
      const author = { id: '24000000000000999', name: 'Lê Văn Kín' }
      const text = 'Cho hỏi lịch tiếp dân của xã là ngày nào?'
      facebook.comment({ pageId, postId, author, text, omit: ['from', 'message'] })
    },
    isDone: async (db) => {
      const lookedUp = db.selectFrom('events').select('id').where('lookedUpAt', 'is not', null)
      return (await lookedUp.execute()).length === 1
    },
  },
} satisfies Record<string, Scenario>

type ScenarioName = keyof typeof scenarios

/** Steps that the journeys alone do not reach, and which time a step is worth dying at. */
const reachedBy: Readonly<Record<string, { scenario?: ScenarioName; time?: number }>> = {
  'close-event': { scenario: 'talk among neighbours' },
  'bind-officer': { scenario: 'an officer is bound' },
  'save-lookup': { scenario: 'a webhook without author and words' },
  'enqueue-lookup': { scenario: 'a webhook without author and words' },
  'facebook-lookup': { scenario: 'a webhook without author and words' },
  'enqueue-files': { scenario: 'a question with a photo' },
  'fetch-file': { scenario: 'a question with a photo' },
  'settle-file': { scenario: 'a question with a photo' },
  'zalo-send-picture': { scenario: 'a question with a photo' },
  'mark-unknown': { scenario: 'a sender died' },
  'settle-unknown': { scenario: 'no answer from Facebook' },
  'facebook-read-replies': { scenario: 'no answer from Facebook' },
  'facebook-subscribe': { scenario: 'a field is not subscribed' },
  'facebook-read-chat': { scenario: 'no answer from Messenger' },
  // The first ones are of a process that has only just started.
  'enqueue-intake': { time: 2 },
  'enqueue-send-facebook': { time: 2 },
  'enqueue-send-zalo': { time: 3 },
}

export interface KillRun {
  readonly failpoint: string
  /** False: the process never came to that step, and the run has proved nothing. */
  readonly wasReached: boolean
  readonly balance: Balance
}

export interface KillOptions {
  readonly server: Connection
  readonly template: string
  readonly redisUrl?: string
  readonly failpoint: string
}

/** Kills the product at the failpoint, starts it again and lets it finish; then compares from outside. */
export async function killAt({ server, template, redisUrl, failpoint }: KillOptions): Promise<KillRun> {
  const { scenario: name = 'journeys', time = 1 } = reachedBy[failpoint.split(':')[0] ?? ''] ?? {}
  const scenario: Scenario = scenarios[name]
  const database = await cloneTemplate(server, template)
  const pool = openPool(database.connection, 'app,public', 2, () => {})
  const db = openDb(pool)
  const stage = await openStage({
    store: { connection: database.connection },
    ...(redisUrl === undefined ? {} : { redisUrl }),
  })
  const officers = employOfficers(stage.zalo, stage.town)
  const published = casesPublished(3)
  const isDone = async (): Promise<boolean> => (await published(db)) && ((await scenario.isDone?.(db)) ?? true)
  try {
    await scenario.prepare?.(stage, db)
    askTrio(stage)
    let wasReached = true
    for (const point of [...(scenario.earlier ?? []), `${failpoint}#${time}`]) {
      if (wasReached) wasReached = await dies(stage.start(point), db, isDone)
    }
    await finish(stage.start(), db, isDone)
    const balance = compare(observe(stage), await readLedger(db))
    return { failpoint, wasReached, balance }
  } finally {
    officers.leave()
    await stage.close()
    await pool.end()
    await database.drop()
  }
}

/** True when the process died at its failpoint; false when it had nothing left to do and lived. */
async function dies(child: Child, db: Db, isDone: (db: Db) => Promise<boolean>): Promise<boolean> {
  if ((await rest(child, db, isDone)) === 'ended') {
    const { signal } = await child.ended
    if (signal !== 'SIGKILL') throw new Error(`the product ended by itself\n${lastWords(child)}`)
    return true
  }
  await child.stop()
  return false
}

export async function finish(child: Child, db: Db, isDone: (db: Db) => Promise<boolean>): Promise<void> {
  if ((await rest(child, db, isDone)) === 'ended') throw new Error(`the product ended by itself\n${lastWords(child)}`)
  const { code } = await child.stop()
  if (code !== 0) throw new Error(`the product stopped with ${code}\n${lastWords(child)}`)
}
