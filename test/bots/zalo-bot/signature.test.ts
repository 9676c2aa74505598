import { describe, expect, it } from 'vitest'
import { hasSecret, secretHeader } from '../../../bots/zalo-bot/signature.ts'
import { fixture } from './fixtures.ts'

describe('a webhook', () => {
  it.each([
    ['bot-01-text-private', true],
    ['bot-05-bad-secret', false],
  ])('%s is believed: %s', (name, expected) => {
    const { headers = {}, secrets } = fixture(name)

    expect(hasSecret(headers[secretHeader], secrets?.secret_token ?? '')).toBe(expected)
  })

  it.each([
    ['no header', undefined, 'mot-bi-mat'],
    ['an empty one', '', 'mot-bi-mat'],
    ['a part of the secret', 'mot-bi', 'mot-bi-mat'],
    ['more than the secret', 'mot-bi-mat-', 'mot-bi-mat'],
    ['another case', 'Mot-bi-mat', 'mot-bi-mat'],
    ['anything where no secret is kept', '', ''],
  ])('%s is not believed', (_what, given, expected) => {
    expect(hasSecret(given, expected)).toBe(false)
  })
})
