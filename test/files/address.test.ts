import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLoopback, isPublicAddress } from '../../src/files/address.ts'

describe('an address of the public internet', () => {
  it.each(['8.8.8.8', '157.240.22.35', '203.162.0.11', '2a03:2880:f12f:83:face:b00c:0:25de', '2405:4800::1'])(
    '%s is one',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  it.each([
    ['this machine', '127.0.0.1'],
    ['this machine by another number', '127.8.9.10'],
    ['nowhere', '0.0.0.0'],
    ['a home network', '192.168.1.1'],
    ['an office network', '10.20.30.40'],
    ['the middle of private networks', '172.16.0.1'],
    ['their end', '172.31.255.255'],
    ['behind a provider', '100.64.0.1'],
    ['link-local, where clouds keep secrets', '169.254.169.254'],
    ['for examples', '192.0.2.1'],
    ['for measurements', '198.18.0.1'],
    ['many at once', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['everybody here', '255.255.255.255'],
    ['this machine in IPv6', '::1'],
    ['nowhere in IPv6', '::'],
    ['link-local', 'fe80::1'],
    ['link-local with its interface', 'fe80::1%eth0'],
    ['a private network in IPv6', 'fd12:3456::1'],
    ['many at once in IPv6', 'ff02::1'],
    ['for examples in IPv6', '2001:db8::1'],
    ['this machine dressed as IPv6', '::ffff:127.0.0.1'],
    ['the same in hexadecimal', '::ffff:7f00:1'],
    ['an office network dressed as IPv6', '::ffff:10.0.0.1'],
    ['even a public address dressed like that', '::ffff:8.8.8.8'],
    ['the old dress', '::127.0.0.1'],
    ['this machine through 6to4', '2002:7f00:1::'],
    ['through Teredo', '2001:0:53aa:64c:0:fbff:80ff:fffe'],
    ['a home network through NAT64', '64:ff9b::192.168.1.1'],
    ['the same in hexadecimal', '64:ff9b::c0a8:101'],
    ['a decimal number', '2130706433'],
    ['hexadecimal', '0x7f000001'],
    ['octal', '0177.0.0.1'],
    ['a short form', '127.1'],
    ['a name', 'localhost'],
    ['nothing', ''],
  ])('%s is none: %s', (_what, address) => expect(isPublicAddress(address)).toBe(false))

  it('a public one behind NAT64 is one: an IPv6-only network has no other way', () => {
    expect(isPublicAddress('64:ff9b::8.8.8.8')).toBe(true)
    expect(isPublicAddress('64:ff9b::808:808')).toBe(true)
  })

  it('the way IPv6 carries an IPv4 address never opens a private one', () => {
    const privateIPv4 = fc.oneof(
      fc.tuple(fc.constant(10), fc.nat(255), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(127), fc.nat(255), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
    )
    fc.assert(
      fc.property(privateIPv4, fc.constantFrom('::ffff:', '64:ff9b::', '::'), ([a, b, c, d], prefix) => {
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        expect(isPublicAddress(`${prefix}${a}.${b}.${c}.${d}`)).toBe(false)
        expect(isPublicAddress(`${prefix}${hex}`)).toBe(false)
      }),
    )
  })
})

describe('this machine', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['::1', true],
    ['::ffff:127.0.0.1', false],
    ['128.0.0.1', false],
    ['10.0.0.1', false],
    ['localhost', false],
  ])('%s: %s', (address, expected) => expect(isLoopback(address)).toBe(expected))
})
