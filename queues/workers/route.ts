import { routeCase } from '../../src/dispatch/route.ts'
import type { Handler } from '../run.ts'
import { botOf, type Workshop, wakeSenders } from './workshop.ts'

/** Decides who gets the case and sends the card. */
export function routeWorker(workshop: Workshop): Handler<'route'> {
  return async ({ caseId }, { log }) => {
    const chatAddress = (platform: string, place: Parameters<ReturnType<typeof botOf>['chatAddress']>[0]) =>
      botOf(workshop, platform).chatAddress(place)
    const result = await routeCase(
      workshop.db,
      caseId,
      {
        chatAddress,
        limits: workshop.limits.shown,
        tellsQuotes: (platform) => botOf(workshop, platform).tellsQuotes,
      },
      workshop.clock(),
    )
    if (result.routed !== null) {
      log.info({ unitId: result.routed.unitId, ruleId: result.routed.ruleId }, 'case routed')
      wakeSenders(workshop)
    } else if (result.why === 'nobody_reachable') {
      // It stays received: the sweep tries again, and /health/ready says that somebody has to be bound.
      log.error('nobody can be reached for this case')
    }
  }
}
