import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameText, signature256, toWireJson } from '../../sim/facebook/wire.ts'

type Vector = { name: string; rawBodyBase64: string; header: string | null; expect: boolean }
const file = new URL('../fixtures/facebook/signature-vectors.json', import.meta.url)
const { appSecret, vectors } = JSON.parse(readFileSync(file, 'utf8')) as { appSecret: string; vectors: Vector[] }

describe('bytes on the wire', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('signature vector %s', (_name, vector) => {
    const header = (vector.header ?? '').toLowerCase()

    const ours = signature256(appSecret, Buffer.from(vector.rawBodyBase64, 'base64'))

    expect(sameText(ours, header)).toBe(vector.expect)
  })

  it('JSON is escaped exactly as Facebook sends it', () => {
    const vector = vectors.find(({ name }) => name === 'escaped-unicode-as-meta-sends-valid')
    const raw = Buffer.from(vector?.rawBodyBase64 ?? '', 'base64').toString('utf8')

    expect(toWireJson(JSON.parse(raw))).toBe(raw)
  })

  it('whatever people type is ASCII on the wire and reads back unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const wire = toWireJson({ text })

        expect(wire).toMatch(/^[\x20-\x7e]*$/u)
        expect(JSON.parse(wire)).toEqual({ text })
      }),
    )
  })

  it('half a surrogate pair and NUL survive, as they do on Facebook', () => {
    expect(toWireJson('h\u1ecfng \ud83d r\u0000')).toBe('"h\\u1ecfng \\ud83d r\\u0000"')
  })
})
