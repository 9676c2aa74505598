import { type ActionInput, type ActionName, type ActionOutput, actions } from './actions.ts'
import type { Core, Usage } from './core.ts'
import type { Fault } from './faults.ts'
import { allFields } from './graph/pages.ts'
import type { JournalEntry } from './journal.ts'
import * as officers from './officers.ts'
import * as residents from './residents.ts'
import { type Chat, chatOf, type Wall, wallOf } from './view.ts'
import { fairWeather, type Weather } from './webhooks.ts'
import { type Person, pageOf, type TokenFacts } from './world.ts'
import { pageAsPerson } from './writing.ts'

/** A local Facebook: what people do on it, what the public sees, and what goes wrong with it. */
export type FacebookSim = {
  /** Base address: Graph at `${url}/v24.0/…`, pages for people at `${url}/_sim/…`. */
  readonly url: string
  stop(): Promise<void>

  addPage(input: ActionInput<'addPage'>): void
  /** A person who manages Pages: the token for /me/accounts. */
  addUser(input: ActionInput<'addUser'>): void
  addPost(pageId: string, post: Omit<ActionInput<'addPost'>, 'pageId'>): string
  /** Handshake with the product's callback; throws when its answer is wrong. Until then no webhook is sent. */
  setWebhook(input: { url: string; verifyToken?: string }): Promise<void>

  comment(input: ActionInput<'comment'>): string
  editComment(input: ActionInput<'editComment'>): void
  removeComment(input: ActionInput<'removeComment'>): void
  visitorPost(input: ActionInput<'visitorPost'>): string
  removePost(input: ActionInput<'removePost'>): void
  react(input: ActionInput<'react'>): void
  message(input: ActionInput<'message'>): string
  editMessage(input: ActionInput<'editMessage'>): void
  removeMessage(input: ActionInput<'removeMessage'>): void
  postback(input: ActionInput<'postback'>): string
  linkIdentity(input: ActionInput<'linkIdentity'>): void
  officerRepliesInApp(input: ActionInput<'officerRepliesInApp'>): string
  officerEditsInApp(input: ActionInput<'officerEditsInApp'>): void
  officerRemovesInApp(input: ActionInput<'officerRemovesInApp'>): void
  officerMessagesInApp(input: ActionInput<'officerMessagesInApp'>): string

  /** Pages that exist, without their tokens. */
  pages(): Person[]
  wall(pageId: string): Wall
  chat(pageId: string, psid: string): Chat
  /** Everything that happened, in order; it only grows. */
  readonly log: readonly JournalEntry[]
  /** Calls back after each log entry; returns how to stop. */
  follow(listener: (entry: JournalEntry) => void): () => void

  /** Plans trouble for Graph calls to come; returns a number for `unfail`. */
  fail(fault: Fault): number
  unfail(id: number): void
  /** Forgets all planned trouble and brings fair weather back; what is held stays held. */
  heal(): void
  plannedFaults(): { id: number; name: string; left: number }[]
  weather(change: Partial<Weather>): void
  pauseWebhooks(): void
  releaseWebhooks(order?: 'written' | 'reversed' | 'shuffled'): void
  retryNow(): void
  /** Resolves when every webhook has been answered with 200. */
  idle(): Promise<void>
  readonly pendingWebhooks: number
  /** Unsubscribes the Page (from these fields; none: from all) without telling anybody, as after an hour of failing webhooks. */
  dropSubscription(pageId: string, fields?: readonly string[]): void
  subscribedFields(pageId: string): readonly string[]
  /** The Page's token stops working (190 with this subcode), until `mendToken`. */
  breakToken(pageId: string, trouble?: { subcode?: number; message?: string }): void
  mendToken(pageId: string, token?: string): void
  /** What debug_token says of the Page's token from now on. */
  describeToken(pageId: string, facts: TokenFacts): void
  setUsage(usage: Partial<Usage>): void
  /** Webhooks are signed with the new secret; the old one stays good for appsecret_proof. */
  rotateSecret(secret: string): void
}

/** Does one named action with checked input: the one door for in-process callers and for HTTP. */
export function act(core: Core, name: ActionName, input: unknown): unknown {
  const run = doers[name]
  return run(core, input)
}

