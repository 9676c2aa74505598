import type { Case } from '../cases/store.ts'
import { decideHiding } from '../replies/hide.ts'
import { takeDown, withdrawAnswer } from '../replies/take-down.ts'
import { answeringTexts } from '../texts/answering.ts'
import type { Acting, Effect } from './acting.ts'

/** "gỡ: lý do": what of ours stands in public about the case goes, or does not come to stand there. */
export async function takeDownAnswer(acting: Acting, about: Case, reason: string): Promise<Effect> {
  const { tx, officerId, message, meansOf, now } = acting
  if (reason === '') return { outcome: 'take_down_why', reply: answeringTexts.whyTakenDown(about.code) }
  const taken = await takeDown(tx, about, { officerId, message }, await meansOf(about.accountId), now)
  switch (taken) {
    case 'queued':
      return { outcome: 'take_down', reply: null }
    case 'taken_back':
      return { outcome: 'taken_back', reply: answeringTexts.takenBack(about.code) }
    case 'nothing_stands':
      return { outcome: 'nothing_stands', reply: answeringTexts.nothingStands(about.code) }
    case 'impossible':
      return { outcome: 'take_down_impossible', reply: answeringTexts.cannotRevise(about.code) }
  }
}

/** "thu hồi": the answer does not go out, or, where that can be done, does not stay. */
export async function takeBackAnswer(acting: Acting, about: Case): Promise<Effect> {
  const { tx, officerId, message, meansOf, now } = acting
  const taken = await withdrawAnswer(tx, about, { officerId, message }, await meansOf(about.accountId), now)
  switch (taken) {
    case 'queued':
      return { outcome: 'take_down', reply: null }
    case 'taken_back':
      return { outcome: 'taken_back', reply: answeringTexts.takenBack(about.code) }
    case 'nothing_stands':
      return { outcome: 'nothing_to_take_back', reply: answeringTexts.nothingToTakeBack(about.code) }
    case 'impossible':
      return { outcome: 'take_back_impossible', reply: answeringTexts.cannotTakeBack(about.code) }
  }
}

/** "ẩn: lý do": the resident's comment is to be seen no more. */
export async function hideComment(acting: Acting, about: Case, reason: string): Promise<Effect> {
  if (reason === '') return { outcome: 'hide_why', reply: answeringTexts.whyHidden(about.code) }
  return decided(acting, about, true)
}

/** "hiện lại". */
export function showComment(acting: Acting, about: Case): Promise<Effect> {
  return decided(acting, about, false)
}

async function decided(acting: Acting, about: Case, isToHide: boolean): Promise<Effect> {
  const { tx, officerId, message, meansOf, now } = acting
  const by = { officerId, message, isToHide }
  const hidden = await decideHiding(tx, about, by, await meansOf(about.accountId), now)
  if (hidden === 'impossible') return { outcome: 'hide_impossible', reply: answeringTexts.cannotHide(about.code) }
  if (hidden === 'impossible_of_post')
    return { outcome: 'hide_impossible', reply: answeringTexts.cannotHidePost(about.code) }
  if (hidden === 'held') return { outcome: 'unhide_held', reply: answeringTexts.showingHeld(about.code) }
  return { outcome: isToHide ? 'hide' : 'unhide', reply: null }
}
