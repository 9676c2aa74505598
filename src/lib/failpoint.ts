/**
 * Every commit, every network call and every hand-over to the queue is a named step. A fault run kills the process
 * just before or just after any of them and checks that nothing is lost or doubled; this list is what it walks.
 */
export const steps = [
  // commits
  'keep-deliveries',
  'record-events',
  'save-lookup',
  'receive-message',
  'close-event',
  'bind-officer',
  'settle-file',
  'route-case',
  'submit-answer',
  'remind-officers',
  'ask-approval',
  'claim-outbox',
  'settle-outbox',
  'confirm-outbox',
  'mark-unknown',
  'settle-unknown',
  'save-session',
  'apply-setup',
  'switch-publishing',
  'replay-deliveries',
  'distrust-unsent',
  'save-page-watch',
  'tell-account-down',
  'keep-request',
  'save-group-look',
  'tell-group-news',
  'save-coverage',
  'raise-alarm',
  // hand-overs to the queue
  'enqueue-intake',
  'enqueue-lookup',
  'enqueue-triage',
  'enqueue-crowd',
  'enqueue-files',
  'enqueue-route',
  'enqueue-send-facebook',
  'enqueue-send-zalo',
  'enqueue-send-zalo-bot',
  'enqueue-send-zalo-oa',
  'enqueue-reconcile',
  // network calls
  'fetch-file',
  'facebook-comment',
  'facebook-message',
  'facebook-private-reply',
  'facebook-edit',
  'facebook-delete',
  'facebook-hide',
  'facebook-post',
  'facebook-upload',
  'facebook-read-replies',
  'facebook-read-chat',
  'facebook-read-standing',
  'facebook-lookup',
  'facebook-read-page',
  'facebook-subscribe',
  'zalo-login',
  'zalo-send',
  'zalo-send-picture',
  'zalo-react',
  'zalo-backfill',
  'zalo-read-groups',
  'zalo-bot-send',
  'zalo-bot-poll',
  'zalo-oa-send',
  'zalo-oa-read-chat',
  'zalo-oa-renew',
] as const
export type Step = (typeof steps)[number]

export const failpoints: readonly string[] = steps.flatMap((step) => [`${step}:before`, `${step}:after`])

let armed: { readonly point: string; left: number } | null = null

/**
 * Arms one failpoint for the rest of this process; "claim-outbox:after#3" strikes the third time. Only simulated
 * installations may (checked by the caller).
 */
export function armFailpoint(name: string): void {
  const [point = '', time = '1', ...rest] = name.split('#')
  if (!failpoints.includes(point) || !/^[1-9]\d{0,5}$/.test(time) || rest.length > 0) {
    throw new RangeError(`expected a failpoint such as "${failpoints[0]}", got "${name}"`)
  }
  armed = { point, left: Number(time) }
}

/** Runs `work` as the named step. Where that failpoint is armed the process dies as by a power cut. */
export async function step<T>(name: Step, work: () => Promise<T>): Promise<T> {
  if (isDue(`${name}:before`)) await die()
  const result = await work()
  if (isDue(`${name}:after`)) await die()
  return result
}

function isDue(point: string): boolean {
  if (armed?.point !== point) return false
  armed.left -= 1
  return armed.left === 0
}

function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => {}) // the signal is on its way; nothing after the failpoint may run
}
