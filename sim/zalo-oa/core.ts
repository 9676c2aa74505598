import type { Faults } from './faults.ts'
import type { Journal } from './journal.ts'
import type { WebhookSender } from './webhooks.ts'
import type { World } from './world.ts'

/** Switches that hold until they are changed. */
export type Settings = {
  /** Free replies to one action of a person, as before 2026; null: as many as one likes. */
  replyLimit: number | null
  accessTokenMs: number
  refreshTokenMs: number
  /** A refresh also ends the access token it replaces. */
  refreshEndsAccess: boolean
  /** The conversation can be read back. */
  history: boolean
}

/** What the parts of one simulator share. */
export type Core = {
  appId: string
  appSecret: string
  world: World
  journal: Journal
  faults: Faults
  webhooks: WebhookSender
  settings: Settings
  latencyMs: number
}

const hour = 3_600_000

export const defaultSettings: Settings = {
  replyLimit: null,
  accessTokenMs: 25 * hour,
  refreshTokenMs: 90 * 24 * hour,
  refreshEndsAccess: true,
  history: true,
}
