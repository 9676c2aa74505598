import { getAccount, listAccounts } from '../accounts/store.ts'
import type { Case } from '../cases/store.ts'
import type { AccountId } from '../lib/ids.ts'
import type { Pause } from '../publishing/pause.ts'
import { editPost } from '../replies/edit.ts'
import type { Queued } from '../replies/held-as.ts'
import { submitPost } from '../replies/post.ts'
import type { StandingText } from '../replies/standing.ts'
import { queueTakingDown } from '../replies/take-down.ts'
import { answeringTexts } from '../texts/answering.ts'
import { officerTexts } from '../texts/officer.ts'
import { photoTexts } from '../texts/photos.ts'
import { officersOnDuty } from '../units/store.ts'
import type { Acting, Effect } from './acting.ts'
import type { Command } from './command.ts'

interface Page {
  readonly accountId: AccountId
  readonly name: string
  readonly maxTextChars: number
}

/** "đăng bài: …": on the wall of the Page whose unit the officer answers for. Quoting a case's card: about that case. */
export async function post(acting: Acting, about: Case | null, words: string): Promise<Effect> {
  const { tx, officerId, message, photo, now } = acting
  const pages = await pagesOf(acting, about)
  const [page] = pages
  if (page === undefined) return { outcome: 'post_no_page', reply: answeringTexts.noPage }
  if (pages.length > 1) {
    return { outcome: 'post_which_page', reply: answeringTexts.whichPage(pages.map(({ name }) => name)) }
  }
  if (photo === 'lost') return { outcome: 'photo_lost', reply: photoTexts.postLost }
  // A post shows either a picture or what a link leads to.
  const { text, link } = photo === null ? readPost(words) : { text: words, link: null }
  const by = { officerId, message, text, link, photo }
  const posted = await submitPost(tx, { ...page, about }, by, now)
  switch (posted.as) {
    case 'queued':
      return { outcome: 'post', reply: postQueued(page.name, posted.pause) }
    case 'held':
      return postHeld(page.name, posted)
    case 'empty':
      return { outcome: 'post_empty', reply: answeringTexts.postEmpty }
    case 'too_long':
      return { outcome: 'post_too_long', reply: answeringTexts.postTooLong(page.maxTextChars, posted.over) }
    case 'restricted':
      return { outcome: 'post_restricted', reply: officerTexts.restricted(about?.code ?? '') }
  }
}

/** A line that is nothing but an address is shown by Facebook as a link below the words. */
export function readPost(words: string): { text: string; link: string | null } {
  const lines = words.trim().split('\n')
  const at = lines.findLastIndex((line) => /^https?:\/\/\S+$/u.test(line.trim()))
  const link = at < 0 ? null : (lines[at]?.trim() ?? null)
  const text = lines
    .filter((_line, index) => index !== at)
    .join('\n')
    .trim()
  return { text: text === '' ? words.trim() : text, link }
}

/** What an officer says to the news that a post stands. Null: the message is no order about a post. */
export async function aboutPost(
  acting: Acting,
  standing: StandingText,
  about: Case | null,
  command: Command,
): Promise<Effect | null> {
  if (command.kind !== 'edit' && command.kind !== 'take_down' && command.kind !== 'take_back') return null
  const { tx, officerId, message, meansOf, now } = acting
  if (!(await answersFor(acting, standing.unitId))) return { outcome: 'not_yours', reply: answeringTexts.noPage }
  if (command.kind !== 'edit') {
    if (command.kind === 'take_down' && command.reason === '')
      return { outcome: 'take_down_why', reply: answeringTexts.whyPostTakenDown }
    await queueTakingDown(tx, standing, { officerId, message }, now)
    return { outcome: 'post_take_down', reply: null }
  }
  const by = { officerId, message, text: command.text }
  const edited = await editPost(tx, standing, about, by, await meansOf(standing.accountId), now)
  const page = (await getAccount(tx, standing.accountId)).name
  switch (edited.as) {
    case 'queued':
      return { outcome: 'post_edit', reply: edited.pause && answeringTexts.postPaused(page, edited.pause.until) }
    case 'held':
      return postHeld(page, edited)
    case 'too_long':
      return { outcome: 'post_too_long', reply: answeringTexts.postTooLong(edited.max, edited.over) }
    case 'restricted':
      return { outcome: 'edit_restricted', reply: officerTexts.restricted(about?.code ?? '') }
    case 'nothing_stands':
      return { outcome: 'nothing_stands', reply: answeringTexts.postGoing }
    default:
      return { outcome: 'post_empty', reply: answeringTexts.postEmpty }
  }
}

function postQueued(page: string, pause: Pause | null): string {
  return pause === null ? answeringTexts.postQueued(page) : answeringTexts.postPaused(page, pause.until)
}

function postHeld(page: string, { by, id }: Extract<Queued, { as: 'held' }>): Effect {
  const isToApprove = by !== 'listen_only'
  const reply = answeringTexts.postHeld(page, isToApprove)
  return { outcome: 'post_held', reply, ...(isToApprove ? { toApprove: id } : {}) }
}

/** The Pages that this officer may post on: those of the unit whose chat it is, else of every unit they answer for. */
async function pagesOf(acting: Acting, about: Case | null): Promise<Page[]> {
  const pages: (Page & { isHere: boolean })[] = []
  for (const { id, name, unitId } of await listAccounts(acting.tx, 'facebook')) {
    const means = await acting.meansOf(id)
    if (!means.managesWall || !(await answersFor(acting, unitId))) continue
    const isHere = about === null ? unitId === acting.message.unitId : id === about.accountId
    pages.push({ accountId: id, name, maxTextChars: means.maxTextChars, isHere })
  }
  const here = pages.filter(({ isHere }) => isHere)
  return here.length > 0 ? here : pages
}

async function answersFor({ tx, officerId, now }: Acting, unitId: Case['unitId']): Promise<boolean> {
  const officers = await officersOnDuty(tx, unitId, 'answers', now)
  return officers.some((officer) => officer.officerId === officerId)
}
