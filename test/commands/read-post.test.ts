import { expect, it } from 'vitest'
import { readPost } from '../../src/commands/posting.ts'

it.each<[string, string, { text: string; link: string | null }]>([
  ['words alone', ' Mời bà con họp. ', { text: 'Mời bà con họp.', link: null }],
  ['a line that is an address', 'Mời họp.\nhttps://a.vn/x', { text: 'Mời họp.', link: 'https://a.vn/x' }],
  ['in the middle', 'Mời họp.\nhttps://a.vn/x\nTrân trọng.', { text: 'Mời họp.\nTrân trọng.', link: 'https://a.vn/x' }],
  ['an address within words', 'Xem https://a.vn/x nhé', { text: 'Xem https://a.vn/x nhé', link: null }],
  ['an address alone', 'https://a.vn/x', { text: 'https://a.vn/x', link: 'https://a.vn/x' }],
])('a post of %s', (_what, words, post) => {
  expect(readPost(words)).toEqual(post)
})
