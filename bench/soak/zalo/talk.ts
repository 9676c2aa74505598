import type { ZaloSim } from '../../../sim/zalo/sim.ts'
import type { Commune } from './villages.ts'

/** One in so many messages of a group is a question to us. */
export const ONE_QUESTION_IN = 10
const ONE_DIRECT_IN = 60

/** Where each question was asked: the message's id → the group. */
export type Questions = Map<string, string>

/** What people talk about among themselves. It asks, praises and complains, and none of it is meant for us. */
const talk: readonly ((n: number) => string)[] = [
  (n) => `Chiều nay ai đi chợ không, cho em gửi ${n} mớ rau?`,
  (n) => `Nhà em bán lúa giống, ${n} kg còn lại ạ`,
  () => 'Cảm ơn các bác nhiều 🙏🏽👨‍👩‍👧‍👦',
  (n) => `Đường xóm mình hỏng ${n} chỗ rồi, chán quá`,
  () => 'ok',
  (n) => `Bao giờ có điện lại ạ, mất ${n} tiếng rồi?`,
  () => 'Họp xóm tối nay 7 rưỡi nhé bà con',
  (n) => `Hỏi tí: con trâu ai lạc ở đồng Cồn, sừng cong, thẻ tai ${n}?`,
  (n) => `${'Thông báo dài của trưởng xóm về vệ sinh môi trường. '.repeat(45)}${n}`,
  () => '#chúcmừng cả nhà',
]

/** The n-th message in the groups: every tenth a question to us, the others of every kind that people send each other. */
export function speak(
  zalo: Pick<ZaloSim, 'say' | 'undo'>,
  communes: readonly Commune[],
  n: number,
  questions: Questions,
  lately: Map<string, string>,
): void {
  const commune = pick(communes, n)
  const { id: group, residents } = pick(commune.groups, Math.floor(n / communes.length))
  const person = pick(residents, n * 7)
  if (n % ONE_DIRECT_IN === 0) zalo.say({ account: commune.uid, person, text: `Cảm ơn xã nhiều ạ ${n}` })
  if (n % ONE_QUESTION_IN === 0) {
    const byName = n % (3 * ONE_QUESTION_IN) === 0
    const words = `Bao giờ sửa xong đường bê tông đoạn số ${n} ạ?`
    const { id } = zalo.say({
      group,
      person,
      ...(byName ? { text: words, mentions: [commune.uid] } : { text: `#hỏi ${words}` }),
    })
    questions.set(id, group)
    return
  }
  const { id } = zalo.say({ group, person, ...utterance(n, lately.get(group)) })
  // Some think better of it at once.
  if (n % 37 === 0) zalo.undo({ msgId: id })
  else lately.set(group, id)
}

function utterance(n: number, before: string | undefined): Omit<Parameters<ZaloSim['say']>[0], 'group' | 'person'> {
  const text = pick(talk, n)(n)
  if (n % 23 === 0) return { sticker: true }
  if (n % 29 === 0) return { photo: {}, text: `Ảnh lúa nhà em ${n}` }
  if (n % 31 === 0) return { text, mentions: ['all'] }
  if (n % 7 === 0 && before !== undefined) return { text, quote: before }
  return { text }
}

function pick<T>(items: readonly T[], n: number): T {
  const item = items[n % items.length]
  if (item === undefined) throw new RangeError('expected somebody to choose from')
  return item
}
