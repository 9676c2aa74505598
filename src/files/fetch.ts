import { lookup as resolveName } from 'node:dns/promises'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { errorCode } from '../lib/errors.ts'
import { step } from '../lib/failpoint.ts'
import type { FileFolder, Incoming } from './folder.ts'
import { bareHost, type HostRule, refusedAddresses, refusedUrl } from './host-rule.ts'
import { headBytes, type Sniffed, sniff } from './sniff.ts'

export interface FetchLimits {
  readonly pictureBytes: number
  readonly otherBytes: number
  /** From the first question to the last byte. */
  readonly timeoutMs: number
}

export interface FetchRoom {
  readonly folder: FileFolder
  readonly limits: FetchLimits
  /** Every address of a name; as the system resolves it unless told otherwise. */
  readonly resolve?: (host: string) => Promise<readonly string[]>
}

/** What came of fetching one file. */
export type Fetched =
  | { readonly state: 'fetched'; readonly sha256: string; readonly bytes: number; readonly mediaType: string }
  /** It will not be fetched, however often it is tried; `bytes` where its size is the reason. */
  | { readonly state: 'refused'; readonly reason: string; readonly bytes: number | null }
  /** It is not there any more: addresses of files expire. */
  | { readonly state: 'gone'; readonly reason: string }
  /** It may work later. */
  | { readonly state: 'failed'; readonly reason: string }

const maxRedirects = 3

/**
 * Fetches one file into the folder. The address came from outside, so nothing about it is believed: its host has to be
 * one of the platform's, its addresses public, the connection goes to the very address that was checked, a redirect is
 * checked like the first, the size is counted and the type read from the bytes.
 */
export async function fetchFile(address: string, rule: HostRule, room: FetchRoom, stop: AbortSignal): Promise<Fetched> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(room.limits.timeoutMs)])
  try {
    return await step('fetch-file', () => follow(address, rule, room, signal))
  } catch (error) {
    if (error instanceof Refusal) return { state: 'refused', reason: error.message, bytes: error.bytes }
    return { state: 'failed', reason: signal.aborted ? 'timeout' : errorCode(error) }
  }
}

/** Ends the work on a file from anywhere inside; its message is the reason. */
class Refusal extends Error {
  readonly bytes: number | null
  constructor(reason: string, bytes: number | null = null) {
    super(reason)
    this.bytes = bytes
  }
}

async function follow(address: string, rule: HostRule, room: FetchRoom, signal: AbortSignal): Promise<Fetched> {
  let url = URL.parse(address)
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    if (url === null) throw new Refusal('address')
    const pinned = await checkedAddress(url, rule, room, signal)
    const response = await ask(url, pinned, signal)
    try {
      const status = response.statusCode ?? 0
      if (status === 200) return await keep(response, room)
      if ([403, 404, 410].includes(status)) return { state: 'gone', reason: `http_${status}` }
      if (status < 300 || status >= 400) return { state: 'failed', reason: `http_${status}` }
      url = URL.parse(response.headers.location ?? '', url.href)
    } finally {
      response.destroy()
    }
  }
  throw new Refusal('redirects')
}

/** The address to connect to, after every address of the name was looked at. */
async function checkedAddress(url: URL, rule: HostRule, room: FetchRoom, signal: AbortSignal): Promise<string> {
  const refused = refusedUrl(url, rule)
  if (refused !== null) throw new Refusal(refused)
  const host = bareHost(url)
  const addresses = isIP(host) === 0 ? await orAbort((room.resolve ?? systemResolve)(host), signal) : [host]
  const [first] = addresses
  if (first === undefined) throw Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' })
  const private_ = refusedAddresses(url, addresses, rule)
  if (private_ !== null) throw new Refusal(private_)
  return first
}

async function systemResolve(host: string): Promise<string[]> {
  return (await resolveName(host, { all: true })).map(({ address }) => address)
}

/** A resolver cannot be stopped, but it need not be waited for. */
function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  if (signal.aborted) abort()
  return promise
}

/** One GET on a connection of its own to exactly that address; the name still stands in the certificate's check. */
function ask(url: URL, pinned: string, signal: AbortSignal): Promise<IncomingMessage> {
  const family = isIP(pinned)
  const lookup: LookupFunction = (_name, options, found) =>
    options.all === true ? found(null, [{ address: pinned, family }]) : found(null, pinned, family)
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  const headers = { accept: '*/*', 'accept-encoding': 'identity' }
  return new Promise((resolve, reject) => {
    request(url, { lookup, agent: false, signal, headers }, resolve).on('error', reject).end()
  })
}

async function keep(response: IncomingMessage, room: FetchRoom): Promise<Fetched> {
  const { limits } = room
  const declared = Number(response.headers['content-length'] ?? 0)
  const largest = Math.max(limits.pictureBytes, limits.otherBytes)
  if (declared > largest) throw new Refusal('too_large', declared)
  const incoming = await room.folder.receive()
  try {
    const { mediaType } = await pour(response, incoming, limits, declared)
    return { state: 'fetched', mediaType, ...(await incoming.keep()) }
  } finally {
    await incoming.drop()
  }
}

/** Lets the bytes through to the disk, and stops as soon as they are too many or of a kind that is not kept. */
async function pour(
  response: IncomingMessage,
  incoming: Incoming,
  limits: FetchLimits,
  declared: number,
): Promise<Sniffed> {
  let head = Buffer.alloc(0)
  let type: Sniffed | null = null
  let bytes = 0
  const recognise = (): Sniffed => {
    const found = sniff(head)
    if (found === null) throw new Refusal(head.length === 0 ? 'empty' : 'type')
    if (declared > limitOf(found, limits)) throw new Refusal('too_large', declared)
    return found
  }
  for await (const part of response) {
    const chunk: Buffer = part
    bytes += chunk.length
    if (type === null) {
      head = Buffer.concat([head, chunk])
      if (head.length >= headBytes) type = recognise()
    }
    const limit = type === null ? limits.otherBytes : limitOf(type, limits)
    if (bytes > limit) throw new Refusal('too_large', Math.max(declared, bytes))
    await incoming.write(chunk)
  }
  type ??= recognise()
  if (bytes > limitOf(type, limits)) throw new Refusal('too_large', bytes)
  return type
}

function limitOf({ mediaType }: Sniffed, limits: FetchLimits): number {
  return mediaType.startsWith('image/') ? limits.pictureBytes : limits.otherBytes
}