const doers: Record<ActionName, (core: Core, input: unknown) => unknown> = {
  addPage: doer('addPage', (core, { subscribed, ...page }) => {
    const subscribedFields = subscribed === true ? [...allFields] : subscribed === false ? [] : subscribed
    core.world.pages.set(page.id, { ...page, tokenTrouble: null, subscribedFields })
  }),
  addUser: doer('addUser', (core, user) => void core.world.users.set(user.id, user)),
  linkIdentity: doer('linkIdentity', (core, { pageId, authorId, psid }) => {
    core.world.identities.set(`${pageId}:${authorId}`, psid)
  }),
  addPost: doer('addPost', officers.addPost),
  comment: doer('comment', residents.comment),
  editComment: doer('editComment', residents.editComment),
  removeComment: doer('removeComment', residents.removeComment),
  removePost: doer('removePost', residents.removePost),
  visitorPost: doer('visitorPost', residents.visitorPost),
  react: doer('react', residents.react),
  message: doer('message', residents.message),
  editMessage: doer('editMessage', residents.editMessage),
  removeMessage: doer('removeMessage', residents.removeMessage),
  postback: doer('postback', residents.postback),
  officerRepliesInApp: doer('officerRepliesInApp', officers.officerRepliesInApp),
  officerEditsInApp: doer('officerEditsInApp', officers.officerEditsInApp),
  officerRemovesInApp: doer('officerRemovesInApp', officers.officerRemovesInApp),
  officerMessagesInApp: doer('officerMessagesInApp', officers.officerMessagesInApp),
}

function doer<Name extends ActionName>(
  name: Name,
  run: (core: Core, input: ActionOutput<Name>) => unknown,
): (core: Core, input: unknown) => unknown {
  const schema = actions[name]
  return (core, input) => run(core, schema.parse(input) as ActionOutput<Name>)
}

/** Everything but the server around it. */
export function simulatorOver(core: Core): Omit<FacebookSim, 'url' | 'stop'> {
  const { world, journal, faults, webhooks } = core
  const doIt = (name: ActionName) => (input: unknown) => void act(core, name, input)
  const make = (name: ActionName) => (input: unknown) => String(act(core, name, input))
  return {
    addPage: doIt('addPage'),
    addUser: doIt('addUser'),
    addPost: (pageId, post) => make('addPost')({ ...post, pageId }),
    setWebhook: ({ url, verifyToken }) => webhooks.subscribe(url, verifyToken ?? core.verifyToken),
    comment: make('comment'),
    editComment: doIt('editComment'),
    removeComment: doIt('removeComment'),
    visitorPost: make('visitorPost'),
    removePost: doIt('removePost'),
    react: doIt('react'),
    message: make('message'),
    editMessage: doIt('editMessage'),
    removeMessage: doIt('removeMessage'),
    postback: make('postback'),
    linkIdentity: doIt('linkIdentity'),
    officerRepliesInApp: make('officerRepliesInApp'),
    officerEditsInApp: doIt('officerEditsInApp'),
    officerRemovesInApp: doIt('officerRemovesInApp'),
    officerMessagesInApp: make('officerMessagesInApp'),
    pages: () => [...world.pages.values()].map(pageAsPerson),
    wall: (pageId) => wallOf(world, pageId),
    chat: (pageId, psid) => chatOf(world, pageId, psid),
    log: journal.entries,
    follow: journal.follow,
    fail: faults.add,
    unfail: faults.remove,
    plannedFaults: faults.list,
    heal: () => {
      faults.clear()
      webhooks.weather = { ...fairWeather }
    },
    weather: (change) => {
      webhooks.weather = { ...webhooks.weather, ...change }
    },
    pauseWebhooks: () => webhooks.pause(),
    releaseWebhooks: (order) => webhooks.release(order),
    retryNow: () => webhooks.retryNow(),
    idle: () => webhooks.idle(),
    get pendingWebhooks() {
      return webhooks.pending
    },
    dropSubscription: (pageId, fields) => {
      const page = pageOf(world, pageId)
      page.subscribedFields = page.subscribedFields.filter((field) => fields?.includes(field) === false)
    },
    subscribedFields: (pageId) => [...pageOf(world, pageId).subscribedFields],
    breakToken: (pageId, trouble = {}) => {
      const subcode = trouble.subcode ?? 463
      const message = trouble.message ?? 'Error validating access token: Session has expired.'
      pageOf(world, pageId).tokenTrouble = { subcode, message }
    },
    mendToken: (pageId, token) => {
      const page = pageOf(world, pageId)
      page.tokenTrouble = null
      if (token) page.token = token
    },
    describeToken: (pageId, facts) => {
      pageOf(world, pageId).tokenFacts = facts
    },
    setUsage: (usage) => Object.assign(core.usage, usage),
    rotateSecret: (secret) => void core.secrets.unshift(secret),
  }
}
