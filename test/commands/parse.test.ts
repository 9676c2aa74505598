import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newCaseCode } from '../../src/cases/code.ts'
import { Command } from '../../src/commands/command.ts'
import { type Parsed, parseCommand } from '../../src/commands/parse.ts'

const code = newCaseCode()
const answer = (text: string, named: string | null = null): Parsed => ({
  command: { kind: 'answer', text },
  code: named,
})
const order = (kind: Exclude<Command['kind'], 'answer'>, named: string | null = null): Parsed => ({
  command: Command.parse({ kind }),
  code: named,
})

describe('an order', () => {
  it.each<[string, Parsed]>([
    ['công khai', order('make_public')],
    ['Công khai', order('make_public')],
    ['CONG KHAI', order('make_public')],
    ['cong khai.', order('make_public')],
    [' Công  khai ! ', order('make_public')],
    ['công khai'.normalize('NFD'), order('make_public')],
    ['giữ kín', order('make_restricted')],
    ['Kín', order('make_restricted')],
    ['đã đăng', order('seen_present')],
    ['da dang', order('seen_present')],
    ['đăng lại', order('seen_absent')],
    ['mở lại', order('reopen')],
    ['Duyệt', order('approve')],
    ['thu hồi', order('take_back')],
    ['Thu hoi.', order('take_back')],
    ['thu hồi: nhầm số', order('take_back')],
    [`${code} thu hồi`, order('take_back', code)],
    [`thu hồi ${code}`, order('take_back', code)],
    [`Thu hồi ${code} nhầm số`, order('take_back', code)],
    ['Thu hồi đất thì được bồi thường.', answer('Thu hồi đất thì được bồi thường.')],
    [`${code} Thu hồi đất: theo quyết định.`, answer('Thu hồi đất: theo quyết định.', code)],
    ['duyet.', order('approve')],
    ['hướng dẫn', order('help')],
    ['Trợ giúp', order('help')],
    ['?', order('help')],
    [`${code} công khai`, order('make_public', code)],
    [`${code}: Giữ kín.`, order('make_restricted', code)],
    [`${code} ?`, order('help', code)],
  ])('"%s"', (text, parsed) => {
    expect(parseCommand(text)).toEqual(parsed)
  })

  it.each([
    'Công khai danh sách tại nhà văn hóa xóm.',
    'Xã đã đăng thông báo ở bảng tin.',
    'Đăng lại lịch thu gom rác vào thứ hai.',
    'Không công khai',
    'Hướng dẫn: nộp hồ sơ tại một cửa.',
    'Có kín',
    'công-khai',
    'Ông/bà cần gì?',
  ])('an answer that only contains its words is an answer: "%s"', (text) => {
    expect(parseCommand(text)).toEqual(answer(text))
  })

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
    'the word "%s" is an answer like any other',
    (text) => {
      expect(parseCommand(text)).toEqual(answer(text))
    },
  )
})

describe('the brake', () => {
  const brake = (kind: 'stop_publishing' | 'resume_publishing', reason: string | null = null): Parsed => ({
    command: { kind, reason },
    code: null,
  })

  it.each<[string, Parsed]>([
    ['dừng đăng', brake('stop_publishing')],
    ['Dừng  Đăng!', brake('stop_publishing')],
    ['DUNG DANG', brake('stop_publishing')],
    ['dừng đăng'.normalize('NFD'), brake('stop_publishing')],
    ['Dừng đăng: sai số liệu', brake('stop_publishing', 'sai số liệu')],
    ['dừng đăng:', brake('stop_publishing')],
    ['đăng tiếp', brake('resume_publishing')],
    ['Đăng tiếp: đã sửa: xong', brake('resume_publishing', 'đã sửa: xong')],
    ['dang tiep', brake('resume_publishing')],
  ])('"%s"', (text, parsed) => {
    expect(parseCommand(text)).toEqual(parsed)
  })

  it.each(['Đúng dạng', 'Đang tiếp', 'đứng đắng', 'Dừng đăng ký xe', 'Xã đã dừng đăng', 'Đăng tiếp tin bài tuần sau.'])(
    '"%s" is an answer',
    (text) => {
      expect(parseCommand(text)).toEqual(answer(text))
    },
  )
})

describe('something given back', () => {
  it.each<[string, string]>([
    ['trả lại: thiếu giờ làm việc', 'thiếu giờ làm việc'],
    ['Trả lại thiếu giờ', 'thiếu giờ'],
    ['tra lai:thiếu\ngiờ', 'thiếu\ngiờ'],
    ['TRẢ LẠI', ''],
    ['trả lại :', ''],
  ])('"%s"', (text, reason) => {
    expect(parseCommand(text).command).toEqual({ kind: 'give_back', reason, text: text.trim() })
  })

  it('keeps the whole text, for an answer that begins like that', () => {
    expect(parseCommand('Trả lại hồ sơ trong ba ngày.').command).toMatchObject({ text: 'Trả lại hồ sơ trong ba ngày.' })
  })
})

describe('the code at the head', () => {
  it.each<[string, Parsed]>([
    [`${code} Cần CCCD.`, answer('Cần CCCD.', code)],
    [`${code.toLowerCase()} Cần CCCD.`, answer('Cần CCCD.', code)],
    [`${code.replaceAll('-', '')}: Cần CCCD.`, answer('Cần CCCD.', code)],
    [`  ${code} – Cần CCCD.`, answer('Cần CCCD.', code)],
    [`${code}\nCần CCCD.\nVà tờ khai.`, answer('Cần CCCD.\nVà tờ khai.', code)],
    [code, answer('', code)],
    [`Cần CCCD, xem ${code}`, answer(`Cần CCCD, xem ${code}`)],
    ['', answer('')],
    ['  \n ', answer('')],
  ])('%j', (text, parsed) => {
    expect(parseCommand(text)).toEqual(parsed)
  })

  it('mistyped is no code, and nothing of the text is taken away', () => {
    const slip = `${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'} Cần CCCD.`

    expect(parseCommand(slip)).toEqual(answer(slip))
  })
})

describe('whatever an officer writes', () => {
  const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 15 })
  const spoken = (text: string): string => text.replace(/[\s:,.–-]+/gu, '')

  it('no word of it is lost: without a code the answer is the message', () => {
    fc.assert(
      fc.property(words, (written) => {
        const text = written.join(' ')
        const { command, code: named } = parseCommand(text)
        if (named === null && command.kind === 'answer') expect(command.text).toBe(text.trim())
      }),
    )
  })

  it('behind a code all of it is the answer', () => {
    fc.assert(
      fc.property(words, fc.constantFrom(' ', ': ', ' - ', '\n'), (written, between) => {
        const text = written.join(' ')
        const parsed = parseCommand(`${code}${between}${text}`)
        if (parsed.code === null) return // glued to a letter that makes the code none: then nothing is taken away
        if (parsed.command.kind === 'answer') expect(spoken(parsed.command.text)).toBe(spoken(text.trim()))
      }),
    )
  })

  it('it is always one of the orders or an answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(Command.safeParse(parseCommand(text).command).success).toBe(true)
      }),
    )
  })
})
