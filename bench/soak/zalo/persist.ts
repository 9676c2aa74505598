import type { LastingZalo } from './lasting.ts'
import type { Commune } from './villages.ts'

const REJECTED = /Nền tảng không nhận câu trả lời của (DH-\w{3}-\w{3})/
const UNSURE = /Chưa rõ câu trả lời của (DH-\w{3}-\w{3}) đã hiện ra/

type Chat = { group: string; person: string } | { account: string; person: string }

/** What officers had to do besides answering. */
export interface Persistence {
  readonly again: number
  readonly looked: number
  leave(): void
}

/**
 * Officers who read that an answer was not taken give it again in other words; who are asked whether it is there go and
 * look, and say what they have seen.
 */
export function employPersistence(zalo: LastingZalo, { officersGroup, officers }: Commune): Persistence {
  const [officer] = officers
  if (officer === undefined) throw new Error('expected a commune with officers')
  let [again, looked] = [0, 0]
  const say = (chat: Chat, quote: string, text: string): void => {
    // Not at once: what they read is still being handed out to those in the group.
    setImmediate(() => zalo.say({ ...chat, text, quote }))
  }
  const leave = zalo.onLog((entry) => {
    if (entry.what !== 'posted') return
    const { thread } = entry
    const isTheirs =
      'group' in thread ? thread.group === officersGroup : officers.some(({ person }) => person === thread.person)
    if (!isTheirs) return
    const chat = 'group' in thread ? { ...thread, person: officer.person } : thread
    const rejected = REJECTED.exec(entry.text)?.[1]
    const unsure = UNSURE.exec(entry.text)?.[1]
    if (rejected !== undefined) {
      again += 1
      say(chat, entry.msgId, `Về việc ${rejected}, xã xin trả lời lại: đoạn này làm xong trong tháng sau (${again}).`)
    }
    if (unsure !== undefined) {
      looked += 1
      say(chat, entry.msgId, stands(zalo, officersGroup, unsure) ? 'đã đăng' : 'đăng lại')
    }
  })
  return {
    get again() {
      return again
    },
    get looked() {
      return looked
    },
    leave,
  }
}

function stands(zalo: LastingZalo, officersGroup: string, code: string): boolean {
  return zalo.log.some(
    (entry) =>
      entry.what === 'posted' &&
      entry.text.includes(code) &&
      !('group' in entry.thread && entry.thread.group === officersGroup),
  )
}
