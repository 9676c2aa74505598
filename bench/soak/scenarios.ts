import { sql } from 'kysely'
import { how } from '../../sim/facebook/how.ts'
import { inviteOfficer } from '../../src/accounts/invites.ts'
import { type Db, transaction } from '../../src/db/client.ts'
import { everywhere } from '../../src/publishing/change.ts'
import { setMode } from '../../src/publishing/modes.ts'
import { employ } from '../../test/support/employ.ts'
import type { Stage } from '../../test/support/stage.ts'
import type { Errand } from './errands.ts'
import type { Terms } from './facts.ts'
import type { OfficialName } from './official.ts'
import { casesPublished } from './rest.ts'

/** How to reach a failpoint: what goes wrong besides, or who writes what. */
export interface Scenario {
  /** Before the residents write. */
  readonly prepare?: (stage: Stage, db: Db) => Promise<void> | void
  /** Failpoints at which earlier processes die before the one in question. */
  readonly earlier?: readonly string[]
  /** What officers say besides their answers. */
  readonly errands?: readonly Errand[]
  /** One of Zalo's official ways, and what a resident asks there. */
  readonly official?: OfficialName
  readonly asksOfficial?: readonly string[]
  /** The same resident wants what is kept about them deleted. */
  readonly isWithdrawn?: boolean
  /** Words of the card that nobody answers but by errands. */
  readonly unanswered?: string
  /** What has to have happened; otherwise three answers. */
  readonly isDone?: (db: Db) => Promise<boolean>
  readonly terms?: Terms
}

const published = casesPublished(3)
const also =
  (...all: ((db: Db) => Promise<boolean>)[]) =>
  async (db: Db): Promise<boolean> => {
    for (const one of [published, ...all]) if (!(await one(db))) return false
    return true
  }

/** Whether so many of these are out. */
const areOut =
  (kind: string, amount = 1) =>
  async (db: Db): Promise<boolean> => {
    const rows = await db.selectFrom('outbox').select('state').where('kind', '=', kind).execute()
    return rows.filter(({ state }) => state === 'sent' || state === 'confirmed').length >= amount
  }

/** Whether officers have so many notices with these words. */
const isRead =
  (words: string, amount = 1) =>
  async (db: Db): Promise<boolean> => {
    const notices = db.selectFrom('outbox').select('id').where('kind', '=', 'notice').where('state', '=', 'confirmed')
    return (await notices.where('text', 'like', `%${words}%`).execute()).length >= amount
  }

/** The question under a post, as its card shows it. */
const ofComment = 'tách hộ khẩu'
const toOfficial = 'Cho hỏi thủ tục vay vốn chính sách cần những gì?'
/** More than one account may have waiting among everybody else. */
const CROWD = 25
const unheard = ({ facebook }: Stage): void => facebook.weather({ ownEcho: 'never' })

