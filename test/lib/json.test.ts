import { expect, it } from 'vitest'
import { JsonObject } from '../../src/lib/json.ts'

it.each([
  ['an address', { type: 'comment', commentId: '1_2', mentions: ['3', null, { deep: [true, 1.5] }] }],
  ['an empty object', {}],
])('%s passes as it is', (_fact, value) => {
  expect(JsonObject.parse(value)).toEqual(value)
})

it.each([
  ['a list', [1]],
  ['a text', 'x'],
  ['nothing', null],
  ['a date inside', { at: new Date(0) }],
  ['a function inside', { run: () => 1 }],
  ['a bigint inside', { id: 122104200000000101n }],
  ['NaN inside', { id: Number.NaN }],
])('%s is no JSON object', (_fact, value) => {
  expect(JsonObject.safeParse(value).success).toBe(false)
})
