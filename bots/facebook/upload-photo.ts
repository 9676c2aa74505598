import { step } from '../../src/lib/failpoint.ts'
import { NotSentError, OutcomeUnknownError, type Picture } from '../../src/outbox/publisher.ts'
import { Created } from './answers.ts'
import type { Page } from './effect.ts'
import { failureOf, GraphError, platformCodeOf } from './failure.ts'
import type { GraphAccess } from './graph.ts'
import { appSecretProof } from './signature.ts'
import { usageHeaders } from './usage.ts'

/**
 * Brings a picture to the Page, where nobody sees it before a comment or a post shows it. So an upload may always be
 * repeated: one of which nothing is known counts as not made.
 */
export async function uploadPhoto(page: Page, picture: Picture): Promise<string> {
  try {
    return await step('facebook-upload', () => upload(page.access, page.pageId, picture))
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    const refusal = page.errorOf(error.failure)
    if (refusal !== null && !(refusal instanceof OutcomeUnknownError)) throw error
    throw new NotSentError('the picture was not brought to Facebook', {
      advice: page.adviceOn(error.failure),
      platformCode: platformCodeOf(error.failure),
      answered: false,
    })
  }
}

/** The SDK sends an empty body where a file is to go, so this one call is our own. */
async function upload(access: GraphAccess, pageId: string, { data, name }: Picture): Promise<string> {
  const { graphUrl, version, token, appSecret, timeoutMs, tokenIn } = access
  const form = new FormData()
  form.set('published', 'false')
  form.set('appsecret_proof', appSecretProof(token, appSecret))
  if (tokenIn === 'query') form.set('access_token', token)
  form.set('source', new Blob([new Uint8Array(data)], { type: mediaTypeOf(name) }), name)
  const url = [graphUrl.replace(/\/+$/, ''), version, pageId, 'photos'].join('/')
  const headers: Record<string, string> = tokenIn === 'header' ? { authorization: `Bearer ${token}` } : {}
  const operation = 'upload_photo'
  let answer: { http: number; headers: Record<string, string>; body: string }
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method: 'POST', body: form, headers, redirect: 'error', signal })
    answer = { http: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
  } catch (error) {
    throw new GraphError(failureOf({ operation, transport: transportOf(error) }))
  }
  access.onUsage?.(usageHeaders(answer.headers))
  const created = Created.safeParse(parsed(answer.body))
  if (answer.http === 200 && created.success) return created.data.id
  throw new GraphError(failureOf({ operation, ...answer }))
}

function mediaTypeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1)
  return `image/${ending === 'jpg' ? 'jpeg' : ending}`
}

/** The code of the socket error below whatever `fetch` wraps it in. */
function transportOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof Error ? cause.name : 'unknown'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
