import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { read } from '../../src/reception/reading.ts'
import { classify } from '../../src/understanding/classify.ts'
import { Label } from '../../src/understanding/label.ts'
import { known, type Sentence, unseen } from './sentences.ts'

const taken = ({ text }: Sentence) => read({ text, attachments: [] })
const isPublic = (sentence: Sentence): boolean => taken(sentence).confidentiality.confidentiality === 'public'
const isOrdinary = ({ kind, urgent, accuses }: Sentence): boolean => kind !== 'other' && !urgent && !accuses

describe('what must never happen to a sentence that is known', () => {
  it.each(known.filter((sentence) => sentence.accuses).map((sentence) => [sentence.text, sentence] as const))(
    'an accusation is kept from the public: %s',
    (_text, sentence) => {
      expect(isPublic(sentence)).toBe(false)
    },
  )

  it.each(known.filter((sentence) => sentence.urgent).map((sentence) => [sentence.text, sentence] as const))(
    'a call for help is heard: %s',
    (_text, sentence) => {
      expect(taken(sentence).label.urgent).toBe(true)
    },
  )

  it.each(known.filter((sentence) => sentence.kind !== 'other').map((sentence) => [sentence.text, sentence] as const))(
    'somebody sees it: %s',
    (_text, sentence) => {
      expect(taken(sentence).needsOfficer).toBe(true)
    },
  )

  it('ordinary danger words do not cry wolf', () => {
    const alarmed = known.filter((sentence) => isOrdinary(sentence) && taken(sentence).label.urgent)

    expect(alarmed.map((sentence) => sentence.text)).toEqual([])
  })

  it('of ordinary questions and reports nineteen in twenty are public, and rightly told apart', () => {
    const ordinary = known.filter(isOrdinary)
    const open = ordinary.filter(isPublic)
    const right = open.filter((sentence) => taken(sentence).label.kind === sentence.kind)

    expect(open.length / ordinary.length).toBeGreaterThanOrEqual(0.95)
    expect(right.length / open.length).toBeGreaterThanOrEqual(0.97)
  })

  it('of thanks and small talk nine in ten trouble nobody', () => {
    const pleasant = known.filter((sentence) => sentence.kind === 'other')
    const troubling = pleasant.filter((sentence) => taken(sentence).needsOfficer)

    expect(troubling.length / pleasant.length).toBeLessThanOrEqual(0.1)
  })
})

describe('what holds for sentences nobody had seen', () => {
  it('no request is passed over', () => {
    const passedOver = unseen.filter((sentence) => sentence.kind !== 'other' && !taken(sentence).needsOfficer)

    expect(passedOver.map((sentence) => sentence.text)).toEqual([])
  })

  it('nine accusations in ten are kept from the public', () => {
    const accusations = unseen.filter((sentence) => sentence.accuses)

    expect(accusations.filter(isPublic).length / accusations.length).toBeLessThanOrEqual(0.1)
  })

  it('nothing ordinary cries wolf', () => {
    expect(unseen.filter((sentence) => isOrdinary(sentence) && taken(sentence).label.urgent)).toEqual([])
  })
})

describe('one word that decides', () => {
  it.each<[string, string, Partial<Label>]>([
    ['cháy burns', 'Đang cháy ở chợ', { urgent: true }],
    ['chạy runs', 'Xe tải đang chạy ở chợ', { urgent: false }],
    ['without diacritics it may burn', 'dang chay o cho', { urgent: true }],
    ['a drill is no fire', 'Chiều mai diễn tập cứu người bị nạn và cháy nhà', { urgent: false }],
    ['a past flood is over', 'Năm ngoái lũ quét làm sập nhà tôi', { urgent: false }],
    ['a flood now is not', 'Lũ quét rồi, sập nhà tôi', { urgent: true }],
    ['the phone number of the ambulance is asked for', 'Số điện thoại cấp cứu của xã?', { urgent: false }],
    ['an ambulance is called', 'Gọi cấp cứu giúp em', { urgent: true }],
    ['lạm dụng accuses', 'lạm dụng quyền hạn', { denunciation: true }],
    ['làm đúng does not', 'xã làm đúng quy định rồi', { denunciation: false }],
    ['an office alone accuses nobody', 'Lịch tiếp dân của chủ tịch xã?', { denunciation: false }],
    ['a bad word alone accuses nobody', 'thái độ sống tích cực', { denunciation: false }],
    ['both together do', 'thái độ của chủ tịch xã', { denunciation: true }],
    ['hỏng is broken', 'Đèn hỏng', { kind: 'feedback' }],
    ['hóng waits', 'hóng', { kind: 'other' }],
    ['tắc is blocked', 'Cống tắc', { kind: 'feedback' }],
    ['công tác is work', 'Chúc công tác tốt', { kind: 'other' }],
    ['thanks are thanks', 'Cảm ơn ạ', { kind: 'other' }],
    ['thanks with a question are a question', 'Cảm ơn ạ, bao giờ có kết quả?', { kind: 'question' }],
    ['thanks with an accusation accuse', 'Cảm ơn chủ tịch đã ăn chặn', { denunciation: true }],
    ['an advertisement is one even with a question mark', 'Shop em giảm giá, ai mua không?', { kind: 'other' }],
  ])('%s', (_fact, text, expected) => {
    expect(classify(text)).toMatchObject(expected)
  })
})

describe('whatever is written', () => {
  const words = known.flatMap(({ text }) => text.split(' '))
  const text = fc.oneof(
    fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((some) => some.join(' ')),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
  )

  it('it gets a label, with a confidence and a reason', () => {
    fc.assert(
      fc.property(text, (written) => {
        const label = classify(written)
        expect(Label.parse(label)).toEqual(label)
        expect(label.because.length).toBeGreaterThan(0)
      }),
    )
  })

  it('the same text gets the same label, composed or decomposed, however spaced', () => {
    fc.assert(
      fc.property(text, (written) => {
        const label = classify(written)
        expect(classify(written)).toEqual(label)
        expect(classify(written.normalize('NFD'))).toEqual(classify(written.normalize('NFC')))
        expect(classify(`\n ${written} \n`)).toEqual(label)
      }),
    )
  })

  it('more words never hide an accusation or a cry', () => {
    const alarming = known.filter((sentence) => sentence.accuses)
    fc.assert(
      fc.property(fc.constantFrom(...alarming), fc.array(fc.constantFrom(...words), { maxLength: 12 }), (bad, more) => {
        // Behind a full stop nothing of what stands before it changes; only diacritics may be spread thinner.
        const label = classify(`${bad.text}. ${more.join(' ')}`)
        if (classify(bad.text).denunciation) expect(label.denunciation || label.confidence < 0.6).toBe(true)
      }),
    )
  })

  it.each(['', '   ', '❤️❤️', '...', '👍'])('"%s" has no words and needs nobody by itself', (written) => {
    expect(classify(written)).toMatchObject({ kind: 'other', urgent: false, denunciation: false })
  })

  it('a very long text is read to its end', () => {
    const long = `${'Bà con xóm tôi sống với nhau rất vui vẻ. '.repeat(500)} Trưởng thôn ăn chặn tiền cứu trợ.`

    expect(classify(long).denunciation).toBe(true)
  })
})
