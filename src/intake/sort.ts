import { asksToTake, isHeard, type Listening, saysSomething } from './listen.ts'
import type { StoredEvent } from './store.ts'

/** What is known about an event's surroundings when it is sorted. */
export interface Surroundings {
  /** The author is an officer bound to this account. */
  readonly isOfficer: boolean
  /** The group it was written in, if it was one and we know it. */
  readonly group: GroupAround | null
  /** It was taken back before we looked. */
  readonly isRemoved: boolean
}

export interface GroupAround extends Listening {
  readonly audience: string
  /** The author is an officer, and the group belongs to their unit or to one below it. */
  readonly isTheirs: boolean
  /** Whose message it quotes; null: it quotes none. */
  readonly quotes: 'ours' | 'own' | 'other' | null
  /** It goes on with a case of its author's that still waits. */
  readonly continues: boolean
  /** How people call us there. */
  readonly accountName: string
}

export type Sorted =
  | { readonly as: 'echo' | 'officer' | 'resident' | 'removal' | 'edit' | 'receipt' }
  /** An officer hands over what a resident wrote: the quoted message is the question. */
  | { readonly as: 'forward' }
  /** Kept, and nothing is done: the reason becomes the event's outcome. */
  | { readonly as: 'nothing'; readonly outcome: string }

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
  const sorted = event.place.kind === 'group' ? sortInGroup(event, around) : outsideGroups(event, around)
  const isActedUpon = sorted.as === 'resident' || sorted.as === 'forward' || event.place.kind !== 'group'
  return isActedUpon && around.isRemoved ? { as: 'nothing', outcome: 'removed_before' } : sorted
}

function outsideGroups({ place }: StoredEvent, { isOfficer }: Surroundings): Sorted {
  return { as: place.kind === 'direct' && isOfficer ? 'officer' : 'resident' }
}

function sortInGroup(event: StoredEvent, { group, isOfficer }: Surroundings): Sorted {
  if (group === null) return { as: 'nothing', outcome: 'unknown_group' }
  if (group.audience === 'officers') return isOfficer ? { as: 'officer' } : { as: 'nothing', outcome: 'not_bound' }
  if (group.continues) return { as: 'resident' }
  if (group.isTheirs && group.quotes === 'other' && asksToTake(event)) return { as: 'forward' }
  if (!isHeard(event, group)) {
    return { as: 'nothing', outcome: group.listen === 'on_forward' ? 'not_forwarded' : 'not_addressed' }
  }
  // Calling us to what somebody else wrote is for officers of the unit. Who says something of their own is heard with that.
  const isBareCall = group.quotes === 'other' && event.attachments.length === 0
  if (isBareCall && !saysSomething(event.text, group.accountName)) {
    return { as: 'nothing', outcome: 'forward_not_bound' }
  }
  return { as: 'resident' }
}
