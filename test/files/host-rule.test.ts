import { describe, expect, it } from 'vitest'
import { type HostRule, refusedAddresses, refusedUrl } from '../../src/files/host-rule.ts'

const real: HostRule = { domains: ['fbcdn.net', 'zdn.vn'], loopback: false }
const simulated: HostRule = { ...real, loopback: true }

describe('a real installation', () => {
  it.each([
    'https://fbcdn.net/a.jpg',
    'https://scontent.xx.fbcdn.net/v/a.jpg?oe=1',
    'https://photo-stal-16.zdn.vn/a.jpg',
    'https://scontent.xx.fbcdn.net:443/a.jpg',
    'https://SCONTENT.XX.FBCDN.NET/a.jpg',
  ])('asks %s', (url) => expect(refusedUrl(new URL(url), real)).toBeNull())

  it.each([
    ['another name', 'https://example.vn/a.jpg', 'host'],
    ['a name that ends alike', 'https://evilfbcdn.net/a.jpg', 'host'],
    ['a name that begins alike', 'https://fbcdn.net.evil.vn/a.jpg', 'host'],
    ['a root dot', 'https://scontent.fbcdn.net./a.jpg', 'host'],
    ['the platform’s name before an @', 'https://scontent.fbcdn.net@evil.vn/a.jpg', 'credentials'],
    ['a password for the right host', 'https://a:b@scontent.fbcdn.net/a.jpg', 'credentials'],
    ['letters that look alike', 'https://scontent.fbсdn.net/a.jpg', 'host'],
    ['without encryption', 'http://scontent.fbcdn.net/a.jpg', 'scheme'],
    ['another port', 'https://scontent.fbcdn.net:8443/a.jpg', 'scheme'],
    ['a file', 'file:///etc/passwd', 'host'],
    ['data', 'data:image/png;base64,AAAA', 'host'],
    ['this machine', 'http://localhost/a.jpg', 'host'],
    ['a number', 'http://127.0.0.1/a.jpg', 'host'],
    ['a public number', 'https://8.8.8.8/a.jpg', 'host'],
    ['a decimal number', 'http://2130706433/a.jpg', 'host'],
    ['an octal number', 'http://0177.0.0.1/a.jpg', 'host'],
    ['a hexadecimal number', 'http://0x7f.0.0.1/a.jpg', 'host'],
    ['a short number', 'http://127.1/a.jpg', 'host'],
    ['an IPv6 number', 'http://[::1]/a.jpg', 'host'],
    ['a mapped number', 'http://[::ffff:127.0.0.1]/a.jpg', 'host'],
  ])('does not ask %s', (_what, url, reason) => expect(refusedUrl(new URL(url), real)).toBe(reason))
})

describe('a simulated installation', () => {
  it.each([
    'http://127.0.0.1:4000/a.jpg',
    'http://[::1]:4000/a.jpg',
    'http://localhost:4000/a.jpg',
    'http://2130706433:4000/a.jpg',
    'https://scontent.xx.fbcdn.net/a.jpg',
  ])('asks %s', (url) => expect(refusedUrl(new URL(url), simulated)).toBeNull())

  it.each([
    ['http://10.0.0.1/a.jpg', 'host'],
    ['http://169.254.169.254/a.jpg', 'host'],
    ['http://[::ffff:10.0.0.1]/a.jpg', 'host'],
    ['http://example.vn/a.jpg', 'host'],
    ['file://localhost/etc/passwd', 'host'],
  ])('does not ask %s', (url, reason) => expect(refusedUrl(new URL(url), simulated)).toBe(reason))
})

describe('the addresses of a name', () => {
  const photo = new URL('https://scontent.fbcdn.net/a.jpg')

  it.each([
    [['157.240.22.35'], null],
    [['157.240.22.35', '2a03:2880:f12f::1'], null],
    [['10.0.0.1'], 'private_address'],
    [['157.240.22.35', '10.0.0.1'], 'private_address'],
    [['10.0.0.1', '157.240.22.35'], 'private_address'],
    [['157.240.22.35', '::1'], 'private_address'],
    [['127.0.0.1'], 'private_address'],
    [['not an address'], 'private_address'],
  ])('%j: %s', (addresses, reason) => expect(refusedAddresses(photo, addresses, real)).toBe(reason))

  it('may be this machine where platforms are simulated, all of them', () => {
    expect(refusedAddresses(photo, ['127.0.0.1', '::1'], simulated)).toBeNull()
    expect(refusedAddresses(photo, ['127.0.0.1', '157.240.22.35'], simulated)).toBe('private_address')
  })

  it('are this machine wherever plain HTTP or another port is spoken', () => {
    for (const url of ['http://scontent.fbcdn.net/a.jpg', 'https://scontent.fbcdn.net:4000/a.jpg']) {
      expect(refusedAddresses(new URL(url), ['157.240.22.35'], simulated)).toBe('scheme')
      expect(refusedAddresses(new URL(url), ['127.0.0.1'], simulated)).toBeNull()
    }
  })
})
