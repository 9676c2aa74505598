import { z } from 'zod'
import { InvalidInputError } from '../../src/lib/errors.ts'

/** One cookie as its jar writes it down (`key`) or as browsers export it (`name`). */
export const SessionCookie = z.looseObject({
  key: z.string().exactOptional(),
  name: z.string().exactOptional(),
  value: z.string(),
})

/** What a web session of Zalo consists of. Whoever holds it is that account: it is kept sealed and never logged. */
export const ZaloSession = z.object({
  v: z.literal(1),
  /** Null until the first login has told it. */
  uid: z.string().min(1).nullable(),
  /** Zalo binds the cookies to this device id and this browser; both are used again unchanged. */
  imei: z.string().min(1),
  userAgent: z.string().min(1),
  language: z.string().min(1),
  cookies: z.array(SessionCookie).min(1),
})
export type ZaloSession = z.infer<typeof ZaloSession>

export function writeSession(session: ZaloSession): string {
  return JSON.stringify(session)
}

/** Names what is wrong and never what stands there. */
export function readSession(text: string): ZaloSession {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new InvalidInputError('expected a Zalo session as JSON, made by the login with a QR code')
  }
  const read = ZaloSession.safeParse(json)
  if (read.success) return read.data
  const fields = read.error.issues.map(({ path }) => path.join('.') || 'v').join(', ')
  throw new InvalidInputError(`this is no whole Zalo session; missing or wrong: ${fields}`)
}

/** What counts as a changed session: times of use and of arrival do not. */
function fingerprint({ cookies, ...rest }: ZaloSession): string {
  const lasting = cookies.map(({ lastAccessed: _used, creation: _made, ...cookie }) => cookie)
  return JSON.stringify({ ...rest, cookies: lasting })
}

export interface SessionSaver {
  /** A cookie may have changed: looked at and saved a little later, many together. */
  touched(): void
  /** Saves what is not saved yet and ends. */
  close(): Promise<void>
}

interface SaverOptions {
  /** The session as it is saved at the moment. */
  readonly saved: ZaloSession
  /** The session as it is now; null while nobody is logged in. */
  readonly read: () => ZaloSession | null
  /** Rejects when it could not be made durable; it is then tried again. */
  readonly save: (session: string) => Promise<void>
  readonly waits: { readonly saveSessionMs: number; readonly resaveSessionMs: number }
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

/** Keeps the stored session as fresh as the one in use: most answers of Zalo refresh its cookies. */
export function createSessionSaver({ saved, read, save, waits, now, onError }: SaverOptions): SessionSaver {
  let last = fingerprint(saved)
  let lastAt = now()
  let timer: NodeJS.Timeout | null = null
  let saving: Promise<void> = Promise.resolve()
  let isClosed = false

  const attempt = async (isLast: boolean): Promise<void> => {
    const session = read()
    if (session === null) return
    const print = fingerprint(session)
    if (print === last && (isLast || now() - lastAt < waits.resaveSessionMs)) return
    try {
      await save(writeSession(session))
      last = print
      lastAt = now()
    } catch (error) {
      onError(error)
      if (!isLast) touched()
    }
  }
  const run = (isLast: boolean): Promise<void> => {
    saving = saving.then(() => attempt(isLast))
    return saving
  }
  const touched = (): void => {
    if (isClosed || timer !== null) return
    timer = setTimeout(() => {
      timer = null
      void run(false)
    }, waits.saveSessionMs)
  }

  return {
    touched,
    close: () => {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
      return run(true)
    },
  }
}
