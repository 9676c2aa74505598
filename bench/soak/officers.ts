import type { Town } from '../../sim/town.ts'
import type { ZaloSim } from '../../sim/zalo/sim.ts'
import type { Say } from '../../sim/zalo/world/people.ts'
import type { Thread } from '../../sim/zalo/world/types.ts'

const PUBLIC_CARD = / mới · (DH-\w{3}-\w{3})$/m

/** Officers who answer each card, in their group or 1:1, once, by quoting it, as long as they are at work. */
export interface Officers {
  /** How many answers they have typed. */
  readonly answers: number
  goHome(): void
  /** Comes back and answers what has come meanwhile. */
  comeBack(): void
  leave(): void
}

interface Card {
  readonly code: string
  readonly msgId: string
  readonly thread: Thread
}

/** What an officer types about a case; the same for the same case. */
function answerFor(code: string): string {
  return `Về việc ${code}: bà con mang CCCD và tờ khai CT01 tới Công an xã trong giờ làm việc.`
}

/** `unless`: words of a card that they leave to somebody else. */
export function employOfficers(
  zalo: Pick<ZaloSim, 'onLog'> & { say(input: Say): unknown },
  town: { readonly zalo: Pick<Town['zalo'], 'officersGroup' | 'officers'> },
  unless?: string,
): Officers {
  const { officersGroup, officers } = town.zalo
  const answered = new Set<string>()
  const waiting: Card[] = []
  let isAtWork = true

  const answer = ({ code, msgId, thread }: Card): void => {
    if (answered.has(code)) return
    const officer = officers[answered.size % officers.length]
    if (officer === undefined) return
    answered.add(code)
    const chat = 'group' in thread ? { ...thread, person: officer.person } : thread
    zalo.say({ ...chat, text: answerFor(code), quote: msgId })
  }
  const stopReading = zalo.onLog((entry) => {
    if (entry.what !== 'posted') return
    const { thread } = entry
    const isTheirs =
      'group' in thread ? thread.group === officersGroup : officers.some(({ person }) => person === thread.person)
    if (!isTheirs) return
    const code = PUBLIC_CARD.exec(entry.text)?.[1]
    if (code === undefined || (unless !== undefined && entry.text.includes(unless))) return
    const card = { code, msgId: entry.msgId, thread }
    // Not at once: the card is still being handed out to those in the group.
    if (isAtWork) setImmediate(() => answer(card))
    else waiting.push(card)
  })
  return {
    get answers() {
      return answered.size
    },
    goHome: () => {
      isAtWork = false
    },
    comeBack: () => {
      isAtWork = true
      for (const card of waiting.splice(0)) answer(card)
    },
    leave: stopReading,
  }
}
