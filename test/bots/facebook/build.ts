export const pageId = '100000000000101'
export const psid = '24000000000000001'

type Fields = Readonly<Record<string, unknown>>

/** A delivery of one entry of our Page. */
export function entry(families: Fields): unknown {
  return { object: 'page', entry: [{ id: pageId, time: 1793000000, ...families }] }
}

/** A resident's comment under post 122 of our Page. */
export function comment(fields: Fields): unknown {
  return {
    field: 'feed',
    value: {
      item: 'comment',
      verb: 'add',
      comment_id: '122_1501',
      post_id: `${pageId}_122`,
      from: { id: psid, name: 'Nguyen Van Gia' },
      message: 'Cho hỏi lịch thu gom rác?',
      created_time: 1792999995,
      ...fields,
    },
  }
}

/** A message from the resident to the Page, or from the Page to the resident. */
export function message(fields: Fields, from: 'person' | 'page' = 'person'): Fields {
  const [sender, recipient] = from === 'page' ? [pageId, psid] : [psid, pageId]
  return {
    sender: { id: sender },
    recipient: { id: recipient },
    timestamp: 1793000000123,
    message: { mid: 'm_FAKE001', text: 'Xin chào', ...fields },
  }
}
