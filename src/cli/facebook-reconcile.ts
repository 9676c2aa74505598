import { findAccount } from '../accounts/store.ts'
import { openChannel } from '../assembly/channels.ts'
import { readHistory } from '../channels/reconcile.ts'
import { DeliveryKeeper } from '../intake/keep.ts'
import { plusMs, systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import { pageCheckTexts } from '../texts/page-checks.ts'
import type { CommandIo } from './command.ts'
import { withStore } from './with-store.ts'

const WEEK_MS = 7 * 86_400_000
/** By hand one reads further back than every hour. */
const POSTS = 200

/** Reads what stands on the Page since then, a week unless told otherwise, and hands in what nobody had told us of. */
export async function reconcile(pageId: string, since: Date | null, { stdout, stderr }: CommandIo): Promise<number> {
  return withStore(async ({ db, pool, keyRing, config }) => {
    const { facebook, pacing } = config
    if (facebook === null) throw new RefusedError(pageCheckTexts.appMissing)
    const account = await findAccount(db, 'facebook', pageId)
    if (account === null) throw new RefusedError(`Page ${pageId} is not known: import it first`)
    if (account.loginNumber === 0) throw new RefusedError(pageCheckTexts.tokenMissing(pageId))
    const clock = systemClock
    const { callTimeoutMs } = pacing
    const channel = await openChannel({ db, keyRing, clock, facebook, callTimeoutMs }, account.id)
    const now = clock()
    const window = {
      since: since ?? plusMs(now, -WEEK_MS),
      until: plusMs(now, -pacing.pageWatch.freshMs),
      posts: POSTS,
    }
    const keeper = new DeliveryKeeper(pool, clock, () => {})
    const { reading, error } = await readHistory({ db, keeper }, account.id, channel, window)
    const { found, known, missed, fresh } = reading
    stdout.write(`trên trang: ${found}\nđã biết: ${known}\nmới đưa vào: ${missed}\nvừa viết, còn chờ: ${fresh}\n`)
    if (error === null) return 0
    stderr.write(`chưa đọc hết: Facebook trả lời ${error.platformCode}; xin chạy lại sau\n`)
    return 1
  })
}
