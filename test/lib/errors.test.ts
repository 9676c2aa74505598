import { describe, expect, it } from 'vitest'
import { errorCode, InvalidInputError, RefusedError, toError } from '../../src/lib/errors.ts'

describe('our own errors', () => {
  it('carry a stable code, their class name, a sentence, details and the cause', () => {
    const cause = new Error('socket closed')

    const error = new RefusedError('PORT 3000 is in use', { cause, details: { port: 3000 } })

    expect(error).toBeInstanceOf(Error)
    expect({ ...error, name: error.name, message: error.message, cause: error.cause }).toEqual({
      code: 'refused',
      name: 'RefusedError',
      message: 'PORT 3000 is in use',
      details: { port: 3000 },
      cause,
    })
  })

  it('without details have none, and without a cause do not pretend to have one', () => {
    const error = new InvalidInputError('expected a unit code')

    expect(error.details).toEqual({})
    expect('cause' in error).toBe(false)
  })
})

describe('errorCode', () => {
  it.each([
    ['ours says its own', new InvalidInputError('x'), 'invalid_input'],
    ['a system error says its own', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['a database error says its own', Object.assign(new Error('x'), { code: '23505' }), '23505'],
    ['a foreign error without a code is known by its class', new TypeError('x'), 'TypeError'],
    ['a code that is no text does not count', Object.assign(new Error('x'), { code: 7 }), 'Error'],
    ['something thrown that is no error', 'Nguyễn Văn A 0912345678', 'Error'],
    ['nothing at all', undefined, 'Error'],
  ])('%s', (_fact, thrown, code) => {
    expect(errorCode(thrown)).toBe(code)
  })
})

describe('toError', () => {
  it('an error stays the same error', () => {
    const error = new RangeError('x')

    expect(toError(error)).toBe(error)
  })

  it('of a thrown text only its type is kept: it may be what a resident wrote', () => {
    expect(toError('Nguyễn Văn A 0912345678').message).toBe('a value that is not an Error was thrown: string')
  })
})
