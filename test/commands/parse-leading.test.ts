import { describe, expect, it } from 'vitest'
import { newCaseCode } from '../../src/cases/code.ts'
import type { Command } from '../../src/commands/command.ts'
import { parseCommand } from '../../src/commands/parse.ts'

const parsed = (text: string): Command => parseCommand(text).command

describe('words before a colon', () => {
  it.each<[string, Command]>([
    ['riêng: Bác gọi 0912 nhé', { kind: 'answer_privately', text: 'Bác gọi 0912 nhé' }],
    ['Riêng:Bác gọi', { kind: 'answer_privately', text: 'Bác gọi' }],
    ['RIENG : bac goi', { kind: 'answer_privately', text: 'bac goi' }],
    ['trả lời riêng: dòng một\ndòng hai', { kind: 'answer_privately', text: 'dòng một\ndòng hai' }],
    ['sửa: Nộp tại xã: tầng 2', { kind: 'edit', text: 'Nộp tại xã: tầng 2' }],
    ['gỡ: nhầm số điện thoại', { kind: 'take_down', reason: 'nhầm số điện thoại' }],
    ['ẩn: lộ số căn cước', { kind: 'hide', reason: 'lộ số căn cước' }],
    ['an: lo so can cuoc', { kind: 'hide', reason: 'lo so can cuoc' }],
    ['đăng bài: Mời bà con họp', { kind: 'post', text: 'Mời bà con họp' }],
    ['hiện lại: đã làm rõ', { kind: 'unhide' }],
    ['riêng:', { kind: 'answer_privately', text: '' }],
  ])('%s', (text, command) => {
    expect(parsed(text)).toEqual(command)
    expect(parsed(text.normalize('NFD'))).toEqual(command)
  })

  it.each<[string, Command]>([
    ['gửi lại', { kind: 'resend' }],
    ['Hiện lại.', { kind: 'unhide' }],
    ['gỡ', { kind: 'take_down', reason: '' }],
    ['Ẩn!', { kind: 'hide', reason: '' }],
  ])('%s alone', (text, command) => {
    expect(parsed(text)).toEqual(command)
  })

  it.each([
    'ăn: 25.000 đồng một suất',
    'sữa: phát thứ hai hằng tuần',
    'gõ: vào ô tìm kiếm',
    'gỗ: không được khai thác',
    'riêng hộ nghèo thì được miễn',
    'Sửa đường: khởi công tháng tới',
    'Về việc ẩn: xã đã có văn bản',
    'đăng bài lên trang nào cũng được',
    'gỡ vướng mắc cho bà con',
    'Cần: CCCD, tờ khai',
  ])('“%s” is an answer', (text) => {
    expect(parsed(text)).toEqual({ kind: 'answer', text })
  })

  it.each<[string, Command]>([
    ['riêng; Hồ sơ số 112 thiếu giấy', { kind: 'answer_privately', text: 'Hồ sơ số 112 thiếu giấy' }],
    ['Riêng：Hồ sơ số 112 thiếu giấy', { kind: 'answer_privately', text: 'Hồ sơ số 112 thiếu giấy' }],
    ['Riêng - Hồ sơ số 112: thiếu giấy', { kind: 'answer_privately', text: 'Hồ sơ số 112: thiếu giấy' }],
    ['riêng. Hồ sơ số 112 thiếu giấy', { kind: 'answer_privately', text: 'Hồ sơ số 112 thiếu giấy' }],
    ['Trả lời riêng, Hồ sơ số 112: thiếu giấy', { kind: 'answer_privately', text: 'Hồ sơ số 112: thiếu giấy' }],
    ['sửa; Nộp tại xã', { kind: 'edit', text: 'Nộp tại xã' }],
    ['gỡ; nhầm số điện thoại', { kind: 'take_down', reason: 'nhầm số điện thoại' }],
    ['dừng đăng; sai số liệu', { kind: 'stop_publishing', reason: 'sai số liệu' }],
    ['dừng đăng, sai số liệu', { kind: 'stop_publishing', reason: 'sai số liệu' }],
    ['trả lại; thiếu giờ', { kind: 'give_back', reason: 'thiếu giờ', text: 'trả lại; thiếu giờ' }],
    ['Trả lại- thiếu giờ', { kind: 'give_back', reason: 'thiếu giờ', text: 'Trả lại- thiếu giờ' }],
    ['Trả lại!', { kind: 'give_back', reason: '', text: 'Trả lại!' }],
    ['“duyệt”', { kind: 'approve' }],
    ['Duyệt,', { kind: 'approve' }],
    ['Duyệt…', { kind: 'approve' }],
    ['riêng', { kind: 'answer_privately', text: '' }],
    ['Trả lời riêng.', { kind: 'answer_privately', text: '' }],
    ['Sửa', { kind: 'edit', text: '' }],
    ['đăng bài', { kind: 'post', text: '' }],
  ])('slipping on the key beside it, or sending too early, changes nothing: %s', (text, command) => {
    expect(parsed(text)).toEqual(command)
    expect(parsed(text.normalize('NFD')).kind).toBe(command.kind)
  })

  it.each([
    'Riêng các hộ nghèo: được miễn',
    'Sửa, rồi nộp lại tại xã',
    'Gỡ - lắp biển báo do xã làm',
    'Dừng đăng ký đến hết tháng: bà con chờ',
    'Trả lại hồ sơ; bổ sung giấy',
    'Duyệt, xong sẽ báo',
  ])('“%s” stays what its writer meant', (text) => {
    expect(['answer', 'give_back']).toContain(parsed(text).kind)
  })

  it('a code at the head names the case, and the words after it count', () => {
    const code = newCaseCode()

    expect(parseCommand(`${code} riêng: Bác gọi nhé`)).toEqual({
      code,
      command: { kind: 'answer_privately', text: 'Bác gọi nhé' },
    })
  })
})
