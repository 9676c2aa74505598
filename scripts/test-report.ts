import { z } from 'zod'

/** The part we use of what vitest's json reporter writes. */
export const TestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})
export type TestReport = z.infer<typeof TestReport>

export interface TestCounts {
  readonly passed: number
  /** Tests that failed, files that could not run, and a run that failed although every test passed. */
  readonly failed: number
  readonly skipped: readonly string[]
}

/** Null stands for a run that ended before it could report. */
export function countTests(report: TestReport | null, succeeded: boolean): TestCounts {
  if (report === null) return { passed: 0, failed: 1, skipped: [] }
  const broken = report.testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && assertionResults.every((test) => test.status !== 'failed')
  })
  const failed = report.numFailedTests + broken.length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !succeeded ? 1 : failed,
    skipped: report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => !['passed', 'failed'].includes(status)).map(({ fullName }) => fullName),
    ),
  }
}

/** The last line of a run, which continuous integration looks for. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `tests: ${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
}
