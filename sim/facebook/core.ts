import type { Faults } from './faults.ts'
import type { Journal } from './journal.ts'
import type { WebhookSender } from './webhooks.ts'
import type { World } from './world.ts'

/** Percentages Graph reports beside every answer. */
export type Usage = {
  /** X-App-Usage */
  app: Record<string, unknown> | null
  /** X-Business-Use-Case-Usage, by Page id */
  pages: Record<string, unknown>
}

/** What the parts of one simulator share. */
export type Core = {
  appId: string
  /** The first signs; all are accepted in appsecret_proof (a secret may be rotated). */
  secrets: string[]
  verifyToken: string
  world: World
  journal: Journal
  webhooks: WebhookSender
  faults: Faults
  usage: Usage
  latencyMs: number
  /** HUMAN_AGENT has been approved for this app: 7 days instead of 24 hours. */
  humanAgent: boolean
}
