import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'

const rulesFile = fileURLToPath(new URL('../../.dependency-cruiser.mjs', import.meta.url))
const roots = ['src', 'bots', 'queues', 'config', 'sim']

/** One line for each import that `.dependency-cruiser.mjs` forbids, and for each file the cruiser did not read. */
export async function findForbiddenImports(root: string): Promise<string[]> {
  const files = await typescriptFiles(root)
  const present = roots.filter((folder) => files.some((file) => file.startsWith(`${folder}/`)))
  const { output } = await cruise(present, {
    ...(await extractDepcruiseOptions(rulesFile)),
    baseDir: root,
  })
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text where modules were expected')
  return [
    ...output.summary.violations.map(({ from, to, rule, comment }) => {
      return `${from} → ${to} (${rule.name}${comment ? `: ${comment}` : ''})`
    }),
    ...notRead(files, new Set(output.modules.map(({ source }) => source))),
  ]
}

/** A cruiser without a parser for TypeScript reads nothing, finds nothing and is content. */
export function notRead(files: readonly string[], read: ReadonlySet<string>): string[] {
  return files.filter((file) => !read.has(file)).map((file) => `${file} was not read by dependency-cruiser`)
}

async function typescriptFiles(root: string): Promise<string[]> {
  const files: string[] = []
  for (const folder of roots) {
    for await (const file of glob('**/*.ts', { cwd: join(root, folder) })) files.push(`${folder}/${file}`)
  }
  return files.map((file) => file.replaceAll('\\', '/')).toSorted()
}
