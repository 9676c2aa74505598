import { spokenKind } from '../files/kinds.ts'
import { pictureEnding } from '../files/sniff.ts'
import type { CaseFile } from '../files/store.ts'
import type { Attachment } from '../intake/event.ts'
import type { EventId } from '../lib/ids.ts'
import type { SpokenAttachment } from '../texts/attachments.ts'

/** What is shown in chat of the pictures of one case: an account sends so many messages a day and no more. */
export interface ShownLimits {
  readonly picturesPerCase: number
  readonly pictureBytes: number
}

/** Whether the file comes as a picture of its own; while it is being fetched that is expected of every photo. */
export function isShown({ kind, number, state, mediaType, bytes }: CaseFile, limits: ShownLimits): boolean {
  if (kind !== 'photo' || number > limits.picturesPerCase) return false
  if (state === 'wanted') return true
  return state === 'fetched' && pictureEnding(mediaType ?? '') !== null && (bytes ?? 0) <= limits.pictureBytes
}

/** What is attached to a message, in the words of the office. `files` are those of its case. */
export function spokenAttachments(
  message: { readonly eventId: EventId; readonly attachments: readonly Attachment[] },
  files: readonly CaseFile[],
  limits: ShownLimits,
): SpokenAttachment[] {
  return message.attachments.map((attachment, position) => {
    const file = files.find((one) => one.eventId === message.eventId && one.position === position) ?? null
    const kind = spokenKind(attachment.kind)
    return {
      kind,
      name: kind === 'file' || kind === 'place' ? attachment.name : null,
      bytes: file?.bytes ?? null,
      follows: file !== null && isShown(file, limits),
    }
  })
}
