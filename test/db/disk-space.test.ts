import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { diskLevel, diskSpace, diskThresholds } from '../../src/db/disk-space.ts'

it.each([
  [diskThresholds.lowBytes, 'ok'],
  [diskThresholds.lowBytes - 1, 'low'],
  [diskThresholds.criticalBytes, 'low'],
  [diskThresholds.criticalBytes - 1, 'critical'],
])('%d free bytes are %s', (freeBytes, level) => {
  expect(diskLevel(freeBytes)).toBe(level)
})

it('the disk of a real folder has a size and some of it free', async () => {
  const { freeBytes, totalBytes } = await diskSpace(tmpdir())

  expect(freeBytes).toBeGreaterThan(0)
  expect(totalBytes).toBeGreaterThan(freeBytes)
})
