import type { StoredEvent } from './store.ts'

/** What is known about an event's surroundings when it is sorted. */
export interface Surroundings {
  /** The author is an officer bound to this account. */
  readonly isOfficer: boolean
  /** The group it was written in, if it was one and we know it. */
  readonly group: { readonly audience: string; readonly listen: string } | null
  /** It was taken back before we looked. */
  readonly isRemoved: boolean
}

export type Sorted =
  | { readonly as: 'echo' | 'officer' | 'resident' | 'removal' | 'edit' | 'receipt' }
  /** Kept, and nothing is done: the reason becomes the event's outcome. */
  | { readonly as: 'nothing'; readonly outcome: string }

/** Hashtags with which a resident addresses us in a group. */
const ADDRESSES_US = /(^|\s)#(hoi|hỏi|phananh|phảnánh|phản_ánh)(?=\s|$|[.,:;!?])/iu

/** Pure. Who is speaking, and to whom? In a residents' group only what is addressed to us counts. */
export function sortEvent(event: StoredEvent, around: Surroundings): Sorted {
  switch (event.kind) {
    case 'echo':
      return { as: 'echo' }
    case 'comment_remove':
    case 'message_remove':
    case 'post_remove':
      return { as: 'removal' }
    case 'comment_edit':
    case 'message_edit':
      return { as: 'edit' }
    case 'delivered':
    case 'seen':
    case 'reaction':
      return { as: 'receipt' }
    case 'postback':
      return { as: 'nothing', outcome: 'postback' }
    case 'comment':
    case 'visitor_post':
    case 'message':
      return sortWriting(event, around)
  }
}

function sortWriting(event: StoredEvent, around: Surroundings): Sorted {
  if (event.place.kind === 'group') {
    if (around.group === null) return { as: 'nothing', outcome: 'unknown_group' }
    if (around.group.audience === 'officers') {
      return around.isOfficer ? { as: 'officer' } : { as: 'nothing', outcome: 'not_bound' }
    }
    const isAddressed = event.mentionsAccount || ADDRESSES_US.test((event.text ?? '').normalize('NFC'))
    if (around.group.listen === 'when_addressed' && !isAddressed) return { as: 'nothing', outcome: 'not_addressed' }
  }
  if (around.isRemoved) return { as: 'nothing', outcome: 'removed_before' }
  if (event.place.kind === 'direct' && around.isOfficer) return { as: 'officer' }
  return { as: 'resident' }
}
