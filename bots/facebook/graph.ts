import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { FacebookAdsApi } from 'facebook-nodejs-business-sdk'
import type { z } from 'zod'
import { InvalidInputError } from '../../src/lib/errors.ts'
import { step } from '../../src/lib/failpoint.ts'
import {
  Comment,
  Comments,
  Conversations,
  Created,
  Listed,
  Page,
  Pages,
  type Paging,
  Sent,
  SentMessage,
  type Shown,
  ShownList,
  Subscriptions,
  Success,
  Token,
  VisitorPost,
  type Written,
} from './answers.ts'
import { failureOf, GraphError } from './failure.ts'
import { appSecretProof } from './signature.ts'
import { type UsageHeaders, usageHeaders } from './usage.ts'

/** With what a call is made: whose token, which address, how long to wait. */
export interface GraphAccess {
  readonly graphUrl: string
  readonly version: string
  readonly token: string
  readonly appSecret: string
  readonly timeoutMs: number
  /** Where the token travels. In the header it stays out of every access log on the way. */
  readonly tokenIn: 'header' | 'query'
  /** Told of every answer, success or not. */
  readonly onUsage?: (usage: UsageHeaders) => void
}

/** A comment or message as far as it helps to recognise our own. */
export interface Found {
  readonly id: string
  readonly authorId: string | null
  readonly text: string
  readonly createdAt: Date
}

/** How many comments or messages one read brings. */
export const pageLength = 100
export const writtenFields = 'id,from,message,created_time'

/** Comments under a comment or a post, as the Page, with an uploaded photo or without. Resolves with the new comment's id. */
export async function commentOn(
  access: GraphAccess,
  objectId: string,
  message: string,
  photoId: string | null = null,
): Promise<string> {
  const picture = photoId === null ? {} : { attachment_id: photoId }
  const request = post('reply_comment', [objectId, 'comments'], { message, ...picture })
  return (await step('facebook-comment', () => call(access, request, Created))).id
}

/** Answers a person in Messenger inside the 24 hours. Resolves with the message id. */
export async function sendText(
  access: GraphAccess,
  pageId: string,
  psid: string,
  text: string,
  metadata: string,
): Promise<string> {
  const message = { recipient: { id: psid }, messaging_type: 'RESPONSE', message: { text, metadata } }
  const request = post('send_message', [pageId, 'messages'], message)
  return (await step('facebook-message', () => call(access, request, Sent))).message_id
}

/** One page of the comments under an object, newest first; `after` goes on where the last page ended. */
export async function readComments(
  access: GraphAccess,
  objectId: string,
  after: string | null,
): Promise<{ comments: Found[]; after: string | null }> {
  const request = get('read_replies', [objectId, 'comments'], {
    fields: writtenFields,
    filter: 'stream',
    order: 'reverse_chronological',
    limit: pageLength,
    ...(after === null ? {} : { after }),
  })
  const { data, paging } = await step('facebook-read-replies', () => call(access, request, Comments))
  return { comments: data.map(found), after: cursorOf(paging) }
}

/** `paging.next` says that there is more, but it carries the token: only the cursor leaves this file. */
function cursorOf(paging: Paging): string | null {
  return (paging?.next && paging.cursors?.after) || null
}

/** The newest messages with one person, newest first; null when there is no conversation to be seen. */
export async function readChat(access: GraphAccess, pageId: string, psid: string): Promise<Found[] | null> {
  const request = get('read_chat', [pageId, 'conversations'], {
    platform: 'messenger',
    user_id: psid,
    fields: `messages.limit(${pageLength}){${writtenFields}}`,
  })
  const { data } = await step('facebook-read-chat', () => call(access, request, Conversations))
  const [conversation] = data
  return conversation?.messages?.data.map(found) ?? null
}

/** One comment, for what its webhook left out: the author or the text. */
export async function readComment(access: GraphAccess, commentId: string): Promise<Comment> {
  const request = get('read_comment', [commentId], { fields: 'id,from,message,attachment' })
  return step('facebook-lookup', () => call(access, request, Comment))
}

/** One post of a visitor on the Page's wall. */
export async function readVisitorPost(access: GraphAccess, postId: string): Promise<VisitorPost> {
  const request = get('read_post', [postId], { fields: 'id,from,message,full_picture' })
  return step('facebook-lookup', () => call(access, request, VisitorPost))
}

