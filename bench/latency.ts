import { setTimeout as wait } from 'node:timers/promises'
import { shippedPacing } from '../config/pacing.ts'
import type { Bench } from './measure/bench.ts'
import { type Office, openOffice } from './measure/office.ts'
import { figure } from './measure/report.ts'
import { onFacebook, onZalo } from './measure/sight.ts'
import { median, percentile } from './measure/statistics.ts'
import { durableNote } from './measure/store.ts'

/** A twentieth: what follows is sent after the gap of the account is over, so that no gap is measured. */
const PACE = 0.05
const resident = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }

/** From a resident's comment to the officers' chat, and from the officer's answer to the comment, on a quiet system. */
export const latency: Bench = {
  name: 'latency',
  run: async (room) => {
    const office = await openOffice(room, { pace: PACE })
    const rounds = room.quick ? 8 : 40
    await askAndAnswer(office, 0) // the first one compiles code and opens connections
    const asked: number[] = []
    const answered: number[] = []
    for (let round = 1; round <= rounds; round += 1) {
      const { toChatMs, toPublicMs } = await askAndAnswer(office, round)
      asked.push(toChatMs)
      answered.push(toPublicMs)
      if (round % 10 === 0) room.say(`${round} of ${rounds}: median ${Math.round(median(asked))} ms`)
    }
    return {
      figures: [
        figure('medianMs', 'comment to the officers’ chat, median', median(asked), 'ms', { below: 250 }),
        figure('p95Ms', '95 of 100 within', percentile(asked, 0.95), 'ms'),
        figure('answerMedianMs', 'officer’s answer to visible under the comment, median', median(answered), 'ms'),
        figure('answerP95Ms', '95 of 100 within', percentile(answered, 0.95), 'ms'),
      ],
      notes: [
        durableNote,
        `${rounds} comments one after the other; the pause between two sends of one account is over before each (PACE=${PACE})`,
        'a busy account adds that pause on purpose: as shipped 10 to 13 s on a Page, 3 to 5 s on Zalo',
      ],
    }
  },
}

async function askAndAnswer(office: Office, round: number): Promise<{ toChatMs: number; toPublicMs: number }> {
  const { facebook, zalo, town } = office
  const group = town.zalo.officersGroup
  const words = `làm giấy khai sinh lần thứ ${round} thì`

  await quiet()
  const carded = onZalo(office, 'the card is in the officers’ chat', ({ text, place }) => {
    return place === group && text.includes('mới · DH-') && text.includes(words)
  })
  const text = `Cho hỏi thủ tục ${words} cần những gì ạ?`
  const askedAt = performance.now()
  const commentId = facebook.comment({ pageId: town.pageId, postId: town.postId, author: resident, text })
  const card = await carded

  await quiet()
  const shown = onFacebook(office, 'the answer is under the comment', ({ text, place }) => {
    return place === commentId && text.includes('Cần tờ khai')
  })
  const told = onZalo(office, 'the officer is told', ({ text, place }) => {
    return place === group && text.includes('đã hiện công khai')
  })
  const answeredAt = performance.now()
  zalo.say({ group, person: 'hoa', text: `Cần tờ khai và giấy chứng sinh (${round}).`, quote: card.id })
  const [answer] = await Promise.all([shown, told])
  return { toChatMs: card.at - askedAt, toPublicMs: answer.at - answeredAt }
}

/** Until every account may send again, and a while that is not the same every time, so that no clock beats along. */
async function quiet(): Promise<void> {
  const { gapMs, jitterMs } = shippedPacing.facebook
  await wait((gapMs + jitterMs) * PACE + 100 + Math.random() * 400)
}
