import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type DescribeContext, describe } from '../../bots/facebook/describe.ts'
import { judge } from '../../bots/facebook/errors.ts'
import { failureOf } from '../../bots/facebook/failure.ts'
import { InvalidInputError, toError } from '../lib/errors.ts'

/** Where a filter reads and writes; complaints go to standard error unless told otherwise. */
export interface FilterIo {
  readonly stdin: AsyncIterable<Buffer | string>
  readonly stdout: { write(text: string): void }
  readonly stderr?: { write(text: string): void }
}

const usage = `usage: webhook facebook [--app-id ID]… [--page-id ID]… < body.json
       webhook graph-error < case.json`

/**
 * Shows what we make of a webhook body or of a failed Graph call. Standard input is one JSON document, or one a line;
 * each is answered by one line. Reads no environment and starts nothing.
 */
export async function webhook(args: string[], io: FilterIo): Promise<number> {
  try {
    const filter = filterFor(args)
    const answers = parseDocuments(await readAll(io.stdin)).map(filter)
    for (const answer of answers) io.stdout.write(`${JSON.stringify(answer)}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    const stderr = io.stderr ?? process.stderr
    stderr.write(`${error.message}\n`)
    return 2
  }
}

type Filter = (document: unknown) => unknown

function filterFor([what, ...options]: string[]): Filter {
  if (what === 'facebook') return describeWith(options)
  if (what !== 'graph-error') throw wrongUsage(`expected "facebook" or "graph-error", got "${what ?? ''}"`)
  if (options.length > 0) throw wrongUsage('graph-error takes no options')
  return judgeCase
}

function describeWith(args: string[]): Filter {
  const context = contextIn(args)
  return (body) => ({ events: describe(body, context) })
}

function contextIn(args: string[]): DescribeContext {
  const ids = { type: 'string', multiple: true } as const
  try {
    const { values } = parseArgs({ args, options: { 'app-id': ids, 'page-id': ids } })
    return { appIds: values['app-id'] ?? [], pageIds: values['page-id'] ?? [] }
  } catch (error) {
    throw wrongUsage(toError(error).message)
  }
}

function wrongUsage(sentence: string): InvalidInputError {
  return new InvalidInputError(`${sentence}\n${usage}`)
}

const GraphCase = z
  .object({
    operation: z.string(),
    http: z.number().int().nullish(),
    headers: z.unknown().optional(),
    body: z.unknown().optional(),
    transport: z.string().nullish(),
  })
  .refine(({ http, transport }) => http != null || transport != null)

function judgeCase(document: unknown): unknown {
  const failed = GraphCase.safeParse(document)
  if (!failed.success) {
    throw new InvalidInputError('expected a case with "operation" and either "http" or "transport"')
  }
  const { class: kind, scope, outcome } = judge(failureOf(failed.data))
  return { class: kind, scope, outcome }
}

async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

function parseDocuments(text: string): unknown[] {
  const whole = parseJson(text)
  if (whole !== undefined) return [whole]
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const documents = lines.map(parseJson)
  if (documents.length > 0 && !documents.includes(undefined)) return documents
  throw new InvalidInputError('expected JSON on standard input: one document, or one a line')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // JSON has no such value
  }
}
