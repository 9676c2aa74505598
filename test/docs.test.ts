import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Env } from '../config/env.ts'
import { repositoryFiles } from '../scripts/checks/files.ts'
import { configurationPage } from '../scripts/configuration-page.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')))
const pages = (await repositoryFiles(root)).filter((path) => path.endsWith('.md') && existsSync(join(root, path)))

const folders = 'src|bots|queues|config|sim|web|bench|training|scripts|test'
const pathLike = new RegExp(`^((${folders})/[\\w./*-]*|(\\./|\\.\\./)*[\\w./*-]+\\.(ts|mjs|md|sql|yaml|grit))$`)

it.each(pages)('every link, path and script that %s names exists', (page) => {
  const text = read(page)

  expect([...missingLinks(page, text), ...missingPaths(page, text), ...missingScripts(text)]).toEqual([])
})

describe('a page that names', () => {
  it.each([
    ['a missing page', '[how](docs/nothing.md)', ['docs/nothing.md']],
    ['a missing heading', '[how](docs/configuration.md#nothing)', ['docs/configuration.md#nothing']],
    ['a missing file', 'see `src/lib/nothing.ts` and `nothing.ts`', ['src/lib/nothing.ts', 'nothing.ts']],
    ['a missing script', '`npm run nothing`, `npm run -s missing -- x`', ['npm run nothing', 'npm run missing']],
    ['what exists', '[how](docs/configuration.md#configuration) `src/lib/` `bots/*/README.md` `npm run -s check`', []],
    ['what is elsewhere', '[site](https://example.test/x.md) `src/<room>/store.ts` `/health/live`', []],
  ])('%s', (_name, text, missing) => {
    const found = [...missingLinks('README.md', text), ...missingPaths('README.md', text), ...missingScripts(text)]

    expect(found).toEqual(missing)
  })
})

it('docs/configuration.md says what config/env.ts checks', () => {
  expect(read('docs/configuration.md')).toBe(configurationPage(Env))
})

function missingLinks(page: string, text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '')
  return targets.filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(page, target))
}

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, file))) return false
  return anchor === undefined || anchors(read(file)).includes(anchor)
}

/** As GitHub names the headings of a page. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    return heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  })
}

/** Inline code that reads like a path, from the root or from where the page stands. */
function missingPaths(page: string, text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '')
  const paths = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '').filter((code) => pathLike.test(code))
  return paths.filter((path) => [root, join(root, dirname(page))].every((cwd) => globSync(path, { cwd }).length === 0))
}

function missingScripts(text: string): string[] {
  const named = [...text.matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name]) => name ?? '')
  return named.filter((name) => scripts[name] === undefined).map((name) => `npm run ${name}`)
}
