import { expect, it } from 'vitest'
import { webhook } from '../../src/cli/webhook.ts'
import { fixture } from '../bots/facebook/fixtures.ts'

async function run(args: string[], ...input: (string | Buffer)[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = []
  const err: string[] = []
  const code = await webhook(args, {
    stdin: (async function* () {
      yield* input
    })(),
    stdout: { write: (text) => void out.push(text) },
    stderr: { write: (text) => void err.push(text) },
  })
  return { code, out: out.join(''), err: err.join('') }
}

it('a body is answered by what we make of it, on one line', async () => {
  const { body, context, expect: told } = fixture('31')
  const pages = context.pageIds.flatMap((id) => ['--page-id', id])
  const { code, out, err } = await run(['facebook', '--app-id', context.appId, ...pages], JSON.stringify(body, null, 1))

  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.trimEnd().split('\n')).toHaveLength(1)
  expect(JSON.parse(out)).toEqual({ events: told.events })
})

it('a letter cut in two between chunks is read whole', async () => {
  const bytes = Buffer.from(JSON.stringify(fixture('01').body))
  const cut = bytes.indexOf(Buffer.from('ỏ')) + 1
  const { out } = await run(['facebook'], bytes.subarray(0, cut), bytes.subarray(cut))

  expect(out).toContain('Cho hỏi lịch thu gom rác?')
})

it('a page that is not named is not ours', async () => {
  const { out } = await run(['facebook', '--page-id', '1'], JSON.stringify(fixture('01').body))

  expect(JSON.parse(out)).toMatchObject({ events: [{ kind: 'ignored', reason: 'unknown_page' }] })
})

it('a failed call is answered by class, scope and outcome alone', async () => {
  const failed = { name: 'x', operation: 'reply_comment', http: 500, headers: {}, body: '' }
  const { code, out } = await run(['graph-error'], JSON.stringify(failed))

  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual({ class: 'verify_first', scope: 'comment', outcome: 'unknown' })
})

it('several documents, one a line, are answered line by line', async () => {
  const refused = JSON.stringify({ operation: 'reply_comment', transport: 'ECONNREFUSED' })
  const { out } = await run(['graph-error'], `${refused}\n${refused}\n`)

  expect(out.trimEnd().split('\n')).toHaveLength(2)
})

it.each([
  ['no subcommand', [], '{}', 'expected "facebook" or "graph-error", got ""'],
  ['an unknown platform', ['zalo'], '{}', 'got "zalo"'],
  ['an unknown option', ['facebook', '--app', '1'], '{}', "'--app'"],
  ['an option without its value', ['facebook', '--page-id'], '{}', "'--page-id <value>' argument missing"],
  ['an option where none is taken', ['graph-error', '--page-id', '1'], '{}', 'takes no options'],
  ['broken JSON', ['facebook'], '{"object":', 'expected JSON'],
  ['nothing', ['facebook'], '', 'expected JSON'],
  ['a case that is none', ['graph-error'], '{"operation":"reply_comment"}', 'expected a case'],
])('%s is wrong usage, said in a sentence', async (_title, args, input, sentence) => {
  const { code, out, err } = await run(args, input)

  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(sentence)
})