/** One Messenger message of which only the id came. */
export async function readSentMessage(access: GraphAccess, mid: string): Promise<SentMessage> {
  const request = get('read_message', [mid], { fields: 'id,from,message,sticker,attachments' })
  return step('facebook-lookup', () => call(access, request, SentMessage))
}

/** Resolves when the token can see the object. */
export async function readObject(access: GraphAccess, objectId: string): Promise<void> {
  await readStep(access, get('read_post', [objectId], { fields: 'id' }), Created)
}

/** Resolves with the ids of the Page's newest posts as the token sees them. */
export async function readFeed(access: GraphAccess, pageId: string): Promise<string[]> {
  const { data } = await readStep(access, get('read_feed', [pageId, 'feed'], { fields: 'id', limit: 5 }), Listed)
  return data.map(({ id }) => id)
}

/** Switches on the Page's webhooks; the dashboard's subscription is a second, separate switch. */
export async function subscribePage(access: GraphAccess, pageId: string, fields: readonly string[]): Promise<void> {
  const request = post('subscribe', [pageId, 'subscribed_apps'], { subscribed_fields: fields.join(',') })
  await step('facebook-subscribe', () => call(access, request, Success))
}

/** The fields this app is subscribed to; empty when Facebook has silently unsubscribed the Page. */
export async function readSubscription(access: GraphAccess, pageId: string, appId: string): Promise<string[]> {
  const request = get('read_subscription', [pageId, 'subscribed_apps'], {})
  const { data } = await pageStep(access, request, Subscriptions)
  return data.find(({ id }) => id === appId)?.subscribed_fields ?? []
}

/** What a token is good for. `access` holds the app's own token, `{appId}|{appSecret}`. */
export async function inspectToken(access: GraphAccess, token: string): Promise<Token['data']> {
  return (await pageStep(access, get('inspect_token', ['debug_token'], { input_token: token }), Token)).data
}

/** The Page as this token sees it; its own token is there when the caller manages it. */
export function readPage(access: GraphAccess, pageId: string): Promise<Page> {
  return pageStep(access, get('read_page', [pageId], { fields: 'id,name,access_token' }), Page)
}

/** The Pages a person manages. Pages of a portfolio may be missing: `readPage` finds those by id. */
export async function readPages(access: GraphAccess): Promise<Page[]> {
  const request = get('read_pages', ['me', 'accounts'], { fields: 'id,name,access_token', limit: pageLength })
  return (await call(access, request, Pages)).data
}

/** One page of what stands on the Page itself, newest first: its own posts and those of visitors. */
export async function readPosts(access: GraphAccess, pageId: string, after: string | null): Promise<ShownPage> {
  const paged = { limit: 25, ...(after === null ? {} : { after }) }
  const request = get('read_posts', [pageId, 'feed'], { fields: writtenFields, ...paged })
  const { data, paging } = await pageStep(access, request, ShownList)
  return { shown: data, after: cursorOf(paging) }
}

/** One page of all comments under a post, newest first, with what tells a reply and a picture. */
export async function readThread(access: GraphAccess, postId: string, after: string | null): Promise<ShownPage> {
  const request = get('read_thread', [postId, 'comments'], {
    fields: `${writtenFields},parent{id},attachment`,
    filter: 'stream',
    order: 'reverse_chronological',
    limit: pageLength,
    ...(after === null ? {} : { after }),
  })
  const { data, paging } = await pageStep(access, request, ShownList)
  return { shown: data, after: cursorOf(paging) }
}

export interface ShownPage {
  readonly shown: readonly Shown[]
  /** Goes on where this page ended; null on the last. */
  readonly after: string | null
}

export interface Request {
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly segments: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
}

export function get(operation: string, segments: readonly string[], params: Request['params']): Request {
  return { operation, method: 'GET', segments, params }
}

export function post(operation: string, segments: readonly string[], params: Request['params']): Request {
  return { operation, method: 'POST', segments, params }
}

function readStep<T>(access: GraphAccess, request: Request, schema: z.ZodType<T>): Promise<T> {
  return step('facebook-read-replies', () => call(access, request, schema))
}

/** Reads about the Page itself have a name of their own, so that a fault run can tell them from a look for an answer. */
function pageStep<T>(access: GraphAccess, request: Request, schema: z.ZodType<T>): Promise<T> {
  return step('facebook-read-page', () => call(access, request, schema))
}

