import { isIP } from 'node:net'

/** Null when Zalo takes the address; else why it does not. `allowLoopback` is for a product on this machine. */
export function refusesAddress(address: string, allowLoopback: boolean): string | null {
  if (!URL.canParse(address)) return 'invalid url'
  const { protocol, hostname } = new URL(address)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (allowLoopback && isLoopback(host)) return null
  if (protocol !== 'https:') return 'url must be https'
  return isPrivate(host) ? 'url must be reachable from the internet' : null
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}

function isPrivate(host: string): boolean {
  if (isLoopback(host) || host.endsWith('.local') || !(host.includes('.') || isIP(host) === 6)) return true
  if (isIP(host) === 6) return /^(f[cd]|fe[89ab])/i.test(host)
  return isIP(host) === 4 && /^(0|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host)
}
