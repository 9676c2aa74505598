import { isIP } from 'node:net'
import { isLoopback, isPublicAddress } from './address.ts'

/** Whom files may be fetched from. */
export interface HostRule {
  /** Domains of the platform's file servers; names below them count. */
  readonly domains: readonly string[]
  /** Only where platforms are simulated: this machine too, over plain HTTP and on any port. */
  readonly loopback: boolean
}

/** Why this address is not asked; null when its host may be resolved. */
export function refusedUrl(url: URL, { domains, loopback }: HostRule): string | null {
  if (url.username !== '' || url.password !== '') return 'credentials'
  const host = bareHost(url)
  if (isIP(host) !== 0) return loopback && isLoopback(host) && isWeb(url) ? null : 'host'
  const isListed = domains.some((domain) => host === domain || host.endsWith(`.${domain}`))
  if (!isListed && !(loopback && host === 'localhost')) return 'host'
  if (url.protocol === 'https:' && url.port === '') return null
  return loopback && isWeb(url) ? null : 'scheme' // the addresses decide: it has to be this machine
}

/**
 * Why these addresses of the host are not connected to; null when any of them may be. One private address among several
 * is enough: an honest file server has none.
 */
export function refusedAddresses(url: URL, addresses: readonly string[], { loopback }: HostRule): string | null {
  if (loopback && addresses.every(isLoopback)) return null
  if (url.protocol !== 'https:' || url.port !== '') return 'scheme'
  return addresses.every(isPublicAddress) ? null : 'private_address'
}

/** The host as a resolver takes it: no brackets around an IPv6 address. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:'
}
