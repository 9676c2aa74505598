import type { IncomingMessage } from 'node:http'
import type { Session } from '../world/types.ts'
import type { World } from '../world/world.ts'

/** The session a request's cookie belongs to, living or dead; null for a stranger. */
export function sessionOf(world: World, request: IncomingMessage): Session | null {
  const token = cookiesOf(request).get('zpw_sek')
  return (token && world.data.sessions.get(token)) || null
}

export function cookiesOf(request: IncomingMessage): Map<string, string> {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return new Map(pairs.map(([name = '', ...rest]) => [name, rest.join('=')]))
}

/** A cookie without a Domain would be filed under the host "null" by the library and never come back. */
export function setCookie(name: string, value: string, domain: string): string {
  return `${name}=${value}; Domain=${domain}; Path=/; Secure; HttpOnly; Max-Age=604800`
}
