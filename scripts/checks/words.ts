import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryFiles } from './files.ts'

interface Rule {
  readonly because: string
  readonly pattern: RegExp
  /** Only where a person explains code: what follows a comment sign, in these files. */
  readonly inComments?: boolean
}

// Pieces are joined so that this file does not hold what it looks for.
const rules: readonly Rule[] = [
  {
    because: 'a path of one machine',
    pattern: new RegExp(`(?<![\\w.~-])/(${['work', 'tmp/briefs', 'root'].join('|')})/`),
  },
  { because: 'a path outside the repository', pattern: new RegExp(['(\\.\\./)+', 'shared/'].join('')) },
  {
    because: 'a host of a package registry',
    pattern: /\b(registry|npm|nexus|artifactory|verdaccio)\.[a-z0-9.-]+\.[a-z]{2,}\b/i,
  },
  { because: 'the number of an issue', pattern: /\bissues? (no\. ?)?#?\d+/i },
  {
    because: 'the number of an issue (TODO(#n) is allowed)',
    pattern: /(?<=^|[\s(])(?<!TODO\()#\d+\b/,
    inComments: true,
  },
]

const slashes = /(?<!:)(\/\/|\/\*|^\s*\*).*$/
const hash = /(?<=^|\s)#.*$/
const comments: Readonly<Record<string, RegExp>> = {
  ts: slashes,
  js: slashes,
  mjs: slashes,
  css: /\/\*.*$/,
  sql: /--.*$/,
  sh: hash,
  yaml: hash,
  yml: hash,
}
const binary = /\.(png|jpe?g|webp|ico|woff2|gz|zip)$/

/** What may not stand in a text of the project, one sentence each with its line. */
export function findForbiddenWords(path: string, text: string): string[] {
  const problems: string[] = []
  const comment = comments[path.split('.').at(-1) ?? '']
  for (const [index, line] of text.split('\n').entries()) {
    for (const { because, pattern, inComments } of rules) {
      const found = pattern.exec(inComments ? (comment?.exec(line)?.[0] ?? '') : line)
      if (found) problems.push(`${path}:${index + 1} "${found[0]}" is ${because}`)
    }
  }
  return problems
}

/** The same for every file of the repository. */
export async function findForbiddenWordsIn(root: string): Promise<string[]> {
  const problems: string[] = []
  for (const path of await repositoryFiles(root)) {
    if (binary.test(path)) continue
    const text = await readFile(join(root, path), 'utf8').catch(() => '') // deleted, not yet committed
    problems.push(...findForbiddenWords(path, text))
  }
  return problems
}
