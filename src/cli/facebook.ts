import { type Command, UsageError } from './command.ts'

const usage = [
  'usage: facebook connect PAGE_ID < token',
  '       facebook doctor [PAGE_ID]',
  '       facebook reconcile PAGE_ID [--since 2026-03-01]',
].join('\n')

export const facebookCommand: Command = async ([action, ...words], io) => {
  const [pageId, option, value, ...more] = words
  if (pageId !== undefined && !/^\d{1,32}$/.test(pageId)) throw new UsageError(usage)
  if (action === 'doctor' && words.length <= 1) {
    return (await import('./facebook-doctor.ts')).doctor(pageId ?? null, io)
  }
  if (action === 'connect' && pageId !== undefined && words.length === 1) {
    return (await import('./facebook-connect.ts')).connect(pageId, io)
  }
  if (action === 'reconcile' && pageId !== undefined && more.length === 0) {
    if (words.length === 1) return (await import('./facebook-reconcile.ts')).reconcile(pageId, null, io)
    const since = option === '--since' ? momentOf(value) : null
    if (since !== null) return (await import('./facebook-reconcile.ts')).reconcile(pageId, since, io)
  }
  throw new UsageError(usage)
}

/** A day begins at midnight in Viet Nam; a moment says its own zone. */
function momentOf(text = ''): Date | null {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const isMoment = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text)
  const at = new Date(isDay ? `${text}T00:00:00+07:00` : text)
  return (isDay || isMoment) && !Number.isNaN(at.getTime()) ? at : null
}
