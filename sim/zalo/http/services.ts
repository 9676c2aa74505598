const names = [
  ...['aext', 'alias', 'auto_reply', 'catalog', 'chat', 'conversation', 'file', 'friend', 'friend_board', 'group'],
  ...['group_board', 'group_cloud_message', 'group_poll', 'label', 'profile', 'quick_message', 'reaction', 'sticker'],
  'zimsg',
]
const hosts = new Map(names.map((name) => [name, `tt-${name.replaceAll('_', '-')}-wpa.chat.zalo.me`]))
const services = new Map([...hosts].map(([name, host]) => [host, name]))

/** What the login answer tells the library about where each service lives; a missing key breaks its login. */
export const serviceMap: Record<string, string[]> = Object.fromEntries(
  [...hosts].map(([name, host]) => [name, [`https://${host}`]]),
)

/** The service behind a host name; null for a host that is no service. */
export function serviceOfHost(host: string): string | null {
  return services.get(host) ?? null
}
