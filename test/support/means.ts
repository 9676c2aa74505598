import type { Means } from '../../src/replies/means.ts'

export const facebookMeans: Means = {
  maxTextChars: 8_000,
  maxPrivateReplyChars: 2_000,
  photoWith: { public: 'inside', resident: null },
  managesWall: true,
  tellsQuotes: true,
}
