import type { ServerResponse } from 'node:http'
import { aesOpen, aesSeal } from '../wire/crypto.ts'

/** An answer the library turns into ZaloApiError with this code. */
export class Refusal extends Error {
  readonly code: number

  constructor(code: number, message: string = knownMessages.get(code) ?? 'Lỗi không xác định') {
    super(message)
    this.code = code
  }
}

const knownMessages = new Map([
  [102, 'The session key was improperly submitted or has reached its timeout.'],
  [114, 'Tham số không hợp lệ'],
  [122, 'Người này chặn tin nhắn từ người lạ'],
  [123, 'Không thể nhận tin nhắn từ bạn'],
  [166, 'Bạn không có quyền thực hiện thao tác này'],
  [216, 'Không tìm thấy người dùng'],
  [221, 'Vượt quá số request cho phép'],
  [600, 'zpw_sek bị thiếu hoặc không đúng'],
  [-69, 'Retry limit'],
])

export function sealedAnswer(key: Buffer, code: number, message: string, data: unknown): string {
  const inner = JSON.stringify({ error_code: code, error_message: message, data })
  return plainAnswer(0, 'Successful.', aesSeal(key, inner).toString('base64'))
}

export function plainAnswer(code: number, message: string, data: unknown): string {
  return JSON.stringify({ error_code: code, error_message: message, data })
}

/** Null when the text was not sealed with this key or is not a JSON object. */
export function openParams(key: Buffer, sealed: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(aesOpen(key, Buffer.from(sealed, 'base64')))
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null
    return Object.fromEntries(Object.entries(parsed))
  } catch {
    return null
  }
}

export function sendJson(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body)
}
