import type { FacebookSim } from '../../sim/facebook/simulator.ts'
import type { Town } from '../../sim/town.ts'
import type { ZaloSim } from '../../sim/zalo/sim.ts'
import type { Agreed, Done, Observed, Shown, Written } from './facts.ts'

/** Which of the people and groups on the simulated Zalo belong to the office. */
export interface OfficeOnZalo {
  readonly groups: ReadonlySet<string>
  readonly people: ReadonlySet<string>
  /** Group → the account that listens there. */
  readonly listeners: ReadonlyMap<string, string>
}

interface Platforms {
  readonly facebook: Pick<FacebookSim, 'log'>
  readonly zalo: Pick<ZaloSim, 'log'>
  readonly town: Pick<Town, 'zalo'>
}

function officeOf({ zalo }: Pick<Town, 'zalo'>): OfficeOnZalo {
  return {
    groups: new Set([zalo.officersGroup]),
    people: new Set([...zalo.officers, zalo.deskOfficer].map(({ person }) => person)),
    listeners: new Map([zalo.officersGroup, zalo.residentsGroup].map((group) => [group, zalo.uid])),
  }
}

const writings = new Set(['comment', 'post', 'message'])

/** How the product names what it does about something that stands on a wall. */
const deeds: Readonly<Record<string, Done['kind']>> = {
  comment_edit: 'edit',
  post_edit: 'edit',
  comment_remove: 'delete',
  post_remove: 'delete',
  comment_hide: 'hide',
  comment_unhide: 'unhide',
}

/** What the two platforms saw, from their own logs alone. */
export function observe({ facebook, zalo, town }: Platforms): Observed {
  const onFacebook = observeFacebook(facebook)
  const onZalo = observeZalo(zalo, officeOf(town))
  return {
    written: [...onFacebook.written, ...onZalo.written],
    answered: onZalo.answered,
    agreed: onZalo.agreed,
    shown: [...onFacebook.shown, ...onZalo.shown],
    done: [...onFacebook.done, ...onZalo.done],
  }
}

function observeFacebook({ log }: Pick<FacebookSim, 'log'>): Pick<Observed, 'written' | 'shown' | 'done'> {
  const written: Written[] = []
  const shown: Shown[] = []
  const done: Done[] = []
  for (const entry of log) {
    const common = { platform: 'facebook' }
    if (entry.kind === 'resident' && writings.has(entry.what)) {
      written.push({ ...common, account: entry.pageId, id: entry.id, text: entry.text })
    }
    if (entry.kind === 'public' && entry.via === 'graph' && (entry.what === 'comment' || entry.what === 'post')) {
      const place = entry.parentId ?? entry.postId ?? ''
      const { pageId: account, id, text, at } = entry
      shown.push({ ...common, account, id, audience: 'public', place, text, at })
    }
    const deed = entry.kind === 'public' && entry.via === 'graph' ? deeds[entry.what] : undefined
    if (entry.kind === 'public' && deed !== undefined) {
      // Whom it was done to tells the rest: only an edit has words of ours.
      const text = deed === 'edit' ? entry.text : ''
      done.push({ ...common, account: entry.pageId, kind: deed, targetId: entry.id, text, at: entry.at })
    }
    if (entry.kind === 'private' && entry.via === 'graph') {
      const { pageId: account, id, psid: place, text, at } = entry
      shown.push({ ...common, account, id, audience: 'resident', place, text, at })
    }
  }
  return { written, shown, done }
}

const YES = /^\s*duyệt[.!\s]*$/iu

/** How the product names what Zalo writes as a word of its own. */
const signs: Readonly<Record<string, string>> = { '/-strong': '👍' }

/** What a simulated Zalo saw, by its log alone. */
export function observeZalo({ log }: Pick<ZaloSim, 'log'>, office: OfficeOnZalo): Observed {
  const written: Written[] = []
  const answered: Written[] = []
  const agreed: Agreed[] = []
  const shown: Shown[] = []
  const done: Done[] = []
  for (const entry of log) {
    if (entry.what === 'reacted' && 'account' in entry.by) {
      const text = signs[entry.icon] ?? entry.icon
      const { account } = entry.by
      done.push({ platform: 'zalo', account, kind: 'reaction', targetId: entry.msgId, text, at: entry.at })
    }
    if (entry.what === 'posted' && entry.via === 'api') {
      const { thread, account, msgId: id, text, at } = entry
      const isOffice = 'group' in thread ? office.groups.has(thread.group) : office.people.has(thread.person)
      const audience = isOffice ? 'officer' : 'group' in thread ? 'public' : 'resident'
      const place = 'group' in thread ? thread.group : thread.person
      shown.push({ platform: 'zalo', account, id, audience, place, text, at })
    }
    if (entry.what !== 'said') continue
    const { thread } = entry
    const account = 'account' in thread ? thread.account : (office.listeners.get(thread.group) ?? '')
    const one = { platform: 'zalo', account, id: entry.msgId, text: entry.text }
    if (!office.people.has(entry.person)) written.push(one)
    else if (entry.quote !== null) answered.push(one)
    const question = YES.test(entry.text) ? shown.find(({ id }) => id === entry.quote) : undefined
    if (question?.audience === 'officer') agreed.push({ text: question.text, at: entry.at })
  }
  return { written, answered, agreed, shown, done }
}
