import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../src/lib/errors.ts'
import { createLog, type Log } from '../../src/lib/log.ts'

const secretWords = 'Nguyễn Thị Lan 0912345678'

function opened(level = 'trace'): { log: Log; lines: () => Record<string, unknown>[]; raw: () => string } {
  const written: string[] = []
  const log = createLog(level, { write: (line) => void written.push(line) })
  return { log, lines: () => written.map((line) => JSON.parse(line)), raw: () => written.join('') }
}

describe('a line', () => {
  it('is one JSON object with level in words, time, facts and message', () => {
    const { log, lines } = opened()

    log.info({ caseId: '0190', amount: 3 }, 'case routed')

    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
        caseId: '0190',
        amount: 3,
        msg: 'case routed',
      },
    ])
  })

  it('below the wanted level is not written', () => {
    const { log, raw } = opened('warn')

    log.info('case routed')
    log.warn('odd')

    expect(raw()).toContain('odd')
    expect(raw()).not.toContain('case routed')
  })

  it('of a child carries the child’s facts', () => {
    const { log, lines } = opened()

    log.child({ deliveryId: '7' }).info('events recorded')

    expect(lines()).toMatchObject([{ deliveryId: '7', msg: 'events recorded' }])
  })
})

describe('words of people and secrets', () => {
  const keys = [
    ...['text', 'body', 'content', 'message', 'authorName', 'displayName', 'name', 'phone'],
    ...['token', 'access_token', 'accessToken', 'secret', 'appSecret', 'session', 'cookie', 'cookies', 'imei'],
    ...['authorization', 'password'],
  ]

  it.each(keys)('under "%s" are hidden at the top, one and two levels down, in lists and in children', (key) => {
    const { log, raw } = opened()

    log.info({ [key]: secretWords }, 'seen')
    log.info({ event: { [key]: secretWords } }, 'seen')
    log.info({ event: { author: { [key]: secretWords } } }, 'seen')
    log.info({ events: [{ [key]: secretWords }, { [key]: secretWords }] }, 'seen')
    log.child({ [key]: secretWords }).info('seen')

    expect(
      raw()
        .split('\n')
        .filter((line) => line.includes('[hidden]')),
    ).toHaveLength(5)
    expect(raw()).not.toContain(secretWords)
  })
})

describe('errors', () => {
  const pgError = Object.assign(new Error(`value too long: ${secretWords}`), {
    code: '23505',
    detail: `Key (text)=(${secretWords}) already exists.`,
    where: secretWords,
  })
  const manyLines = new Error(`refused\n${secretWords}\n    at ${secretWords} (nhà:1:2)\nbye`)
  const withCause = new Error('outer', { cause: new Error(secretWords) })
  const several = new AggregateError([new Error(secretWords)], secretWords)

  it.each([
    ['from the database', pgError],
    ['with a message of several lines', manyLines],
    ['with a cause', withCause],
    ['of several', several],
    [
      'with an empty message and words in a field',
      Object.assign(new Error(''), { body: secretWords, id: secretWords }),
    ],
  ])('a foreign error %s says its kind and place, however it is handed over', (_which, error) => {
    const { log, raw, lines } = opened()

    log.error(error)
    log.error(error, 'failed')
    log.error({ err: error })
    log.error({ err: error }, 'failed')
    log.error({ err: error }, error.message)
    log.error({ error }, 'failed')
    log.warn({ reason: error, step: 'keep' }, 'failed')
    log.fatal({ err: error }, 'failed')

    expect(lines()).toHaveLength(8)
    expect(raw()).not.toContain('Nguyễn')
    expect(raw()).not.toContain('0912345678')
    expect(raw().match(/log\.test\.ts:\d+:\d+/g)?.length).toBeGreaterThanOrEqual(8)
  })

  it('the code of a foreign error is kept, because it says what to do', () => {
    const { log, lines } = opened()

    log.error({ err: pgError }, 'failed')
    log.error({ err: Object.assign(new Error('x'), { code: 190 }) }, 'failed')
    log.error({ err: Object.assign(new Error('x'), { code: { secretWords } }) }, 'failed')

    expect(lines().map((line) => line.err)).toMatchObject([{ code: '23505' }, { code: 190 }, { code: null }])
  })

  it('our own error says its sentence and its details, which are made of ids', () => {
    const { log, lines } = opened()

    log.error({ err: new InvalidInputError('expected a unit code', { details: { line: 4 }, cause: pgError }) }, 'no')

    expect(lines()).toMatchObject([
      {
        msg: 'no',
        err: {
          type: 'InvalidInputError',
          code: 'invalid_input',
          sentence: 'expected a unit code',
          details: { line: 4 },
        },
      },
    ])
  })

  it('a foreign error that happens to have details is still foreign', () => {
    const { log, raw } = opened()

    log.error({ err: Object.assign(new Error(secretWords), { details: { said: secretWords } }) }, 'no')

    expect(raw()).not.toContain('Nguyễn')
  })

  it.each([
    ['a text', secretWords],
    ['nothing', null],
    ['an object', { said: secretWords }],
  ])('%s thrown in place of an error is known by its type alone', (_which, thrown) => {
    const { log, raw, lines } = opened()

    log.error({ err: thrown }, 'no')

    expect(lines()).toMatchObject([{ err: { type: typeof thrown }, msg: 'no' }])
    expect(raw()).not.toContain('Nguyễn')
  })

  it('whatever its message, an error adds no word of it to the log', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), (parts) => {
        const { log, raw } = opened()
        const message = [secretWords, ...parts, secretWords].join('\n')

        log.error(new TypeError(message))
        log.error({ err: new TypeError(message), other: new Error(message) }, message)

        expect(raw()).not.toContain('Nguyễn')
      }),
    )
  })
})
