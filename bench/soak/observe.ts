import type { FacebookSim } from '../../sim/facebook/simulator.ts'
import type { Town } from '../../sim/town.ts'
import type { ZaloSim } from '../../sim/zalo/sim.ts'
import type { Observed, Shown, Written } from './compare.ts'

/** Which of the people and groups on the simulated Zalo belong to the office. */
interface OfficeOnZalo {
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

/** What the two platforms saw, from their own logs alone. */
export function observe({ facebook, zalo, town }: Platforms): Observed {
  const onFacebook = observeFacebook(facebook)
  const onZalo = observeZalo(zalo, officeOf(town))
  return {
    written: [...onFacebook.written, ...onZalo.written],
    answered: onZalo.answered,
    shown: [...onFacebook.shown, ...onZalo.shown],
  }
}

function observeFacebook({ log }: Pick<FacebookSim, 'log'>): Pick<Observed, 'written' | 'shown'> {
  const written: Written[] = []
  const shown: Shown[] = []
  for (const entry of log) {
    const common = { platform: 'facebook' }
    if (entry.kind === 'resident' && writings.has(entry.what)) {
      written.push({ ...common, account: entry.pageId, id: entry.id, text: entry.text })
    }
    if (entry.kind === 'public' && entry.via === 'graph' && (entry.what === 'comment' || entry.what === 'post')) {
      const place = entry.parentId ?? entry.postId ?? ''
      shown.push({ ...common, account: entry.pageId, id: entry.id, audience: 'public', place, text: entry.text })
    }
    if (entry.kind === 'private' && entry.via === 'graph') {
      const { pageId: account, id, psid: place, text } = entry
      shown.push({ ...common, account, id, audience: 'resident', place, text })
    }
  }
  return { written, shown }
}

function observeZalo({ log }: Pick<ZaloSim, 'log'>, office: OfficeOnZalo): Observed {
  const written: Written[] = []
  const answered: Written[] = []
  const shown: Shown[] = []
  for (const entry of log) {
    if (entry.what === 'posted' && entry.via === 'api') {
      const { thread, account, msgId: id, text } = entry
      const isOffice = 'group' in thread ? office.groups.has(thread.group) : office.people.has(thread.person)
      const audience = isOffice ? 'officer' : 'group' in thread ? 'public' : 'resident'
      const place = 'group' in thread ? thread.group : thread.person
      shown.push({ platform: 'zalo', account, id, audience, place, text })
    }
    if (entry.what !== 'said') continue
    const { thread } = entry
    const account = 'account' in thread ? thread.account : (office.listeners.get(thread.group) ?? '')
    const one = { platform: 'zalo', account, id: entry.msgId, text: entry.text }
    if (!office.people.has(entry.person)) written.push(one)
    else if (entry.quote !== null) answered.push(one)
  }
  return { written, answered, shown }
}
