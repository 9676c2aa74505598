import type { Numbered, Journal as NumberedJournal } from '../kit/journal.ts'

/** What a resident wrote or took back: the product must not lose any of it. */
export type ResidentEntry = {
  kind: 'resident'
  what:
    | 'comment'
    | 'comment_edit'
    | 'comment_remove'
    | 'post'
    | 'post_remove'
    | 'message'
    | 'message_edit'
    | 'message_remove'
    | 'postback'
  pageId: string
  /** Comment id, post id or mid. */
  id: string
  authorId: string
  text: string
  postId?: string
  parentId?: string
}

/** Something that appeared, changed or went on a wall in the name of the Page. */
export type PublicEntry = {
  kind: 'public'
  what:
    | 'comment'
    | 'comment_edit'
    | 'comment_remove'
    | 'comment_hide'
    | 'comment_unhide'
    | 'post'
    | 'post_edit'
    | 'post_remove'
  /** graph: the product did it; facebook: a person did it in Facebook itself. */
  via: 'graph' | 'facebook'
  pageId: string
  id: string
  text: string
  postId?: string
  parentId?: string
}

/** A Messenger text from the Page to a person. */
type PrivateEntry = {
  kind: 'private'
  what: 'message' | 'private_reply'
  via: 'graph' | 'facebook'
  pageId: string
  id: string
  psid: string
  text: string
  metadata?: string
  /** Of a private reply: the comment or the visitor's post. */
  commentId?: string
}

/** One Graph call as it ended. Status 0: the caller got no answer (reset or left hanging). */
type CallEntry = {
  kind: 'call'
  method: string
  path: string
  status: number
  code?: number
  subcode?: number
  /** Name of the fault that shaped this call. */
  fault?: string
  /** Ids the call brought into being, whatever the caller was told. */
  created: string[]
}

/** One POST to the product's webhook. Status 0: no answer. */
type DeliveryEntry = {
  kind: 'delivery'
  status: number
  attempt: number
  updates: number
  ids: string[]
  /** From sending it to the answer. */
  tookMs: number
}

type Unnumbered = ResidentEntry | PublicEntry | PrivateEntry | CallEntry | DeliveryEntry
export type JournalEntry = Numbered & Unnumbered
export type Journal = NumberedJournal<Unnumbered>
