import { writeFile } from 'node:fs/promises'
import type { QrStep } from '../../bots/zalo/qr-login.ts'
import { findAccount, saveLogin } from '../accounts/store.ts'
import { systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import { type Command, type CommandIo, UsageError } from './command.ts'
import { withStore } from './with-store.ts'

export const zaloCommand: Command = async ([action, uid, ...rest], io) => {
  const [option, file = 'zalo-qr.png', ...more] = rest
  if (action !== 'login' || uid === undefined || (option !== undefined && option !== '--qr') || more.length > 0) {
    throw new UsageError('usage: zalo login UID [--qr FILE]')
  }
  return withStore(async ({ db, keyRing, config }) => {
    const account = await findAccount(db, 'zalo', uid)
    if (account === null) throw new RefusedError(`Zalo account ${uid} is not known: import it first`)
    const { loginByQr } = await import('../../bots/zalo/qr-login.ts')
    const session = await loginByQr({
      simUrl: config.zaloSimUrl,
      waits: config.pacing.qrWaits,
      clock: systemClock,
      onStep: (step) => void show(step, file, io),
    })
    const { readSession } = await import('../../bots/zalo/session.ts')
    const loggedIn = readSession(session).uid
    if (loggedIn !== null && loggedIn !== uid)
      throw new RefusedError('another account than the one named was logged in: nothing was kept')
    await saveLogin(db, keyRing, account.id, session)
    io.stdout.write('đã đăng nhập; phiên được giữ kín trong cơ sở dữ liệu\n')
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
