import type { Office } from './office.ts'

export interface Sighting {
  readonly id: string
  readonly text: string
  /** As performance.now() says it. */
  readonly at: number
}

const PATIENCE_MS = 60_000

type Matches = (seen: { readonly id: string; readonly text: string; readonly place: string }) => boolean

/** The moment at which the product's next matching text stands in a Zalo chat; `place` is the group or the person. */
export function onZalo({ zalo }: Pick<Office, 'zalo'>, what: string, matches: Matches): Promise<Sighting> {
  return sight(what, (look) =>
    zalo.onLog((entry) => {
      if (entry.what !== 'posted' || entry.via !== 'api') return
      const place = 'group' in entry.thread ? entry.thread.group : entry.thread.person
      look({ id: entry.msgId, text: entry.text, place }, matches)
    }),
  )
}

/** The same on Facebook; `place` is the comment that is replied to, or the person in Messenger. */
export function onFacebook({ facebook }: Pick<Office, 'facebook'>, what: string, matches: Matches): Promise<Sighting> {
  return sight(what, (look) =>
    facebook.follow((entry) => {
      if (entry.kind === 'public' && entry.via === 'graph' && entry.what === 'comment')
        look({ id: entry.id, text: entry.text, place: entry.parentId ?? '' }, matches)
      if (entry.kind === 'private' && entry.via === 'graph')
        look({ id: entry.id, text: entry.text, place: entry.psid }, matches)
    }),
  )
}

type Look = (seen: Parameters<Matches>[0], matches: Matches) => void

function sight(what: string, follow: (look: Look) => () => void): Promise<Sighting> {
  const sighting = watch(what, follow)
  sighting.catch(() => {}) // whoever waits for it may still be waiting for something else
  return sighting
}

async function watch(what: string, follow: (look: Look) => () => void): Promise<Sighting> {
  const { promise, resolve, reject } = Promise.withResolvers<Sighting>()
  const unfollow = follow((seen, matches) => {
    if (matches(seen)) resolve({ id: seen.id, text: seen.text, at: performance.now() })
  })
  const timer = setTimeout(() => reject(new Error(`waited ${PATIENCE_MS} ms in vain until ${what}`)), PATIENCE_MS)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    unfollow()
  }
}
