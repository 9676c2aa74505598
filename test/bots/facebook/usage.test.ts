import { expect, it } from 'vitest'
import { usageHeaders, usageOf, waitUntil } from '../../../bots/facebook/usage.ts'

const useCase = (minutes: unknown, callCount: unknown = 10) =>
  JSON.stringify({ 101: [{ type: 'pages', call_count: callCount, estimated_time_to_regain_access: minutes }] })

it.each([
  ['the app’s share', { 'x-app-usage': '{"call_count":28,"total_time":36,"total_cputime":41}' }, 41, 0],
  ['the use case’s share, minutes to wait', { 'X-Business-Use-Case-Usage': useCase(19, 100) }, 100, 19 * 60_000],
  ['the older Page header', { 'x-page-usage': '{"call_count":96}' }, 96, 0],
  ['the highest of several', { 'x-app-usage': '{"call_count":5}', 'x-business-use-case-usage': useCase(0, 97) }, 97, 0],
  ['numbers as text', { 'x-business-use-case-usage': useCase('7', '80') }, 80, 7 * 60_000],
  ['broken JSON', { 'x-app-usage': '', 'x-business-use-case-usage': '{not json' }, 0, 0],
  ['another shape', { 'x-app-usage': '[]', 'x-business-use-case-usage': '{"101":"x"}' }, 0, 0],
  ['no headers', undefined, 0, 0],
])('%s', (_title, headers, percent, regainMs) => {
  expect(usageOf(usageHeaders(headers))).toEqual({ percent, regainMs })
})

it('nothing said, or zero, still waits the floor', () => {
  const now = new Date(1_000)

  expect(waitUntil(usageHeaders({}), now, 300_000)).toBe(301_000)
  expect(waitUntil(usageHeaders({ 'x-business-use-case-usage': useCase(0) }), now, 300_000)).toBe(301_000)
  expect(waitUntil(usageHeaders({ 'x-business-use-case-usage': useCase(10) }), now, 300_000)).toBe(601_000)
})
