import type { Handlers } from '../run.ts'
import { besideTheCrowd } from './crowd.ts'
import { filesWorker } from './files.ts'
import { intakeWorker } from './intake.ts'
import { lookupWorker } from './lookup.ts'
import { reconcileWorker } from './reconcile.ts'
import { routeWorker } from './route.ts'
import { sendWorker } from './send.ts'
import { sweepWorker } from './sweep.ts'
import { triage } from './triage.ts'
import type { Workshop } from './workshop.ts'

/** One handler a queue; the compiler counts. */
export function createHandlers(workshop: Workshop): Handlers {
  return {
    intake: intakeWorker(workshop),
    lookup: lookupWorker(workshop),
    ...besideTheCrowd(triage(workshop)),
    files: filesWorker(workshop),
    route: routeWorker(workshop),
    'send-facebook': sendWorker(workshop, 'facebook'),
    'send-zalo': sendWorker(workshop, 'zalo'),
    'send-zalo-bot': sendWorker(workshop, 'zalo_bot'),
    'send-zalo-oa': sendWorker(workshop, 'zalo_oa'),
    reconcile: reconcileWorker(workshop),
    sweep: sweepWorker(workshop),
  }
}
