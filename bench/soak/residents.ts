import type { Stage } from '../../test/support/stage.ts'

/** So many residents ask, each once, by turns on all of the town's Pages. */
export function askOnAll({ facebook, town }: Pick<Stage, 'facebook' | 'town'>, comments: number): void {
  for (let n = 1; n <= comments; n += 1) {
    const page = town.pages[n % town.pages.length]
    if (page === undefined) throw new RangeError('expected a town with a Page')
    facebook.comment({
      pageId: page.id,
      postId: page.postId,
      author: { id: String(24_000_000_000_100_000n + BigInt(n)), name: `Nguyễn Văn Gia ${n}` },
      text: `Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì? Nhà tôi ở xóm ${n}.`,
    })
  }
}
