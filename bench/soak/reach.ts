import { type Step, steps } from '../../src/lib/failpoint.ts'
import type { ScenarioName } from './scenarios.ts'

/** Where the product comes to a step, and which time it does is worth dying at. */
interface Reach {
  readonly scenario?: ScenarioName
  readonly time?: number
}

/** One process that is killed. */
export interface Kill {
  /** As in FAILPOINT, without the time. */
  readonly failpoint: string
  readonly scenario: ScenarioName
  readonly time: number
}

const approved = { scenario: 'every answer needs a yes' } as const
const inPrivate = { scenario: 'an answer in private' } as const
const edited = { scenario: 'an answer is edited' } as const
const takenDown = { scenario: 'an answer is taken down' } as const
const hidden = { scenario: 'a comment is hidden and shown again' } as const
const toBot = { scenario: 'a question to a bot' } as const
const polled = { scenario: 'a question to a bot that is polled' } as const
const toOa = { scenario: 'a question to an OA' } as const
const posted = { scenario: 'a post that is edited and taken down' } as const

/** Every step has to be here, by the compiler's word; the journeys are where `{}` stands. */
const reaches: Readonly<Record<Step, readonly Reach[]>> = {
  'keep-deliveries': [{}],
  'record-events': [{}],
  'save-lookup': [{ scenario: 'a webhook without author and words' }],
  'receive-message': [{}],
  'close-event': [{ scenario: 'talk among neighbours' }],
  'bind-officer': [{ scenario: 'an officer is bound' }],
  'settle-file': [{ scenario: 'a question with a photo' }],
  'route-case': [{}],
  'submit-answer': [{}, approved, { ...approved, time: 4 }],
  'remind-officers': [{ scenario: 'the last hours in Messenger' }],
  'ask-approval': [approved, { scenario: 'nobody can say yes' }],
  'claim-outbox': [{}],
  'settle-outbox': [{}],
  'confirm-outbox': [{}],
  'mark-unknown': [{ scenario: 'a sender died' }],
  'settle-unknown': [{ scenario: 'no answer from Facebook' }],
  'save-session': [{}],
  'apply-setup': [{}],
  'switch-publishing': [{}],
  'replay-deliveries': [{}],
  'distrust-unsent': [{}],
  'save-page-watch': [{}],
  'tell-account-down': [{ scenario: 'the account is opened elsewhere' }],
  'keep-request': [{ scenario: 'a resident of an OA wants to be forgotten' }],
  'save-group-look': [{}],
  'tell-group-news': [{ scenario: 'a group hides its members' }],
  'save-coverage': [{}],
  'raise-alarm': [{ scenario: 'a frame that nobody can read' }],
  // The first ones are of a process that has only just started.
  'enqueue-intake': [{ time: 2 }],
  'enqueue-lookup': [{ scenario: 'a webhook without author and words' }],
  'enqueue-triage': [{}],
  'enqueue-crowd': [{ scenario: 'a crowd under one post' }],
  'enqueue-files': [{ scenario: 'a question with a photo' }],
  'enqueue-route': [{}],
  'enqueue-send-facebook': [{ time: 2 }],
  'enqueue-send-zalo': [{ time: 3 }],
  'enqueue-send-zalo-bot': [{ ...toBot, time: 3 }],
  'enqueue-send-zalo-oa': [{ ...toOa, time: 3 }],
  'enqueue-reconcile': [{}],
  'fetch-file': [{ scenario: 'a question with a photo' }],
  'facebook-comment': [{}, approved],
  'facebook-message': [{}],
  'facebook-private-reply': [inPrivate],
  'facebook-edit': [edited, posted],
  'facebook-delete': [takenDown, posted],
  // The second one shows it again.
  'facebook-hide': [hidden, { ...hidden, time: 2 }, { scenario: 'an accusation is hidden' }],
  'facebook-post': [posted],
  'facebook-upload': [{ scenario: 'a post with a photo' }],
  'facebook-read-replies': [{ scenario: 'no answer from Facebook' }],
  'facebook-read-chat': [{ scenario: 'no answer from Messenger' }, inPrivate],
  // Of what was taken down the reading fails, so that nothing comes after it.
  'facebook-read-standing': [edited, hidden],
  'facebook-lookup': [{ scenario: 'a webhook without author and words' }],
  'facebook-read-page': [{}],
  'facebook-subscribe': [{ scenario: 'a field is not subscribed' }],
  'zalo-login': [{}],
  'zalo-send': [{}],
  'zalo-send-picture': [{ scenario: 'a question with a photo' }],
  'zalo-react': [{ scenario: 'a sign before the answer' }],
  'zalo-backfill': [{}],
  'zalo-read-groups': [{}],
  // After the officer is bound: an acknowledgement, a card and an answer.
  'zalo-bot-send': [2, 3, 4].map((time) => ({ ...toBot, time })),
  'zalo-bot-poll': [polled, { ...polled, time: 2 }],
  'zalo-oa-send': [toOa, { ...toOa, time: 2 }],
  'zalo-oa-read-chat': [{ scenario: 'no answer from an OA' }],
  // Killed between Zalo's answer and the commit, an OA needs its admin.
  'zalo-oa-renew': [{ scenario: 'an OA whose token ends' }],
}

/** Everything to be killed, before and after each step. */
export const allKills: readonly Kill[] = steps.flatMap((step) =>
  reaches[step].flatMap(({ scenario = 'journeys', time = 1 }) =>
    ['before', 'after'].map((side) => ({ failpoint: `${step}:${side}`, scenario, time })),
  ),
)

/** What there is to be killed at these failpoints. */
export function killsAt(failpoints: readonly string[]): readonly Kill[] {
  return allKills.filter(({ failpoint }) => failpoints.includes(failpoint))
}

/** For whoever reads what became of it. */
export function nameOf({ failpoint, scenario, time }: Kill): string {
  return `${failpoint}${time === 1 ? '' : `#${time}`}${scenario === 'journeys' ? '' : ` where ${scenario}`}`
}
