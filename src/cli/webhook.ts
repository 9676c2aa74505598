import { z } from 'zod'
import { describe } from '../../bots/facebook/describe.ts'
import { judge } from '../../bots/facebook/errors.ts'
import { failureOf } from '../../bots/facebook/failure.ts'

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
  const complain = (sentence: string): number => {
    const stderr = io.stderr ?? process.stderr
    stderr.write(`${sentence}\n`)
    return 2
  }
  const filter = filterFor(args)
  if (typeof filter === 'string') return complain(`${filter}\n${usage}`)
  const documents = parseDocuments(await readAll(io.stdin))
  if (documents === null) return complain('expected JSON on standard input: one document, or one a line')
  const answers = documents.map(filter)
  const wrong = answers.find((answer) => answer instanceof WrongInput)
  if (wrong !== undefined) return complain(wrong.sentence)
  for (const answer of answers) io.stdout.write(`${JSON.stringify(answer)}\n`)
  return 0
}

type Filter = (document: unknown) => unknown

class WrongInput {
  readonly sentence: string
  constructor(sentence: string) {
    this.sentence = sentence
  }
}

/** The filter that the arguments ask for, or a sentence about what is wrong with them. */
function filterFor([what, ...options]: string[]): Filter | string {
  if (what === 'graph-error') return options.length === 0 ? judgeCase : 'graph-error takes no options'
  if (what !== 'facebook') return `expected "facebook" or "graph-error", got "${what ?? ''}"`
  const context = { appIds: [] as string[], pageIds: [] as string[] }
  for (let at = 0; at < options.length; at += 2) {
    const [name, value] = options.slice(at, at + 2)
    const list = name === '--app-id' ? context.appIds : name === '--page-id' ? context.pageIds : null
    if (list === null) return `expected --app-id or --page-id, got "${name}"`
    if (value === undefined || value.startsWith('--')) return `expected an id after ${name}`
    list.push(value)
  }
  return (body) => ({ events: describe(body, context) })
}

const GraphCase = z
  .object({
    operation: z.string(),
    http: z.number().int().optional(),
    headers: z.unknown().optional(),
    body: z.unknown().optional(),
    transport: z.string().optional(),
  })
  .refine(({ http, transport }) => http !== undefined || transport !== undefined)

function judgeCase(document: unknown): unknown {
  const failed = GraphCase.safeParse(document)
  if (!failed.success) return new WrongInput('expected a case with "operation" and either "http" or "transport"')
  const { class: kind, scope, outcome } = judge(failureOf(failed.data))
  return { class: kind, scope, outcome }
}

async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

function parseDocuments(text: string): unknown[] | null {
  const whole = parseJson(text)
  if (whole !== undefined) return [whole]
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const documents = lines.map(parseJson)
  return documents.length === 0 || documents.includes(undefined) ? null : documents
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // JSON has no such value
  }
}
