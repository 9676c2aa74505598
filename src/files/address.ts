import { BlockList, isIP } from 'node:net'

/**
 * Whether this is one address of the public internet. Anything that is not plainly written as such is none: a private,
 * local or special address, one of them in the clothes of IPv6, and every other way to write a number.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  if (family !== 6 || address.includes('%')) return false
  const embedded = embeddedIPv4(address)
  if (embedded !== null) return isPublicAddress(embedded)
  return globalUnicast.check(address, 'ipv6') && !specialIPv6.check(address, 'ipv6')
}

export function isLoopback(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  return family === 4 ? loopback.check(address, 'ipv4') : address === '::1'
}

/** Blocks that are not reachable over the internet or mean something special there (RFC 6890 and its register). */
const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // between a provider and its customers
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local; clouds answer secrets there
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  special.addSubnet(network, prefix, 'ipv4')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')

const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

const specialIPv6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23], // Teredo, benchmarking, ORCHID …
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4: holds an IPv4 address of anybody's choice
  ['3fff::', 20],
] as const) {
  specialIPv6.addSubnet(network, prefix, 'ipv6')
}

const nat64 = new BlockList()
nat64.addSubnet('64:ff9b::', 96, 'ipv6')

/** The IPv4 address inside one of NAT64, with which an IPv6-only network reaches the rest of the internet. */
function embeddedIPv4(address: string): string | null {
  if (!nat64.check(address, 'ipv6')) return null
  const dotted = /(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  if (dotted !== undefined) return dotted
  const [high = 0, low = 0] = address
    .split(':')
    .slice(-2)
    .map((group) => Number.parseInt(group === '' ? '0' : group, 16))
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
}
