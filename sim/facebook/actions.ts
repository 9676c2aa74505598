import { z } from 'zod'

const Id = z.string().min(1)
const Person = z.object({ id: Id, name: z.string() })
const Attachment = z.object({ type: z.string(), url: z.string() })
const Omission = z.enum(['from', 'name', 'message', 'post'])

/** What people do on this Facebook; the same shapes in-process and over HTTP. */
export const actions = {
  addPage: z.object({
    id: Id,
    name: Id,
    token: Id,
    /** Fields delivered from the start; true means all, false none (the product must subscribe the Page). */
    subscribed: z.union([z.boolean(), z.array(z.string())]).default(true),
  }),
  addUser: z.object({
    id: Id,
    name: Id,
    token: Id,
    pageIds: z.array(Id),
    kind: z.enum(['USER', 'SYSTEM_USER']).default('USER'),
  }),
  addPost: z.object({
    pageId: Id,
    text: z.string(),
    kind: z.enum(['text', 'photo']).default('text'),
    photoUrl: z.string().optional(),
    id: z
      .string()
      .regex(/^\d+_\d+$/u)
      .optional(),
  }),
  comment: z.object({
    pageId: Id,
    postId: Id,
    author: Person,
    text: z.string(),
    parentCommentId: Id.optional(),
    photoUrl: z.string().optional(),
    /** Keys the webhook lacks, as with a private profile or a missing permission; Graph still shows them. */
    omit: z.array(Omission).default([]),
  }),
  editComment: z.object({ commentId: Id, text: z.string() }),
  removeComment: z.object({
    commentId: Id,
    /** Neither author nor time in the webhook. */ bare: z.boolean().default(false),
  }),
  removePost: z.object({ postId: Id }),
  visitorPost: z.object({ pageId: Id, author: Person, text: z.string() }),
  react: z.object({ postId: Id, author: Person, type: z.string().default('like') }),
  message: z.object({
    pageId: Id,
    psid: Id,
    name: z.string().default(''),
    text: z.string().default(''),
    attachments: z.array(Attachment).default([]),
    replyTo: Id.optional(),
    /** The webhook has the mid and nothing else; Graph shows the rest. */
    bare: z.boolean().default(false),
  }),
  editMessage: z.object({ mid: Id, text: z.string() }),
  removeMessage: z.object({ mid: Id }),
  postback: z.object({ pageId: Id, psid: Id, name: z.string().default(''), title: z.string(), payload: z.string() }),
  /** Two ids of one person; without it the PSID of a commenter is a new number. */
  linkIdentity: z.object({ pageId: Id, authorId: Id, psid: Id }),
  officerRepliesInApp: z.object({ pageId: Id, commentId: Id, text: z.string() }),
  officerEditsInApp: z.object({ commentId: Id, text: z.string() }),
  officerRemovesInApp: z.object({ commentId: Id }),
  officerMessagesInApp: z.object({ pageId: Id, psid: Id, text: z.string() }),
} as const

export type ActionName = keyof typeof actions
export type ActionInput<Name extends ActionName> = z.input<(typeof actions)[Name]>
export type ActionOutput<Name extends ActionName> = z.output<(typeof actions)[Name]>
