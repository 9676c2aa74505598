import { lockCase } from '../../src/cases/store.ts'
import { transaction } from '../../src/db/client.ts'
import { showSettled } from '../../src/dispatch/show-files.ts'
import type { Fetched } from '../../src/files/fetch.ts'
import { countTry, settleFile, type WantedFile, wantedFiles } from '../../src/files/store.ts'
import type { EventId } from '../../src/lib/ids.ts'
import { PostponeError } from '../outcome.ts'
import type { Handler, JobContext } from '../run.ts'
import { botOf, type Workshop, wakeSenders } from './workshop.ts'

/** Fetches the files of one message; each of a resident's that is settled is shown to whoever has the case. */
export function filesWorker(workshop: Workshop): Handler<'files'> {
  return async ({ eventId }, context) => {
    const wanted = await wantedFiles(workshop.db, eventId)
    for (const one of wanted) {
      if (context.signal.aborted) throw new PostponeError('the program stops', 0)
      await fetchOne(workshop, one, context)
    }
    wakeSenders(workshop)
    const waiting = await wantedFiles(workshop.db, eventId)
    if (waiting.length > 0) throw again(workshop, eventId, waiting)
    // An officer's words are carried out together with their photo.
    if (wanted.some(({ file }) => file.caseId === null)) {
      await workshop.enqueue('triage', { eventId }, { lane: context.lane })
    }
  }
}

async function fetchOne(workshop: Workshop, wanted: WantedFile, context: JobContext): Promise<void> {
  const { db, clock, pacing } = workshop
  const { file, tries } = wanted
  const fetched = await fetchWithin(workshop, wanted, context.signal)
  if (fetched.state === 'failed' && context.signal.aborted) return
  const facts = { fileId: file.id, state: fetched.state, reason: 'reason' in fetched ? fetched.reason : null }
  if (fetched.state === 'failed' && tries + 1 < pacing.fetch.tries) {
    await countTry(db, file.id, fetched.reason, clock())
    context.log.info({ ...facts, tries: tries + 1 }, 'file not fetched yet')
    return
  }
  const now = clock()
  await transaction(db, 'settle-file', async (tx) => {
    const about = file.caseId === null ? null : await lockCase(tx, file.caseId)
    const settled = await settleFile(tx, file.id, fetched, now)
    if (settled !== null && about !== null) await showSettled(tx, about, settled, workshop.limits.shown, now)
  })
  context.log[fetched.state === 'failed' ? 'warn' : 'info'](facts, 'file settled')
}

async function fetchWithin(
  workshop: Workshop,
  { file, platform, url }: WantedFile,
  signal: AbortSignal,
): Promise<Fetched> {
  if (file.position >= workshop.limits.filesPerMessage) {
    return { state: 'refused', reason: 'too_many', bytes: null }
  }
  return workshop.fetchFile(url, botOf(workshop, platform).fileDomains, signal)
}

/** The files themselves count their tries, so the job is postponed and not failed. */
function again({ pacing }: Workshop, eventId: EventId, waiting: readonly WantedFile[]): PostponeError {
  const tried = Math.min(...waiting.map(({ tries }) => tries))
  const delayMs = pacing.fetch.retryMs * 2 ** Math.max(0, tried - 1)
  return new PostponeError('some files could not be fetched yet', delayMs, { details: { eventId } })
}
