import type { Stage } from '../../test/support/stage.ts'

/** A comment, a Messenger message and a message in a Zalo group, each a question that an officer has to answer. */
export interface Trio {
  readonly commentId: string
  readonly psid: string
  readonly groupMessageId: string
}

let written = 0

/** Three residents ask; every trio is asked by other people, in other words. */
export function askTrio({ facebook, zalo, town }: Pick<Stage, 'facebook' | 'zalo' | 'town'>): Trio {
  written += 1
  const resident = town.zalo.residents[0]?.person ?? ''
  const psid = String(31_000_000_000_000_000n + BigInt(written))
  const commentId = facebook.comment({
    pageId: town.pageId,
    postId: town.postId,
    author: { id: String(24_000_000_000_000_000n + BigInt(written)), name: `Nguyễn Văn Gia ${written}` },
    text: `Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì? Nhà tôi ở xóm ${written}.`,
  })
  facebook.message({
    pageId: town.pageId,
    psid,
    name: `Trần Thị Giả ${written}`,
    text: `Cho em hỏi làm giấy khai sinh muộn cho con thì nộp ở đâu ạ? Cháu thứ ${written} trong họ.`,
  })
  const { id: groupMessageId } = zalo.say({
    group: town.zalo.residentsGroup,
    person: resident,
    text: `#hỏi Bao giờ sửa xong đường bê tông đoạn số ${written} ạ?`,
  })
  return { commentId, psid, groupMessageId }
}
