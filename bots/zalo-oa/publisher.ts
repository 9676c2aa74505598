import type { Clock } from '../../src/lib/clock.ts'
import { step } from '../../src/lib/failpoint.ts'
import type { OutboundKind, OutboundMessage } from '../../src/outbox/outbound.ts'
import {
  type AccountAdvice,
  type Capabilities,
  type FoundOwn,
  NotSentError,
  type OpenPicture,
  type Picture,
  type Publisher,
  RejectedError,
  type Sent,
} from '../../src/outbox/publisher.ts'
import { OaAddress } from './address.ts'
import { listMessages, OaApiError, type OaQuota, type OutgoingText, sendText, uploadPicture } from './api.ts'
import { explainFailure, type OaMeaning, platformCodeOf, publishError } from './errors.ts'
import { findInChat } from './read-back.ts'
import { ConsentNeededError, NotNowError, type OaTokens } from './tokens.ts'
import type { OaWaits } from './waits.ts'

const oaCapabilities: Capabilities = { readBack: true, quote: true, maxTextChars: 2_000 }

/** Zalo takes pictures of one MiB, and no other kinds. */
const maxPictureBytes = 1024 * 1024
const pictureNames = /\.(jpe?g|png)$/i

const possible: ReadonlySet<OutboundKind> = new Set([
  ...(['acknowledgement', 'answer', 'card', 'notice', 'approval', 'file', 'photo'] as const),
])

interface PublisherOptions {
  /** Null is the real Zalo. */
  readonly simUrl: string | null
  readonly tokens: OaTokens
  readonly openPicture: OpenPicture
  /** What a message has cost, and what is left. */
  readonly onQuota: (quota: OaQuota) => void
  readonly waits: OaWaits
  readonly clock: Clock
}

/** Consultation messages of one OA, each quoting what it answers. Keep it while the account lives. */
export function oaPublisher(options: PublisherOptions): Publisher {
  const { simUrl, tokens, openPicture, onQuota, waits, clock } = options
  const wire = { simUrl, timeoutMs: waits.callTimeoutMs }
  /** Refusals for frequency in a row: each makes the next pause longer. */
  let throttles = 0
  return { capabilities: oaCapabilities, send, findOwn }

  async function send(message: OutboundMessage): Promise<Sent> {
    const outgoing = readMessage(message)
    const picture = message.fileId === null ? null : await openPicture(message.fileId)
    if (message.fileId !== null) checkPicture(picture)
    try {
      const begun = clock().getTime()
      const { messageId, quota } = await withToken((token) => carryOut(token, outgoing, picture, begun))
      throttles = 0
      if (quota !== null) onQuota(quota)
      return { messageId }
    } catch (error) {
      throw translated(error)
    }
  }

  async function carryOut(
    token: string,
    outgoing: OutgoingText,
    picture: Picture | null,
    begun: number,
  ): Promise<{ messageId: string; quota: OaQuota | null }> {
    const inTime = (message: OutgoingText): ReturnType<typeof sendText> => {
      if (clock().getTime() - begun > waits.sendWithinMs) throw new NotNowError('it took too long to get here')
      return step('zalo-oa-send', () => sendText(wire, token, message))
    }
    if (picture === null) return inTime(outgoing)
    const attachmentId = await uploadPicture(wire, token, picture).catch((error: unknown) => {
      throw error instanceof OaApiError ? nothingSeen(error) : error
    })
    return inTime({ ...outgoing, attachmentId })
  }

  async function findOwn(message: OutboundMessage): Promise<FoundOwn> {
    const address = OaAddress.safeParse(message.address)
    if (!address.success || !possible.has(message.kind)) return { found: 'absent' } // what cannot be sent stands nowhere
    const { userId } = address.data
    try {
      return await withToken((token) =>
        findInChat((offset) => step('zalo-oa-read-chat', () => listMessages(wire, token, userId, offset)), message),
      )
    } catch (error) {
      if (error instanceof ConsentNeededError || error instanceof NotNowError) return { found: 'not_now' }
      if (!(error instanceof OaApiError)) throw error
      const isPassing = error.failure.http === null || explainFailure(error.failure).consequence === 'throttled'
      return { found: isPassing ? 'not_now' : 'unknowable' }
    }
  }

  /** A token that Zalo refuses is renewed once, and the call made once more. */
  async function withToken<T>(call: (token: string) => Promise<T>): Promise<T> {
    const token = await tokens.current()
    try {
      return await call(token)
    } catch (error) {
      if (!(error instanceof OaApiError) || explainFailure(error.failure).consequence !== 'renew') throw error
      return await call(await tokens.after(token))
    }
  }

  function translated(error: unknown): unknown {
    if (error instanceof OaApiError) {
      const explained = explainFailure(error.failure)
      return publishError(error.failure, explained, adviceFor(explained, platformCodeOf(error.failure)))
    }
    if (error instanceof ConsentNeededError) {
      const advice = { do: 'stop', reason: error.code } as const
      return new NotSentError(error.message, { advice, platformCode: error.code, answered: false })
    }
    if (error instanceof NotNowError) {
      return new NotSentError(error.message, {
        advice: waitFor(waits.unreachableMs),
        platformCode: error.code,
        answered: false,
      })
    }
    return error
  }

  function adviceFor({ consequence }: OaMeaning, code: string): AccountAdvice {
    switch (consequence) {
      case 'go_on':
        return { do: 'go_on' }
      case 'renew': // a fresh token was refused as well
      case 'repair':
        return { do: 'stop', reason: `zalo_oa_${code}` }
      case 'unreachable':
        return waitFor(waits.unreachableMs)
      case 'throttled':
      case 'quota': {
        const base = consequence === 'quota' ? waits.quotaMs : waits.throttledMs
        throttles += 1
        return { ...waitFor(base * 2 ** Math.min(throttles - 1, 3)), why: 'throttled' }
      }
    }
  }

  function waitFor(ms: number): { readonly do: 'wait'; readonly untilMs: number } {
    return { do: 'wait', untilMs: clock().getTime() + ms }
  }
}

/** Whatever became of an upload, nobody sees it. */
function nothingSeen(error: OaApiError): OaApiError {
  const isOpen = explainFailure(error.failure).outcome === 'unknown'
  const { failure } = error
  if (!isOpen) return error
  return new OaApiError('upload', { http: null, wasReached: false, transport: platformCodeOf(failure), code: null })
}

/** What the address and the text come to; refuses what could not arrive as it is meant. */
function readMessage({ kind, address, text }: OutboundMessage): OutgoingText {
  if (!possible.has(kind)) throw refused(`an Official Account knows no ${kind}`, 'not_possible')
  const read = OaAddress.safeParse(address)
  if (!read.success) throw refused('expected the address of a chat with an Official Account', 'bad_address')
  if (text.trim() === '') throw refused('expected a text, got an empty one', 'empty_text')
  const { maxTextChars } = oaCapabilities
  if (text.length > maxTextChars) {
    throw refused(`expected at most ${maxTextChars} characters, got ${text.length}`, 'text_too_long')
  }
  const { userId, quoteMessageId } = read.data
  return { userId, text, quoteMessageId }
}

function checkPicture(picture: Picture | null): void {
  if (picture === null) throw refused('the picture is not there', 'no_picture')
  if (picture.data.length > maxPictureBytes || !pictureNames.test(picture.name)) {
    throw refused('expected a JPEG or PNG of at most one MiB', 'picture_not_taken')
  }
}

function refused(sentence: string, platformCode: string): RejectedError {
  return new RejectedError(sentence, { platformCode, answered: false })
}
