import { connectBot } from '../assembly/connect-bot.ts'
import { systemClock } from '../lib/clock.ts'
import { type Command, readAll, UsageError } from './command.ts'
import { withStore } from './with-store.ts'

const usage = 'usage: zalo-bot connect [--polling] < token'

export const zaloBotCommand: Command = async ([action, ...words], { stdin, stdout }) => {
  const isPolling = words[0] === '--polling'
  if (action !== 'connect' || words.length > (isPolling ? 1 : 0)) throw new UsageError(usage)
  const token = (await readAll(stdin)).trim()
  return withStore(async (store) => {
    const { id, name, by } = await connectBot({ ...store, clock: systemClock }, token, { mayUseWebhook: !isPolling })
    stdout.write(`đã giữ kín mã của bot ${name} (${id})\n`)
    stdout.write(
      by === 'webhook'
        ? 'tin nhắn sẽ được Zalo gửi thẳng tới máy chủ này\n'
        : 'tin nhắn sẽ được hỏi lấy liên tục; muốn Zalo gửi thẳng, xin đặt PUBLIC_URL là một địa chỉ https\n',
    )
    return 0
  })
}
