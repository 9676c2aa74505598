import { AppError } from '../lib/errors.ts'

/** Where a command reads and writes; in tests not the process. */
export interface CommandIo {
  readonly stdin: AsyncIterable<Buffer | string> & { readonly isTTY?: boolean }
  readonly stdout: { write(text: string): void }
  readonly stderr: { write(text: string): void }
}

/** Resolves with the exit code: 0 done, 1 refused, 2 wrong usage. */
export type Command = (args: string[], io: CommandIo) => Promise<number>

/** The words after the command are wrong; the message is the usage line. */
export class UsageError extends AppError {
  readonly code = 'usage'
}

export async function readAll(stdin: CommandIo['stdin']): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

/** The first line: a terminal has no end of input to wait for. */
export async function readLine(stdin: CommandIo['stdin']): Promise<string> {
  let text = ''
  for await (const chunk of stdin) {
    text += Buffer.from(chunk).toString('utf8')
    if (text.includes('\n')) break
  }
  return text.split(/\r?\n/, 1)[0] ?? ''
}
