import { createHmac, randomInt } from 'node:crypto'
import { toWireJson } from '../../sim/facebook/wire.ts'

const pageId = '100000000000101'
const postId = `${pageId}_100000000000201`

/** Comments that no other call of this maker has made: the same bytes again would be the same delivery. */
export function commentMaker(appSecret: string): (count: number) => Buffer[] {
  let last = randomInt(1_000_000) * 1_000_000_000
  return (count) => {
    const first = last + 1
    last += count
    return Array.from({ length: count }, (_, n) => signedPost(commentBody(first + n), appSecret))
  }
}

/** One comment as Facebook puts it on the wire, some 600 bytes. */
function commentBody(number: number): string {
  const time = 1_790_000_000
  const value = {
    from: { id: '24000000000000001', name: 'Nguyễn Văn Gia' },
    post_id: postId,
    comment_id: `100000000000201_${String(number).padStart(16, '0')}`,
    created_time: time,
    item: 'comment',
    parent_id: postId,
    verb: 'add',
    message: 'Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì ạ?',
  }
  return toWireJson({ entry: [{ id: pageId, time, changes: [{ value, field: 'feed' }] }], object: 'page' })
}

/** The whole request as bytes, so that sending it costs nothing but the writing. */
function signedPost(body: string, appSecret: string): Buffer {
  const signature = createHmac('sha256', appSecret).update(body).digest('hex')
  const head = [
    'POST /webhooks/facebook HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `X-Hub-Signature-256: sha256=${signature}`,
    `Content-Length: ${body.length}`, // the wire form is ASCII
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1')
}
