import { expect, it } from 'vitest'
import { closingLine, countTests, type TestReport } from '../../scripts/test-report.ts'

function report(...files: readonly (readonly string[])[]): TestReport {
  const all = files.flat()
  return {
    numPassedTests: all.filter((status) => status === 'passed').length,
    numFailedTests: all.filter((status) => status === 'failed').length,
    testResults: files.map((statuses, index) => ({
      name: `test/${index}.test.ts`,
      status: statuses.includes('failed') || statuses.length === 0 ? 'failed' : 'passed',
      assertionResults: statuses.map((status, line) => ({ fullName: `test ${line}`, status })),
    })),
  }
}

it.each([
  ['all passed', report(['passed', 'passed']), true, 'tests: 2 passed, 0 failed'],
  ['one failed', report(['passed', 'failed']), false, 'tests: 1 passed, 1 failed'],
  ['a file that cannot be loaded counts', report(['passed'], []), false, 'tests: 1 passed, 1 failed'],
  ['an error outside of any test counts', report(['passed']), false, 'tests: 1 passed, 1 failed'],
  [
    'skipped and planned ones are told',
    report(['passed', 'skipped', 'todo']),
    true,
    'tests: 1 passed, 0 failed, 2 skipped',
  ],
  ['a run that reported nothing has failed', null, false, 'tests: 0 passed, 1 failed'],
])('%s', (_name, given, succeeded, line) => {
  expect(closingLine(countTests(given, succeeded))).toBe(line)
})
