import { z } from 'zod'

/** What Graph answers, as far as we use it. A write without its id cannot be recorded as done. */
export const Created = z.object({ id: z.string().min(1) })
export const Sent = z.object({ message_id: z.string().min(1) })
/** A private reply also tells whose chat it has opened. */
export const SentPrivately = Sent.extend({ recipient_id: z.string().min(1).optional().catch(undefined) })
export const Success = z.object({ success: z.literal(true) })
export const Listed = z.object({ data: z.array(z.object({ id: z.string() })) })

const Author = z.object({ id: z.string(), name: z.string().optional() })

export const Written = z.object({
  id: z.string(),
  from: Author.optional().catch(undefined), // withheld where a permission is missing
  message: z.string().default(''),
  created_time: z
    .string()
    .transform((text) => new Date(text))
    .refine((date) => !Number.isNaN(date.getTime())), // read as "long ago" it would hide what comes after it
})
export type Written = z.infer<typeof Written>

const Paging = z.object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() }).optional()
export type Paging = z.infer<typeof Paging>

export const Comments = z.object({ data: z.array(Written), paging: Paging })

/** What a comment shows to those who compare it with what its webhook told. */
export const Shown = Written.extend({
  parent: z.object({ id: z.string() }).optional().catch(undefined), // only on replies, unlike parent_id of a webhook
  attachment: z
    .object({
      type: z.string(),
      url: z.string().optional(),
      media: z
        .object({ source: z.string().optional(), image: z.object({ src: z.string().optional() }).optional() })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
})
export type Shown = z.infer<typeof Shown>
export const ShownList = z.object({ data: z.array(Shown), paging: Paging })

export const Conversations = z.object({
  data: z.array(z.object({ messages: z.object({ data: z.array(Written) }).optional() })),
})

/** What stands there now of something that we edit or hide. */
export const Standing = z.object({ id: z.string(), message: z.string().default(''), is_hidden: z.boolean().optional() })

const Participants = z.object({ data: z.array(z.object({ id: z.string() })) })

/** The conversations in which something was said last. */
export const RecentConversations = z.object({
  data: z.array(
    z.object({
      updated_time: z.coerce.date(),
      participants: Participants,
      messages: z.object({ data: z.array(Written) }).optional(),
    }),
  ),
})

export const Comment = z.object({
  id: z.string(),
  from: Author.optional(),
  message: z.string().optional(),
  attachment: z
    .object({
      type: z.string(),
      url: z.string().optional(),
      media: z
        .object({ image: z.object({ src: z.string() }).optional(), source: z.string().optional() })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
})
export type Comment = z.infer<typeof Comment>

export const VisitorPost = z.object({
  id: z.string(),
  from: Author.optional(),
  message: z.string().optional(),
  full_picture: z.string().optional(),
})
export type VisitorPost = z.infer<typeof VisitorPost>

const WithUrl = z.object({ url: z.string() }).optional()

export const SentMessage = z.object({
  id: z.string(),
  from: Author.optional(),
  message: z.string().optional(),
  sticker: z.string().optional(),
  attachments: z
    .object({
      data: z.array(
        z.object({
          mime_type: z.string().optional(),
          name: z.string().optional(),
          image_data: WithUrl,
          video_data: WithUrl,
          file_url: z.string().optional(),
        }),
      ),
    })
    .optional()
    .catch(undefined),
})
export type SentMessage = z.infer<typeof SentMessage>

export const Subscriptions = z.object({
  data: z.array(z.object({ id: z.string(), subscribed_fields: z.array(z.string()).default([]) })),
})

export const Token = z.object({
  data: z.object({
    is_valid: z.boolean(),
    app_id: z.string().optional(),
    type: z.string().optional(),
    profile_id: z.string().optional(),
    scopes: z.array(z.string()).default([]),
    granular_scopes: z.array(z.object({ scope: z.string(), target_ids: z.array(z.string()).optional() })).default([]),
    expires_at: z.number().default(0),
    data_access_expires_at: z.number().default(0),
  }),
})
export type Token = z.infer<typeof Token>

export const Page = z.object({ id: z.string(), name: z.string(), access_token: z.string().optional() })
export type Page = z.infer<typeof Page>
export const Pages = z.object({ data: z.array(Page) })
