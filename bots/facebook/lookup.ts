import type { Attachment } from '../../src/intake/event.ts'
import { type Facts, type Lookup, NotNowError } from '../../src/intake/lookup.ts'
import { InvalidInputError } from '../../src/lib/errors.ts'
import type { Comment, SentMessage, VisitorPost } from './answers.ts'
import { judge } from './errors.ts'
import { GraphError, platformCodeOf } from './failure.ts'
import type { GraphAccess } from './graph.ts'

/** Asks Graph for a comment, a visitor's post or a Messenger message of which the webhook told too little. */
export function facebookLookup(access: GraphAccess): Lookup {
  return async ({ kind, messageId }) => {
    if (messageId === null) return null
    try {
      return await ask(access, kind, messageId)
    } catch (error) {
      if (error instanceof InvalidInputError) return null // no id that Graph would know
      if (!(error instanceof GraphError)) throw error
      if (judge(error.failure).class === 'drop') return null // gone, or not shown to this Page
      const platformCode = platformCodeOf(error.failure)
      throw new NotNowError('Facebook cannot be asked at the moment', { details: { platformCode } })
    }
  }
}

async function ask(access: GraphAccess, kind: string, id: string): Promise<Facts> {
  const { readComment, readSentMessage, readVisitorPost } = await import('./graph.ts')
  if (kind === 'comment') return ofComment(await readComment(access, id))
  if (kind === 'visitor_post') return ofPost(await readVisitorPost(access, id))
  return ofMessage(await readSentMessage(access, id))
}

function ofComment({ from, message, attachment }: Comment): Facts {
  const { type, url, media } = attachment ?? {}
  const attachments =
    type === undefined ? [] : [attached(type, media?.source ?? pictureOf(type, media?.image?.src, url))]
  return { author: authorOf(from), text: message || null, attachments }
}

/** `url` of a photo is a page to look at, its `src` is the picture; of a video that is only a still. */
function pictureOf(type: string, src: string | undefined, url: string | undefined): string | undefined {
  if (type === 'photo') return src ?? url
  return /^(video|animated)/.test(type) ? undefined : url
}

function ofPost({ from, message, full_picture: picture }: VisitorPost): Facts {
  return {
    author: authorOf(from),
    text: message || null,
    attachments: picture === undefined ? [] : [attached('photo', picture)],
  }
}

function ofMessage({ from, message, sticker, attachments }: SentMessage): Facts {
  const files = (attachments?.data ?? []).map(({ mime_type: mime = '', name, image_data, video_data, file_url }) => {
    const url = image_data?.url ?? video_data?.url ?? file_url
    const [group = ''] = mime.split('/')
    const kind = image_data
      ? 'image'
      : video_data
        ? 'video'
        : ['image', 'video', 'audio'].includes(group)
          ? group
          : 'file'
    return { ...attached(kind, url), name: name ?? null }
  })
  const stickers = sticker === undefined ? [] : [attached('sticker', sticker)]
  return { author: authorOf(from), text: message || null, attachments: [...stickers, ...files] }
}

function authorOf(from: Comment['from']): Facts['author'] {
  return from === undefined ? null : { id: from.id, name: from.name || null }
}

function attached(kind: string, url: string | undefined): Attachment {
  return { kind, url: url ?? null, name: null }
}
