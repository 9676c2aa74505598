import { comparable } from '../../src/lib/text.ts'
import type { Effect, Page } from './effect.ts'

/** Other words for something of ours that stands there. */
export function editing({ access }: Page, id: string, text: string): Effect {
  return {
    isDoneWhenGone: false,
    async carryOut() {
      const { editText } = await import('./graph-publishing.ts')
      await editText(access, id, text.normalize('NFC'))
      return { messageId: null }
    },
    async find() {
      const { readStanding } = await import('./graph-publishing.ts')
      const standing = await readStanding(access, id)
      const isDone = comparable(standing.text) === comparable(text)
      return isDone ? { found: 'present', messageId: null } : { found: 'absent' }
    },
  }
}

/** Something of ours is to stand there no more. */
export function takingDown({ access }: Page, id: string): Effect {
  return {
    isDoneWhenGone: true,
    async carryOut() {
      const { deleteOwn } = await import('./graph-publishing.ts')
      await deleteOwn(access, id)
      return { messageId: null }
    },
    async find() {
      const { readStanding } = await import('./graph-publishing.ts')
      await readStanding(access, id) // what is gone is refused, and that says that it is done
      return { found: 'absent' }
    },
  }
}

/** A resident's comment is to be seen by nobody but its author and their friends, or by everybody again. */
export function hiding({ access }: Page, commentId: string, isToHide: boolean): Effect {
  return {
    isDoneWhenGone: false,
    async carryOut() {
      const { setHidden } = await import('./graph-publishing.ts')
      await setHidden(access, commentId, isToHide)
      return { messageId: null }
    },
    async find() {
      const { readStanding } = await import('./graph-publishing.ts')
      const { isHidden } = await readStanding(access, commentId)
      return isHidden === isToHide ? { found: 'present', messageId: null } : { found: 'absent' }
    },
  }
}
