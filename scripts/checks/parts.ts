import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { findForbiddenImports } from './imports.ts'
import { findLockProblems } from './lock.ts'
import { findForbiddenWordsIn } from './words.ts'

export interface Part {
  readonly name: string
  /** What is wrong, to be shown as it is; empty when nothing is. */
  run(root: string): Promise<string>
}

/** Everything that can be said about the tree without running the product. */
export const parts: readonly Part[] = [
  { name: 'types', run: (root) => tool(root, 'typescript/bin/tsc', '--noEmit', '--pretty', 'false') },
  { name: 'lint', run: (root) => tool(root, '@biomejs/biome/bin/biome', 'check', '--max-diagnostics=50') },
  { name: 'imports', run: async (root) => lines(await findForbiddenImports(root)) },
  { name: 'unused', run: (root) => tool(root, 'knip/bin/knip.js', '--no-progress') },
  { name: 'generated', run: (root) => node(root, join(root, 'scripts/generate.ts'), '--check') },
  { name: 'lock', run: async (root) => lines(await findLockProblems(root)) },
  { name: 'words', run: async (root) => lines(await findForbiddenWordsIn(root)) },
]

function lines(problems: readonly string[]): string {
  return problems.join('\n')
}

function tool(root: string, path: string, ...args: string[]): Promise<string> {
  return node(root, join(root, 'node_modules', path), ...args)
}

/** Runs a program of JavaScript or TypeScript with the Node that runs us; its output counts only when it fails. */
async function node(root: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  if (code === 0) return ''
  return `${out}${errors}`.trim() || `ended with ${code}`
}
