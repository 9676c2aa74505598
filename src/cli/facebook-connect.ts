import { findPageToken, type PageToken } from '../../bots/facebook/page-token.ts'
import type { Config } from '../../config/load.ts'
import { findAccount } from '../accounts/store.ts'
import { facebookApp, openChannel } from '../assembly/channels.ts'
import { examinePage } from '../assembly/page-doctor.ts'
import { ChannelError } from '../channels/channel.ts'
import { connectPage } from '../channels/connect.ts'
import { systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import { pageCheckTexts, tokenRefusals } from '../texts/page-checks.ts'
import { type CommandIo, readAll } from './command.ts'
import { lines } from './facebook-doctor.ts'
import { type CommandStore, withStore } from './with-store.ts'

const sources = {
  page: 'mã của trang',
  person:
    'mã của một người; nên thay bằng mã của người dùng hệ thống, vì mã này mất khi người đó đổi mật khẩu hay thôi việc',
  system_user: 'mã của người dùng hệ thống',
} as const

/** Looks at the token, keeps the Page's, subscribes the Page, and says what is left to do. */
export async function connect(pageId: string, { stdin, stdout }: CommandIo): Promise<number> {
  const given = (await readAll(stdin)).trim()
  if (!/^\S{10,1000}$/.test(given))
    throw new RefusedError('expected the access token on standard input, one word and nothing else')
  return withStore(async (store) => {
    const { db, keyRing, config } = store
    const facebook = facebookOf(config)
    const account = await findAccount(db, 'facebook', pageId)
    if (account === null) throw new RefusedError(`Page ${pageId} is not known: import it first`)
    const { callTimeoutMs } = config.pacing
    const found = await findPageToken(facebookApp({ facebook, callTimeoutMs, clock: systemClock }), pageId, given)
    if ('refused' in found) throw new RefusedError(refusal(found))
    await connectPage(db, keyRing, account.id, found, systemClock())
    stdout.write(`đã giữ kín mã truy cập của trang ${pageId} (${sources[found.from]})\n`)
    const isSubscribed = await subscribe(store, facebook, account.id, stdout)
    stdout.write(lines(await examinePage({ ...store, clock: systemClock }, pageId)))
    return isSubscribed ? 0 : 1
  })
}

function facebookOf({ facebook }: Config): NonNullable<Config['facebook']> {
  if (facebook === null) throw new RefusedError(pageCheckTexts.appMissing)
  return facebook
}

function refusal({ refused, missingScopes }: Extract<PageToken, { refused: unknown }>): string {
  const missing = missingScopes.map((scope) => `\n  ${pageCheckTexts.scopeMissing(scope)}`).join('')
  return `không giữ mã này: ${tokenRefusals[refused]}${missing}`
}

/** The token is kept already: what Facebook refuses here, the running program tries again every few minutes. */
async function subscribe(
  { db, keyRing, config }: CommandStore,
  facebook: NonNullable<Config['facebook']>,
  id: Parameters<typeof openChannel>[1],
  stdout: CommandIo['stdout'],
): Promise<boolean> {
  const { callTimeoutMs } = config.pacing
  const channel = await openChannel({ db, keyRing, clock: systemClock, facebook, callTimeoutMs }, id)
  try {
    const missing = await channel.missingFields()
    if (missing.length > 0) await channel.subscribe()
    stdout.write('đã đăng ký nhận thông báo của trang\n')
    return true
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    stdout.write(`chưa đăng ký được thông báo của trang (Facebook trả lời ${error.platformCode})\n`)
    return false
  }
}
