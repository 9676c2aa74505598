import { listAccounts } from '../accounts/store.ts'
import { examinePage } from '../assembly/page-doctor.ts'
import { type Finding, isIncomplete } from '../channels/doctor.ts'
import { systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import type { CommandIo } from './command.ts'
import { withStore } from './with-store.ts'

const marks: Readonly<Record<Finding['state'], string>> = { ok: 'đạt', missing: 'THIẾU', unknown: 'chưa rõ' }

/** Prints what is in order with one Page or with all of them; 1 when something is left to do. */
export async function doctor(pageId: string | null, { stdout }: CommandIo): Promise<number> {
  return withStore(async (store) => {
    const room = { ...store, clock: systemClock }
    const pages = await listAccounts(store.db, 'facebook')
    const wanted = pageId === null ? pages.map(({ externalId }) => externalId) : [pageId]
    if (wanted.length === 0) throw new RefusedError('no Page is known yet: import one first')
    let isAnyIncomplete = false
    for (const id of wanted) {
      const findings = await examinePage(room, id)
      isAnyIncomplete ||= isIncomplete(findings)
      stdout.write(`Trang ${id}\n${lines(findings)}`)
    }
    return isAnyIncomplete ? 1 : 0
  })
}

/** As people read them, what is left to do standing out. */
export function lines(findings: readonly Finding[]): string {
  return findings.map(({ state, sentence }) => `  ${`[${marks[state]}]`.padEnd(11)} ${sentence}\n`).join('')
}
