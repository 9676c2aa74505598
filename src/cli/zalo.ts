import { writeFile } from 'node:fs/promises'
import type { QrStep } from '../../bots/zalo/qr-login.ts'
import { listGroups } from '../accounts/group-list.ts'
import { findAccount, saveLogin } from '../accounts/store.ts'
import { systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import { undeclaredGroups } from '../reporting/undeclared-groups.ts'
import { groupLine } from '../texts/group-list.ts'
import { moment } from '../texts/moment.ts'
import { type Command, type CommandIo, UsageError } from './command.ts'
import { withStore } from './with-store.ts'

const usage = 'usage: zalo login [UID] [--qr FILE] | zalo groups'

export const zaloCommand: Command = async ([action, ...words], io) => {
  if (action === 'groups' && words.length === 0) return showGroups(io)
  if (action !== 'login') throw new UsageError(usage)
  return login(words, io)
}

/** Without a UID the login itself tells whose account it is: nobody knows that number by heart. */
async function login(words: readonly string[], io: CommandIo): Promise<number> {
  const [uid, options] = words[0]?.startsWith('--') === false ? [words[0], words.slice(1)] : [null, words]
  const [option, file = 'zalo-qr.png', ...more] = options
  if ((option !== undefined && option !== '--qr') || more.length > 0) throw new UsageError(usage)
  return withStore(async ({ db, keyRing, config }) => {
    if (uid !== null && (await findAccount(db, 'zalo', uid)) === null)
      throw new RefusedError(`Zalo account ${uid} is not known: import it first`)
    const { loginByQr } = await import('../../bots/zalo/qr-login.ts')
    const session = await loginByQr({
      simUrl: config.zaloSimUrl,
      waits: config.pacing.qrWaits,
      clock: systemClock,
      onStep: (step) => void show(step, file, io),
    })
    const { readSession } = await import('../../bots/zalo/session.ts')
    const loggedIn = readSession(session).uid
    if (loggedIn === null) throw new RefusedError('Zalo did not say which account was logged in: try again')
    if (uid !== null && loggedIn !== uid)
      throw new RefusedError(`the account that was logged in is ${loggedIn} and not ${uid}: nothing was kept`)
    const account = await findAccount(db, 'zalo', loggedIn)
    if (account === null)
      throw new RefusedError(
        `this is the Zalo account ${loggedIn}, which is not known yet: write that number into the setup file, import it and log in again`,
      )
    await saveLogin(db, keyRing, account.id, session)
    io.stdout.write('đã đăng nhập; phiên được giữ kín trong cơ sở dữ liệu\n')
    return 0
  })
}

/**
 * The groups that are declared and how each stands; then those that are not. To find one group's id for the setup file,
 * write in that group and look what was heard last.
 */
async function showGroups({ stdout }: CommandIo): Promise<number> {
  return withStore(async ({ db }) => {
    const declared = await listGroups(db)
    for (const group of declared) stdout.write(`${groupLine(group)}\n`)
    if (declared.length === 0) stdout.write('chưa khai báo nhóm nào\n')
    const undeclared = await undeclaredGroups(db)
    for (const { account, group, messages, lastHeardAt } of undeclared) {
      stdout.write(
        `chưa khai báo: tài khoản ${account}  nhóm ${group}  ${messages} tin, gần nhất ${moment(lastHeardAt)}\n`,
      )
    }
    if (undeclared.length === 0) stdout.write('không có nhóm nào chưa khai báo\n')
    return 0
  })
}

async function show(step: QrStep, file: string, { stdout }: CommandIo): Promise<void> {
  if (step.step === 'show') {
    await writeFile(file, Buffer.from(step.image, 'base64'), { mode: 0o600 })
    stdout.write(`mở tệp ${file} và quét mã QR bằng Zalo trên điện thoại của tài khoản\n`)
  }
  if (step.step === 'scanned') stdout.write('đã quét, xin bấm đồng ý trên điện thoại\n')
  if (step.step === 'expired') stdout.write('mã đã hết hạn, đang lấy mã mới\n')
  if (step.step === 'unreachable') stdout.write('chưa kết nối được với Zalo, đang thử lại\n')
  if (step.step === 'declined') stdout.write('đã từ chối trên điện thoại\n')
}