export const scenarios = {
  journeys: {},
  /** The answer stands there, and nobody learns of it. */
  'no answer from Facebook': {
    prepare: (stage) => {
      unheard(stage)
      stage.facebook.fail({ match: { method: 'POST', path: /\/comments$/ }, how: how.createThenReset() })
    },
  },
  'no answer from Messenger': {
    prepare: (stage) => {
      unheard(stage)
      stage.facebook.fail({ match: { method: 'POST', path: /\/messages$/ }, how: how.createThenReset() })
    },
  },
  /** In Messenger, because a comment would be met again when the Page is read. */
  'a sender died': { prepare: unheard, earlier: ['facebook-message:after'] },
  'an officer is bound': {
    prepare: async ({ zalo, town }, db) => {
      const [officer] = town.zalo.officers
      if (officer === undefined) return
      const { id } = await officerNamed(db, officer.name)
      const code = await inviteOfficer(db, id, new Date(), 600_000)
      zalo.say({ account: town.zalo.uid, person: officer.person, text: code })
    },
    isDone: also(
      async (db) => (await db.selectFrom('officerInvites').where('usedAt', 'is', null).execute()).length === 0,
    ),
  },
  /** Not one that the three questions need: they have to arrive all the same. */
  'a field is not subscribed': {
    prepare: ({ facebook, town }) => facebook.dropSubscription(town.pageId, ['message_edits']),
    isDone: also(async (db) => {
      const looked = db.selectFrom('pageWatch').select('accountId').where('subscriptionCheckedAt', 'is not', null)
      return (await looked.execute()).length === 1
    }),
  },
  'talk among neighbours': {
    prepare: ({ zalo, town }) => {
      const resident = town.zalo.residents[0]?.person ?? ''
      zalo.say({ group: town.zalo.residentsGroup, person: resident, text: 'Tối nay họp xóm lúc mấy giờ?' })
    },
    isDone: also(async (db) => {
      const talk = db.selectFrom('events').select('id').where('outcome', '=', 'not_addressed')
      return (await talk.execute()).length === 1
    }),
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
    isDone: also(areOut('file')),
  },
  /** History gets no sign, and an answer that comes first takes its place. */
  'a sign before the answer': {
    prepare: ({ zalo, town }) => {
      const person = town.zalo.residents[0]?.person ?? ''
      let isAsked = false
      zalo.onLog((entry) => {
        if (isAsked || entry.what !== 'socket' || entry.step !== 'backfill') return
        isAsked = true
        setImmediate(() => zalo.say({ group: town.zalo.residentsGroup, person, text: '#hỏi Bao giờ thu gom rác ạ?' }))
      })
    },
    unanswered: 'thu gom rác',
    isDone: async (db) => {
      const cases = await db.selectFrom('cases').select('status').execute()
      const signs = await db.selectFrom('outbox').select('state').where('kind', '=', 'reaction').execute()
      const answered = cases.filter(({ status }) => status === 'published')
      return answered.length === 3 && signs.length === 1 && signs.every(({ state }) => state !== 'pending')
    },
  },
  'a group hides its members': {
    prepare: ({ zalo, town }) => zalo.setGroup({ group: town.zalo.residentsGroup, lockViewMember: true }),
    isDone: also(isRead('đã ẩn danh sách thành viên')),
  },
  'a frame that nobody can read': {
    prepare: ({ zalo, town }) => {
      zalo.onLog((entry) => {
        if (entry.what !== 'socket' || entry.step !== 'open' || entry.account !== town.zalo.uid) return
        // Not before the key with which it is sealed.
        setImmediate(() => zalo.push(town.zalo.uid, { cmd: 777, text: JSON.stringify({ data: { sealed: 'x' } }) }))
      })
    },
    isDone: also(isRead('không đọc được')),
  },
  'a crowd under one post': {
    prepare: ({ facebook, town: { pageId, postId } }) => {
      facebook.weather({ batchMax: 2 * CROWD })
      facebook.pauseWebhooks()
      for (let n = 1; n <= CROWD; n += 1) {
        const author = { id: String(24_000_000_000_300_000n + BigInt(n)), name: `Nguyễn Văn Gia ${n}` }
        facebook.comment({ pageId, postId, author, text: `Cho hỏi bao giờ có điện ở xóm ${n}?` })
      }
      facebook.releaseWebhooks()
    },
    isDone: casesPublished(3 + CROWD),
  },
  'a webhook without author and words': {
    prepare: ({ facebook, town: { pageId, postId } }) => {
      const author = { id: '24000000000000999', name: 'Lê Văn Kín' }
      const text = 'Cho hỏi lịch tiếp dân của xã là ngày nào?'
      facebook.comment({ pageId, postId, author, text, omit: ['from', 'message'] })
    },
    isDone: also(async (db) => {
      const lookedUp = db.selectFrom('events').select('id').where('lookedUpAt', 'is not', null)
      return (await lookedUp.execute()).length === 1
    }),
  },
  'every answer needs a yes': {
    prepare: async ({ town }, db) => {
      await employ(db, town.zalo.deskOfficer.name, 'approves')
      await approveAll(db)
    },
    errands: [{ reads: 'CHỜ DUYỆT', says: 'duyệt' }],
    terms: { needsYes: true },
  },
  'nobody can say yes': {
    prepare: (_stage, db) => approveAll(db),
    isDone: isRead('chưa có ai được giao duyệt', 3),
    terms: { needsYes: true },
  },
  'an answer in private': {
    prepare: unheard,
    unanswered: ofComment,
    errands: [{ reads: ' mới · DH-', about: ofComment, says: 'riêng: Hồ sơ của bác còn thiếu tờ khai CT01.' }],
    isDone: also(areOut('private_reply')),
  },
  'an answer is edited': {
    prepare: unheard,
    errands: [{ reads: 'đã hiện công khai', about: ofComment, says: 'sửa: Bà con chỉ cần mang theo căn cước.' }],
    isDone: also(areOut('edit')),
  },
  'an answer is taken down': {
    prepare: unheard,
    errands: [{ reads: 'đã hiện công khai', about: ofComment, says: 'gỡ: nhầm số phòng' }],
    isDone: areOut('delete'),
  },
  'a comment is hidden and shown again': {
    prepare: unheard,
    errands: [
      { reads: ' mới · DH-', about: ofComment, says: 'ẩn: lộ số điện thoại' },
      { reads: 'Đã ẩn bình luận', says: 'hiện lại' },
    ],
    isDone: also(areOut('hide'), areOut('unhide')),
  },
  /** Nothing of it may leave but the order to hide it. */
  'an accusation is hidden': {
    prepare: (stage) => {
      unheard(stage)
      const { pageId, postId } = stage.town
      const author = { id: '24000000000000888', name: 'Lê Văn Kín' }
      const text = 'Tôi tố cáo ông Nguyễn Văn Tèo trưởng thôn ăn chặn tiền cứu trợ của dân'
      stage.facebook.comment({ pageId, postId, author, text })
    },
    errands: [{ reads: 'GIỮ KÍN', says: 'ẩn: nêu đích danh khi chưa có kết luận' }],
    isDone: async (db) => {
      const cases = await db.selectFrom('cases').select('status').where('confidentiality', '=', 'public').execute()
      const answered = cases.filter(({ status }) => status === 'published')
      return answered.length === 3 && (await areOut('hide')(db))
    },
  },
  'a post that is edited and taken down': {
    prepare: (stage) => {
      unheard(stage)
      const { officers, officersGroup: group } = stage.town.zalo
      const text = 'đăng bài: Mời bà con dự họp xóm tối thứ bảy.'
      stage.zalo.say({ group, person: officers[0]?.person ?? '', text })
    },
    errands: [
      { reads: 'Đã đăng bài lên trang', says: 'sửa: Mời bà con dự họp xóm tối chủ nhật.' },
      { reads: 'Đã sửa bài trên trang', says: 'gỡ: hoãn họp' },
    ],
    isDone: also(areOut('edit'), areOut('delete')),
  },
  'a post with a photo': {
    prepare: (stage) => {
      unheard(stage)
      const { officers, officersGroup: group } = stage.town.zalo
      const text = 'đăng bài: Bà con xóm Minh Sơn ra quân dọn kênh mương.'
      stage.zalo.say({ group, person: officers[0]?.person ?? '', text, photo: {} })
    },
    isDone: also(areOut('post')),
  },
  /** Urgent, because others are reminded by day only. Its hours pass as soon as the officers have read of it. */
  'the last hours in Messenger': {
    prepare: ({ facebook, zalo, town: { pageId, zalo: office } }, db) => {
      const psid = '31000000000000999'
      const text = 'Cháy nhà ở cạnh trạm điện xóm Minh Sơn, gọi ai bây giờ ạ?'
      facebook.message({ pageId, psid, name: 'Hồ Thị Gấp', text })
      const stopReading = zalo.onLog((entry) => {
        if (entry.what !== 'posted' || !('group' in entry.thread) || entry.thread.group !== office.officersGroup) return
        if (!entry.text.includes('KHẨN') || !entry.text.includes('trạm điện')) return
        stopReading()
        // A failure shows in what never happens then.
        void sql`update events set occurred_at = occurred_at - interval '19 hours' where text = ${text}`
          .execute(db)
          .catch(() => {})
      })
    },
    unanswered: 'trạm điện',
    errands: [{ reads: 'chưa được trả lời', says: 'Bà con gọi 114, xã đang cử người tới.' }],
    isDone: casesPublished(4),
  },
  'a question to a bot': {
    official: 'bot',
    asksOfficial: [toOfficial],
    isDone: casesPublished(4),
    terms: { officersMayReadTwice: true },
  },
  'a question to a bot that is polled': {
    official: 'polled bot',
    asksOfficial: [toOfficial],
    isDone: casesPublished(4),
    terms: { officersMayReadTwice: true },
  },
  /** Its officers are told of that by their bot. */
  'the account is opened elsewhere': {
    official: 'officers’ bot',
    isDone: also(async (db) => {
      const told = db.selectFrom('outbox').select('state').where('text', 'like', '%ở nơi khác%')
      return (await told.execute()).some(({ state }) => state === 'sent' || state === 'confirmed')
    }),
    terms: { officersMayReadTwice: true },
  },
  'a question to an OA': { official: 'OA', asksOfficial: [toOfficial], isDone: casesPublished(4) },
  'no answer from an OA': { official: 'OA unheard', asksOfficial: [toOfficial], isDone: casesPublished(4) },
  'an OA whose token ends': { official: 'OA at its end', asksOfficial: [toOfficial], isDone: casesPublished(4) },
  'a resident of an OA wants to be forgotten': {
    official: 'OA',
    isWithdrawn: true,
    isDone: also(async (db) => {
      const told = db.selectFrom('outbox').select('state').where('text', 'like', '%yêu cầu xóa dữ liệu%')
      return (await told.execute()).some(({ state }) => state === 'confirmed')
    }),
  },
} satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof scenarios

async function approveAll(db: Db): Promise<void> {
  const why = { by: { actor: 'the soak' }, reason: null }
  await transaction(db, 'switch-publishing', (tx) => setMode(tx, everywhere, 'approve_all', why, new Date()))
}

function officerNamed(db: Db, name: string): Promise<{ id: Parameters<typeof inviteOfficer>[1] }> {
  return db.selectFrom('officers').select('id').where('displayName', '=', name).executeTakeFirstOrThrow()
}
