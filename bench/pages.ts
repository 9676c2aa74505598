import { setTimeout as wait } from 'node:timers/promises'
import { how } from '../sim/facebook/how.ts'
import type { TownPage } from '../sim/town.ts'
import type { Bench } from './measure/bench.ts'
import { type Office, openOffice } from './measure/office.ts'
import { figure } from './measure/report.ts'
import { median, percentile } from './measure/statistics.ts'
import { durableNote } from './measure/store.ts'

const PAGES = 150
/** As shipped: nobody of the others is asked twice within the pause between two sends of a Page. */
const PACE = 1
/** Between two comments on the stormy Page, once the first thousands are there. */
const APART_MS = 200
/** Without a call for so long, the first looks at all the Pages are over. */
const QUIET_MS = 3_000
const PATIENCE_MS = 120_000

/** How long 149 Pages' first public reply takes while one Page has a storm, against the same without it. */
export const pages: Bench = {
  name: 'pages',
  run: async (room) => {
    const office = await openOffice(room, { pace: PACE, pages: PAGES })
    const [storm, ...others] = office.town.pages
    if (storm === undefined) throw new RangeError('expected a town with Pages')
    const asked = room.quick ? others.slice(0, 30) : others.slice(0, -10)
    const atOnce = room.quick ? 500 : 2_000
    await lookedAtAll(office)
    await askAll(office, others.slice(-10)) // compiles code, opens connections and asks for tokens
    const alone = await askAll(office, asked)
    room.say(`alone: median ${Math.round(median(alone))} ms`)

    const stop = unleash(office, storm, atOnce)
    const beside = await askAll(office, asked)
    const { written, answered, failed } = stop()
    room.say(`beside the storm: median ${Math.round(median(beside))} ms`)
    return {
      figures: [
        figure('medianRatio', 'beside the stormy Page, in times of alone: median', median(beside) / median(alone), '', {
          below: 2,
        }),
        figure('p95Ratio', 'the same: 95 of 100 within', percentile(beside, 0.95) / percentile(alone, 0.95), '', {
          below: 2,
        }),
        figure('aloneMedianMs', `comment to public reply on ${asked.length} Pages, median`, median(alone), 'ms'),
        figure('aloneP95Ms', '95 of 100 within', percentile(alone, 0.95), 'ms'),
        figure('besideMedianMs', 'beside the stormy Page, median', median(beside), 'ms'),
        figure('besideP95Ms', '95 of 100 within', percentile(beside, 0.95), 'ms'),
        figure('stormComments', 'comments on the stormy Page meanwhile', written),
        figure('stormReplies', 'replies there meanwhile', answered),
        figure('stormFailures', 'calls of it that Graph refused, dropped or left hanging', failed),
      ],
      notes: [
        durableNote,
        `one comment after the other, on another Page each time; the public reply is the acknowledgement (PACE=${PACE})`,
        `the storm: ${atOnce} comments at once in webhooks of up to 1,000, then one each ${APART_MS} ms, with the pauses as shipped`,
      ],
    }
  },
}

/** Somebody asks on each of the Pages, one after the other; how long each waited for the reply. */
async function askAll(office: Office, asked: readonly TownPage[]): Promise<number[]> {
  const waited: number[] = []
  for (const page of asked) {
    waited.push(await askOne(office, page))
    await wait(Math.random() * 100) // so that no clock beats along
  }
  return waited
}

async function askOne(office: Office, page: TownPage): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let commentId = ''
  const unfollow = office.facebook.follow((entry) => {
    if (entry.kind === 'public' && entry.what === 'comment' && entry.parentId === commentId) resolve(performance.now())
  })
  const timer = setTimeout(() => reject(new Error(`${page.name} did not reply in ${PATIENCE_MS} ms`)), PATIENCE_MS)
  const began = performance.now()
  commentId = comment(office, page)
  return promise
    .then((seen) => seen - began)
    .finally(() => {
      clearTimeout(timer)
      unfollow()
    })
}

/** Until the program has looked at all of its Pages, as it does when it starts. */
async function lookedAtAll({ facebook }: Pick<Office, 'facebook'>): Promise<void> {
  let seen = -1
  while (seen < facebook.log.length) {
    seen = facebook.log.length
    await wait(QUIET_MS)
  }
}

/** Thousands ask on one Page, and Graph is weary of it: throttled, refused, dropped, left hanging. Returns how to end it. */
function unleash(
  office: Office,
  page: TownPage,
  atOnce: number,
): () => { written: number; answered: number; failed: number } {
  const { facebook } = office
  const match = { method: 'POST', path: /\/comments$/, pageId: page.id } as const
  const troubles = [
    how.createThenReset(),
    how.createThenHtml(),
    how.createThenHang(),
    how.hangBefore(),
    how.refuse(2, undefined, { http: 500 }),
    how.refuse(32),
    how.throttled(page.id, 0),
  ]
  for (const trouble of troubles) facebook.fail({ match, chance: 0.12, times: 10_000, how: trouble })
  const from = facebook.log.length
  let written = 0
  const write = (): void => {
    written += 1
    comment(office, page)
  }
  facebook.weather({ batchMax: 1_000, duplicates: 1 })
  facebook.pauseWebhooks()
  while (written < atOnce) write()
  facebook.releaseWebhooks()
  const timer = setInterval(write, APART_MS)
  return () => {
    clearInterval(timer)
    const seen = facebook.log.slice(from)
    const ofStorm = new Set(
      seen.flatMap((entry) => (entry.kind === 'resident' && entry.pageId === page.id ? [entry.id] : [])),
    )
    return {
      written,
      answered: seen.filter((entry) => entry.kind === 'public' && ofStorm.has(entry.parentId ?? '')).length,
      failed: seen.filter((entry) => entry.kind === 'call' && entry.fault !== undefined).length,
    }
  }
}

let asked = 0

function comment({ facebook }: Pick<Office, 'facebook'>, page: TownPage): string {
  asked += 1
  return facebook.comment({
    pageId: page.id,
    postId: page.postId,
    author: { id: String(24_000_000_000_200_000n + BigInt(asked)), name: `Nguyễn Văn Gia ${asked}` },
    text: `Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì? Nhà tôi ở xóm ${asked}.`,
  })
}
