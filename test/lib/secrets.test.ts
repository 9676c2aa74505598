import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../src/lib/errors.ts'
import { type KeyRing, open, parseKeyRing, SealBrokenError, sameSecret, seal, sha256 } from '../../src/lib/secrets.ts'

const key = (byte: number): Buffer => Buffer.alloc(32, byte)
const ring: KeyRing = [key(1)]
const token = 'EAAB-page-token'

describe('parseKeyRing', () => {
  it('one key', () => {
    expect(parseKeyRing(key(1).toString('base64'))).toEqual([key(1)])
  })

  it('several keys keep their order, and spaces do not matter', () => {
    expect(parseKeyRing(`${key(2).toString('base64')} , ${key(1).toString('base64')}`)).toEqual([key(2), key(1)])
  })

  it.each([
    ['empty', ''],
    ['too short', Buffer.alloc(31).toString('base64')],
    ['too long', Buffer.alloc(33).toString('base64')],
    ['a good one and an empty one', `${key(1).toString('base64')},`],
    ['a good one and a short one', `${key(1).toString('base64')},YWJj`],
    ['plain words', 'mat-khau-cua-toi'],
  ])('%s: refused in a sentence that does not repeat it', (_fact, text) => {
    const parse = (): KeyRing => parseKeyRing(text)

    expect(parse).toThrow(InvalidInputError)
    expect(parse).toThrow('expected SECRET_KEY to be 32 bytes in base64')
  })
})

describe('seal and open', () => {
  it('whatever was sealed is what is opened', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (purpose, plain) => {
        expect(open(ring, purpose, seal(ring, purpose, plain))).toBe(plain)
      }),
    )
  })

  it('sealed bytes show nothing of what is inside', () => {
    expect(seal(ring, 'account/1', token).toString('latin1')).not.toContain(token)
  })

  it('the same secret is never sealed to the same bytes twice', () => {
    expect(seal(ring, 'account/1', token)).not.toEqual(seal(ring, 'account/1', token))
  })

  it('after a rotation the new key seals and the old one still opens', () => {
    const before = seal([key(1)], 'account/1', token)
    const rotated: KeyRing = [key(2), key(1)]
    const after = seal(rotated, 'account/1', token)

    expect(open(rotated, 'account/1', before)).toBe(token)
    expect(open([key(2)], 'account/1', after)).toBe(token)
    expect(() => open([key(1)], 'account/1', after)).toThrow(SealBrokenError)
  })

  it('one account’s secret cannot be passed off as another’s', () => {
    expect(() => open(ring, 'account/2', seal(ring, 'account/1', token))).toThrow(SealBrokenError)
  })

  it('any changed byte behind the version is noticed', () => {
    const sealed = seal(ring, 'account/1', token)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: sealed.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(sealed)
        damaged.writeUInt8(damaged.readUInt8(at) ^ flip, at)
        expect(() => open(ring, 'account/1', damaged)).toThrow(SealBrokenError)
      }),
    )
  })

  it.each([0, 1, 12, 28])('a sealed value cut to %d bytes is broken, not empty', (length) => {
    expect(() => open(ring, 'account/1', seal(ring, 'account/1', token).subarray(0, length))).toThrow(SealBrokenError)
  })

  it('the error names what could not be opened and says neither key nor secret', () => {
    const attempt = (): string => open([key(9)], 'account/1', seal(ring, 'account/1', token))

    expect(attempt).toThrow('a sealed account/1 cannot be opened with the present SECRET_KEY')
  })
})

describe('sameSecret', () => {
  it('is equality', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => void expect(sameSecret(a, b)).toBe(a === b)))
    expect(sameSecret(token, token)).toBe(true)
  })

  it.each([
    ['a prefix', 'EAAB-page'],
    ['a longer text', `${token}x`],
    ['another case', token.toLowerCase()],
    ['nothing', ''],
  ])('%s is not the secret', (_fact, other) => {
    expect(sameSecret(token, other)).toBe(false)
  })
})

it('sha256 is the digest known everywhere', () => {
  expect(sha256('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