export function found({ id, from, message, created_time }: Written): Found {
  return { id, authorId: from?.id ?? null, text: message, createdAt: created_time }
}

/** One call with a fresh parameter object, a whole address and an answer that is read; every throw becomes a GraphError. */
export async function call<T>(access: GraphAccess, request: Request, schema: z.ZodType<T>): Promise<T> {
  const { operation, method } = request
  const exchange: Exchange = { access, answer: null, transport: null }
  const proof = { appsecret_proof: appSecretProof(access.token, access.appSecret) }
  const params = { ...request.params, ...proof }
  const url = addressOf(access, request.segments, method === 'POST' ? {} : params)
  const api = new FacebookAdsApi(access.token, 'en_US', false) // false: no crash reporter on our process
  let body: unknown
  try {
    // A path that is a string is taken as it is; a list would get the SDK's own version and the token in the query.
    body = await exchanges.run(exchange, () => api.call<unknown>(method, url, method === 'POST' ? params : {}))
  } catch {
    throw new GraphError(failureOf({ operation, transport: exchange.transport, ...exchange.answer }))
  }
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new GraphError(failureOf({ operation, ...exchange.answer }))
}

function addressOf(access: GraphAccess, segments: readonly string[], query: Request['params']): string {
  for (const segment of segments) {
    if (!/^(\d{1,32}(_\d{1,32}){0,2}|[a-z_]{1,40}|m(_|id\.)[\w$.:=-]{1,250})$/.test(segment)) {
      throw new InvalidInputError('expected a Graph path of ids and edge names')
    }
  }
  const token = access.tokenIn === 'query' ? { access_token: access.token } : {}
  const url = new URL([access.graphUrl.replace(/\/+$/, ''), access.version, ...segments].join('/'))
  for (const [name, value] of Object.entries({ ...query, ...token })) url.searchParams.set(name, String(value))
  return url.href
}

interface Exchange {
  readonly access: GraphAccess
  answer: { readonly http: number; readonly headers: unknown; readonly body: unknown } | null
  transport: string | null
}

/** The parts of axios that are used. */
interface SdkAxios {
  readonly interceptors: {
    readonly request: { use(onRequest: (config: RequestConfig) => RequestConfig): number }
    readonly response: { use(onAnswer: (answer: Answer) => Answer, onError: (error: CallError) => never): number }
  }
}

interface RequestConfig {
  readonly headers: { set(name: string, value: string): unknown }
  timeout?: number
  signal?: AbortSignal
  maxRedirects?: number
  maxContentLength?: number
  proxy?: false
}

interface Answer {
  readonly status: number
  readonly headers: unknown
  readonly data: unknown
}

interface CallError {
  readonly code?: string
  readonly response?: Answer
}

/**
 * The SDK erases why a call failed, throws SyntaxErrors over HTML and has no timeout. Its axios, which is not the one an
 * `import` would give us, knows all that: what it sees is noted here, for our own calls alone.
 */
const exchanges = new AsyncLocalStorage<Exchange>()
const sdkRequire = createRequire(createRequire(import.meta.url).resolve('facebook-nodejs-business-sdk'))
const axios: SdkAxios = sdkRequire('axios')

axios.interceptors.request.use((config) => {
  const access = exchanges.getStore()?.access
  if (access === undefined) return config
  if (access.tokenIn === 'header') config.headers.set('Authorization', `Bearer ${access.token}`)
  config.timeout = access.timeoutMs // silence
  config.signal = AbortSignal.timeout(access.timeoutMs) // the whole call, however slowly it drips
  config.maxRedirects = 0
  config.maxContentLength = 8 * 1024 * 1024
  config.proxy = false
  return config
})

axios.interceptors.response.use(
  (answer) => {
    note(answer)
    return answer
  },
  (error) => {
    const exchange = exchanges.getStore()
    if (exchange !== undefined) exchange.transport = error.code ?? 'unknown'
    if (error.response !== undefined) note(error.response)
    throw error
  },
)

function note({ status, headers, data }: Answer): void {
  const exchange = exchanges.getStore()
  if (exchange === undefined) return
  exchange.answer = { http: status, headers, body: data }
  exchange.access.onUsage?.(usageHeaders(headers))
}
