import type { UnitId } from '../lib/ids.ts'
import type { Unit } from './store.ts'

/** The unit and everything above it, nearest first. A loop in the data ends the walk. */
export function lineage(units: readonly Unit[], from: UnitId): Unit[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  const line: Unit[] = []
  for (let unit = byId.get(from); unit !== undefined && !line.includes(unit); ) {
    line.push(unit)
    unit = unit.parentId === null ? undefined : byId.get(unit.parentId)
  }
  return line
}
