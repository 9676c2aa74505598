import { writeFile } from 'node:fs/promises'
import type { QrStep } from '../../bots/zalo/qr-login.ts'
import { consentOf } from '../accounts/consent.ts'
import { listGroups } from '../accounts/group-list.ts'
import { type Account, findAccount, saveLogin } from '../accounts/store.ts'
import { systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import { undeclaredGroups } from '../reporting/undeclared-groups.ts'
import { groupLine } from '../texts/group-list.ts'
import { moment } from '../texts/moment.ts'
import { type Command, type CommandIo, UsageError } from './command.ts'
import { type CommandStore, withStore } from './with-store.ts'
import { readZaloWords, type ZaloWords } from './zalo-arguments.ts'
import { askConsent, keepConsent, revokeConsent } from './zalo-consent.ts'

const usage = [
  'usage: zalo login [UID] [--admin NAME [--consent]] [--qr FILE]',
  'zalo consent UID --admin NAME [--consent]',
  'zalo revoke UID --admin NAME',
  'zalo groups',
].join(' | ')

export const zaloCommand: Command = async ([action, ...words], io) => {
  const given = readZaloWords(words)
  if (given === null) throw new UsageError(usage)
  const { uid, admin, file, isPiped } = given
  if (action === 'login') return login(given, io)
  if (file === null && uid !== null && admin !== null) {
    if (action === 'consent') return consent({ uid, admin, isPiped }, io)
    if (action === 'revoke' && !isPiped) return revoke(uid, admin, io)
  }
  if (action === 'groups' && words.length === 0) return showGroups(io)
  throw new UsageError(usage)
}

/** Without a UID the login itself tells whose account it is: nobody knows that number by heart. */
async function login({ uid, admin, file, isPiped }: ZaloWords, io: CommandIo): Promise<number> {
  return withStore(async ({ db, keyRing, config }) => {
    const known = uid === null ? null : await knownAccount(db, uid)
    if (known !== null && admin === null) await requireConsent(db, known)
    const words = admin === null ? null : await askConsent(io, isPiped)
    const { loginByQr } = await import('../../bots/zalo/qr-login.ts')
    const session = await loginByQr({
      simUrl: config.zaloSimUrl,
      waits: config.pacing.qrWaits,
      clock: systemClock,
      onStep: (step) => void show(step, file ?? 'zalo-qr.png', io),
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
    if (admin !== null && words !== null) await keepConsent(db, account, admin, words)
    else await requireConsent(db, account)
    await saveLogin(db, keyRing, account.id, session)
    io.stdout.write('đã đăng nhập; phiên được giữ kín trong cơ sở dữ liệu\n')
    return 0
  })
}

async function knownAccount(db: CommandStore['db'], uid: string): Promise<Account> {
  const account = await findAccount(db, 'zalo', uid)
  if (account === null) throw new RefusedError(`Zalo account ${uid} is not known: import it first`)
  return account
}

/** A login begins anew, so what was agreed to before the statement was changed is not enough for it. */
async function requireConsent(db: CommandStore['db'], { id, externalId }: Account): Promise<void> {
  const given = await consentOf(db, id)
  if (given?.isCurrent === true) return
  const why =
    given === null ? 'no admin has agreed to using' : 'the statement has changed since an admin agreed to using'
  throw new RefusedError(`${why} the Zalo account ${externalId}: name one with --admin "NAME"; nothing was kept`)
}

async function consent(
  { uid, admin, isPiped }: { uid: string; admin: string; isPiped: boolean },
  io: CommandIo,
): Promise<number> {
  return withStore(async ({ db }) => {
    const account = await knownAccount(db, uid)
    await keepConsent(db, account, admin, await askConsent(io, isPiped))
    io.stdout.write(`đã ghi lại lời xác nhận của ${admin}\n`)
    return 0
  })
}

async function revoke(uid: string, admin: string, { stdout }: CommandIo): Promise<number> {
  return withStore(async ({ db }) => {
    await revokeConsent(db, await knownAccount(db, uid), admin)
    stdout.write('đã rút lại lời xác nhận; phần mềm ngắt tài khoản trong vài giây\n')
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
