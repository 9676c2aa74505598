import { byteaArray } from '../db/bytea-array.ts'
import type { Pool } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import { step } from '../lib/failpoint.ts'
import { DeliveryId, newId } from '../lib/ids.ts'
import { type Lane, lanes } from '../lib/lane.ts'
import { sha256 } from '../lib/secrets.ts'
import type { Platform } from './event.ts'

/** Something that arrived, byte for byte. */
export interface Delivery {
  readonly platform: Platform
  /** Null where one delivery may serve several accounts. */
  readonly accountExternalId: string | null
  readonly lane: Lane
  readonly body: Buffer
}

/** Beside Kysely, which prepares nothing. */
type Store = Pick<Pool, 'query'>

interface Waiting {
  readonly delivery: Delivery
  readonly kept: () => void
  readonly failed: (error: unknown) => void
}

/** Enough to save round trips, few enough that one statement stays small. */
const MAX_GROUP = 200
/** A second insert may start while the first waits for the disk; more would only queue up inside the server. */
const MAX_IN_FLIGHT = 2

/**
 * Makes deliveries durable. Whoever calls `keep` waits for the commit; callers that come while an insert is under way
 * share the next one, so a storm costs one fsync for hundreds of deliveries.
 */
export class DeliveryKeeper {
  readonly #store: Store
  readonly #clock: Clock
  readonly #onKept: () => void
  readonly #waiting: Waiting[] = []
  #isFlushDue = false
  #inFlight = 0

  constructor(store: Store, clock: Clock, onKept: () => void) {
    this.#store = store
    this.#clock = clock
    this.#onKept = onKept
  }

  /** Resolves once the delivery is committed (or was before: the same bytes are the same delivery). */
  keep(delivery: Delivery): Promise<void> {
    return new Promise((kept, failed) => {
      this.#waiting.push({ delivery, kept, failed })
      this.#flushSoon()
    })
  }

  /** Not at once: what this turn of the event loop still reads from its sockets shares the insert. */
  #flushSoon(): void {
    if (this.#isFlushDue) return
    this.#isFlushDue = true
    setImmediate(() => {
      this.#isFlushDue = false
      this.#flush()
    })
  }

  #flush(): void {
    while (this.#inFlight < MAX_IN_FLIGHT && this.#waiting.length > 0) this.#insert(this.#waiting.splice(0, MAX_GROUP))
  }

  #insert(group: readonly Waiting[]): void {
    this.#inFlight += 1
    const deliveries = group.map((entry) => entry.delivery)
    step('keep-deliveries', () => insertDeliveries(this.#store, deliveries, this.#clock()))
      .then(() => {
        for (const entry of group) entry.kept()
        this.#onKept()
      })
      .catch((error: unknown) => {
        for (const entry of group) entry.failed(error)
      })
      .finally(() => {
        this.#inFlight -= 1
        this.#flushSoon()
      })
  }
}

/**
 * Prepared once a connection: parsing and planning it anew was a seventh of what the server did for a group. Two processes
 * that keep the same deliveries must not wait for each other, hence the order.
 */
const insertion = {
  name: 'keep-deliveries',
  text: `
    insert into deliveries (id, platform, account_external_id, lane, digest, body, received_at)
    select given.*, $1::timestamptz
    from unnest($2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::bytea[], $7::bytea[])
      as given (id, platform, account_external_id, lane, digest, body)
    order by digest
    on conflict (digest) do nothing`,
}

async function insertDeliveries(store: Store, deliveries: readonly Delivery[], now: Date): Promise<void> {
  const column = <T>(pick: (delivery: Delivery) => T): T[] => deliveries.map(pick)
  const values = [
    now,
    column(() => newId(DeliveryId, now)),
    column(({ platform }) => platform),
    column(({ accountExternalId }) => accountExternalId),
    column(({ lane }) => lanes[lane]),
    byteaArray(column(digest)),
    byteaArray(column(({ body }) => body)),
  ]
  await store.query({ ...insertion, values })
}

function digest({ platform, accountExternalId, body }: Delivery): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${platform}\n${accountExternalId ?? ''}\n`), body]))
}
