import { expect, it } from 'vitest'
import { findForbiddenWords } from '../../scripts/checks/words.ts'

// in pieces, since this file is scanned like every other
const machinePath = ['see /wo', 'rk/main'].join('')
const hostOfPackages = ['https://regis', 'try.example.org/a.tgz'].join('')
const sharedFolder = ['../sha', 'red/reference'].join('')
const issue = ['as in iss', 'ue 2'].join('')

it.each([
  ['README.md', machinePath, 'a path of one machine'],
  ['src/a.ts', `import '${sharedFolder}'`, 'a path outside the repository'],
  ['package-lock.json', `"resolved": "${hostOfPackages}"`, 'a host of a package registry'],
  ['docs/a.md', issue, 'the number of an issue'],
  ['src/a.ts', ['const a = 1 // fixes #', '12'].join(''), 'the number of an issue (TODO(#n) is allowed)'],
  ['src/a.sql', ['-- fixes #', '12'].join(''), 'the number of an issue (TODO(#n) is allowed)'],
])('%s with "%s" is told', (path, text, because) => {
  expect(findForbiddenWords(path, `first line\n${text}`)).toEqual([expect.stringMatching(`^${path}:2 ".*" is `)])
  expect(findForbiddenWords(path, text)[0]).toContain(because)
})

it.each([
  ['src/a.ts', 'const work = 1 // TODO(#12) later'],
  ['src/a.ts', '// send.claimed#3 is its third time'],
  ['src/a.ts', "import '../work/a.ts'"],
  ['src/a.ts', "const colour = '#123456'"],
  ['sim/a.css', '--ink: #050505;'],
  ['src/metrics.ts', 'const text = await registry.metrics()'],
  ['docs/a.md', '/var/lib/danhoi is where root keeps its data'],
])('%s with "%s" passes', (path, text) => {
  expect(findForbiddenWords(path, text)).toEqual([])
})
