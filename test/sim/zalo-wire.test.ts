import { createDecipheriv } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  aesOpen,
  aesSeal,
  imeiOfZcid,
  loginKey,
  makeZcid,
  type SealKind,
  sealEvent,
  signKey,
} from '../../sim/zalo/wire/crypto.ts'
import { bareInteger, decodeFrame, encodeFrame } from '../../sim/zalo/wire/frames.ts'

const zcid = 'F53868CF7E3205A2F5D8B43B44B1E8855FE89469D943DBE137F558F91FF2DF26'
const params =
  'Y3/ktCE6N4cwNxCjr18dYvw6HEUICWHRqZgYDKysUQLLsDyrLczOHvuSzLjeT0NOkR6UkfnvFCOaOFkwYJ33whxH1okupTAPTk03dRmQk/s='

describe('known answers of the login', () => {
  it('a zcid is the sealed device mark and gives the imei back', () => {
    expect(makeZcid('imei-1', 1764000000000)).toBe(zcid)
    expect(imeiOfZcid(zcid)).toBe('imei-1')
    expect(imeiOfZcid('00')).toBeNull()
  })

  it('the login key is 32 ASCII characters of the two marks', () => {
    expect(loginKey(zcid, 'a1b2c3d4').toString('latin1')).toBe('2C431646F36C730AFDB36F2F98571B39')
  })

  it('params are sealed under the login key', () => {
    const key = loginKey(zcid, 'a1b2c3d4')
    const text = '{"computer_name":"Web","imei":"imei-1","language":"vi","ts":1764000000000}'
    expect(aesSeal(key, text).toString('base64')).toBe(params)
    expect(aesOpen(key, Buffer.from(params, 'base64'))).toBe(text)
  })

  it('the answer is sealed under the login key', () => {
    const sealed = '98hwWdb0g1QYgWnWv08X/0tcWil1PQJDryxj8kQuiS1mHAVsRckNzwbIUgtgJnR8'
    expect(aesSeal(loginKey(zcid, 'a1b2c3d4'), '{"error_code":0,"data":{"uid":"1"}}').toString('base64')).toBe(sealed)
  })

  it('both calls are signed over their values in the order of their names', () => {
    const version = { client_version: '685', type: '30' }
    const device = { enc_ver: 'v2', params, zcid, zcid_ext: 'a1b2c3d4' }
    expect(signKey('getlogininfo', { ...version, ...device })).toBe('a9fac278b8be349c858fcd5b2cfad570')
    const info = { ...version, computer_name: 'Web', imei: 'imei-1' }
    expect(signKey('getserverinfo', info)).toBe('e056a872bbfd6d4998380170e8df066b')
  })
})

describe('known answers of sealed calls and frames', () => {
  it('an answer is sealed under the session key', () => {
    const key = Buffer.from('AAECAwQFBgcICQoLDA0ODw==', 'base64')
    expect(aesSeal(key, '{"error_code":0,"data":{"msgId":7}}').toString('base64')).toBe(
      'xM8stAIW28htiNwUylMQINbrWoJCkna0kVs8+0j7albL43nqVk5SUsRKYAt0fk75',
    )
  })

  it.each([
    [1, 1, '01010001'],
    [2, 1, '01020001'],
    [501, 0, '01f50100'],
    [521, 0, '01090200'],
    [511, 1, '01ff0101'],
    [601, 0, '01590200'],
    [612, 0, '01640200'],
    [3000, 0, '01b80b00'],
  ])('command %i/%i has the header %s', (command, sub, header) => {
    const frame = encodeFrame(command, sub, '')
    expect(frame.toString('hex')).toBe(header)
    expect(decodeFrame(frame)).toEqual({ version: 1, cmd: command, sub, body: '' })
  })

  it('kind 3 is vector, associated data, ciphertext and tag in URL-encoded base64', () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, at) => at))
    const sealed = sealEvent(3, key, '{"data":{"groupMsgs":[]}}', Buffer.alloc(16, 0x10), Buffer.alloc(16, 0x20))
    expect(sealed).toBe(
      'EBAQEBAQEBAQEBAQEBAQECAgICAgICAgICAgICAgICA6VNUbbFr1cAIhd06u8uxu50Nbu4riHAWu%2FmTvBtz%2Bfc9psDNNg%2B3VEQ%3D%3D',
    )
  })
})

describe('sealing', () => {
  it('every kind and key length can be opened again', () => {
    const kinds = fc.constantFrom<SealKind[]>(0, 1, 2, 3)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), kinds, fc.constantFrom(16, 24, 32), (text, kind, bytes) => {
        const key = Buffer.alloc(bytes, 7)
        expect(open(kind, key, sealEvent(kind, key, text))).toBe(text)
        expect(aesOpen(key, aesSeal(key, text))).toBe(text)
      }),
    )
  })

  it('a bare integer keeps all its digits in the JSON text', () => {
    expect(JSON.stringify({ ownerId: bareInteger('1234567890123456789') })).toBe('{"ownerId":1234567890123456789}')
    expect(() => bareInteger('1e3')).toThrow('expected digits')
  })

  it('a message without a header is no frame', () => {
    expect(decodeFrame(Buffer.from([1, 2, 3]))).toBeNull()
  })
})

function open(kind: SealKind, key: Buffer, data: string): string {
  if (kind === 0) return data
  if (kind === 1) return inflateSync(Buffer.from(data, 'base64')).toString('utf8')
  const bytes = Buffer.from(decodeURIComponent(data), 'base64')
  const decipher = createDecipheriv(`aes-${(key.length * 8) as 128 | 192 | 256}-gcm`, key, bytes.subarray(0, 16))
  decipher.setAAD(bytes.subarray(16, 32)).setAuthTag(bytes.subarray(-16))
  const plain = Buffer.concat([decipher.update(bytes.subarray(32, -16)), decipher.final()])
  return (kind === 2 ? inflateSync(plain) : plain).toString('utf8')
}
