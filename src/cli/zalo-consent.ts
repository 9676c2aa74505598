import { findAdmin, giveConsent, withdrawConsent } from '../accounts/consent.ts'
import type { Account } from '../accounts/store.ts'
import type { Db } from '../db/client.ts'
import { systemClock } from '../lib/clock.ts'
import { RefusedError } from '../lib/errors.ts'
import { agrees, consentStatement, consentWords } from '../texts/zalo-consent.ts'
import { type CommandIo, readLine } from './command.ts'

/** Shows what is to be agreed to and reads what is said to that. */
export async function askConsent({ stdin, stdout }: CommandIo, isPiped: boolean): Promise<string> {
  if (!isPiped && stdin.isTTY !== true)
    throw new RefusedError(
      'a person has to read the statement and agree: in a script pipe the words in and say --consent',
    )
  stdout.write(`${consentStatement}\n\n`)
  if (!isPiped) stdout.write(`Nếu đồng ý, xin gõ: ${consentWords}\n> `)
  const words = await readLine(stdin)
  if (!agrees(words)) throw new RefusedError(`nothing was agreed to: expected the words “${consentWords}”`)
  return words
}

export async function keepConsent(db: Db, account: Account, admin: string, words: string): Promise<void> {
  const now = systemClock()
  const officerId = await findAdmin(db, account, admin, now)
  await giveConsent(db, { accountId: account.id, officerId, words }, now)
}

export async function revokeConsent(db: Db, account: Account, admin: string): Promise<void> {
  const now = systemClock()
  const officerId = await findAdmin(db, account, admin, now)
  await withdrawConsent(db, { accountId: account.id, officerId }, now)
}
