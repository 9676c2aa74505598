import type { Town } from '../../sim/town.ts'
import type { ZaloSim } from '../../sim/zalo/sim.ts'

/** What somebody at the office says to what they read, quoting it: an order, or a yes. */
export interface Errand {
  /** Words of the text that it is said to. */
  readonly reads: string
  /** Words of the question that this text has to be about. */
  readonly about?: string
  readonly says: string
}

const CARD = / mới · (DH-\w{3}-\w{3})$/m
const CODE = /DH-\w{3}-\w{3}/

/** Runs the errands whenever there is something to read; each once a text. Returns how to stop. */
export function runErrands(zalo: ZaloSim, { zalo: town }: Pick<Town, 'zalo'>, errands: readonly Errand[]): () => void {
  const [officer] = town.officers
  if (officer === undefined) throw new Error('expected a town with officers')
  const cards = new Map<string, string>()
  const done = new Set<string>()
  return zalo.onLog((entry) => {
    if (entry.what !== 'posted') return
    const { text, thread, msgId: quote } = entry
    const ofCard = CARD.exec(text)?.[1]
    if (ofCard !== undefined) cards.set(ofCard, text)
    const card = cards.get(CODE.exec(text)?.[0] ?? '') ?? ''
    for (const [index, { reads, about = '', says }] of errands.entries()) {
      if (!text.includes(reads) || !card.includes(about) || done.has(`${index} ${text}`)) continue
      done.add(`${index} ${text}`)
      const chat = 'group' in thread ? { group: thread.group, person: officer.person } : thread
      // Not at once: what they read is still being handed out to those in the chat.
      setImmediate(() => zalo.say({ ...chat, text: says, quote }))
    }
  })
}
