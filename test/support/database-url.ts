import type { ClientConfig } from 'pg'

/** A connection as DATABASE_URL says it; a socket's folder has its place behind the question mark. */
export function databaseUrl({ host, port, user, password, database }: ClientConfig): string {
  const url = new URL(`postgres://localhost/${database ?? ''}`)
  if (user !== undefined) url.username = user
  if (typeof password === 'string') url.password = password
  if (host !== undefined) url.searchParams.set('host', host)
  if (port !== undefined) url.searchParams.set('port', String(port))
  return url.href
}
