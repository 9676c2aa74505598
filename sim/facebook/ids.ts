import { createHash } from 'node:crypto'

export type Ids = {
  story(): string
  comment(): string
  album(): string
  photo(): string
  psid(): string
  mid(): string
}

/**
 * Ids that look like Facebook's and grow from the moment of the start, so a simulator that is started again over the
 * same product never repeats an id. Story ids exceed 2^53 on purpose: a receiver that makes numbers of them breaks here.
 */
export function createIds(startMs: number): Ids {
  const base = BigInt(startMs)
  const counters = new Map<string, bigint>()
  const next = (name: string, first: bigint): bigint => {
    const value = counters.get(name) ?? first
    counters.set(name, value + 1n)
    return value
  }
  return {
    story: () => `122${String(next('story', base * 100n)).padStart(15, '0')}`,
    comment: () => String(next('comment', base * 1000n)),
    album: () => `39${String(next('album', base * 10n)).padStart(15, '0')}`,
    photo: () => `33${String(next('photo', base * 10n)).padStart(14, '0')}`,
    psid: () => `2${String(next('psid', base * 1000n)).padStart(16, '0')}`,
    mid: () => {
      const seed = `mid:${next('mid', base * 1000n)}`
      return `m_${createHash('sha512').update(seed).digest('base64url').slice(0, 43)}`
    },
  }
}
