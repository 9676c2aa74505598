import type { FastifyInstance } from 'fastify'
import { noiseOnly } from '../bots/facebook/noise.ts'
import { isSigned } from '../bots/facebook/signature.ts'
import { readOaBody } from '../bots/zalo-oa/read.ts'
import { shippedLimits } from '../config/limits.ts'
import type { Config } from '../config/load.ts'
import { shippedPacing } from '../config/pacing.ts'
import type { BackendAddress } from '../queues/backend.ts'
import { type QueueName, queueNames } from '../queues/definitions.ts'
import { openQueues, type Queues } from '../queues/open.ts'
import type { QueueTimings } from '../queues/timings.ts'
import { createHandlers } from '../queues/workers/index.ts'
import { sweep } from '../queues/workers/sweep.ts'
import { type WorkPacing, type Workshop, wakeSenders } from '../queues/workers/workshop.ts'
import { BotPollers } from './assembly/bot-pollers.ts'
import { bots, chatAddress } from './assembly/bots.ts'
import { openChannel } from './assembly/channels.ts'
import { createFetching } from './assembly/fetching.ts'
import { startHousekeeping } from './assembly/housekeeping.ts'
import { claimInstallation } from './assembly/installation.ts'
import { Listeners } from './assembly/listeners.ts'
import { createLookups } from './assembly/lookups.ts'
import { createMetrics } from './assembly/metrics.ts'
import { OfficialAccounts, startOaRenewals } from './assembly/official-accounts.ts'
import { startPageWatch } from './assembly/page-watch.ts'
import { createPublishers } from './assembly/publishers.ts'
import { readiness } from './assembly/readiness.ts'
import { loadKeyRing } from './assembly/secret-key.ts'
import { filesFolderOf, openStore } from './assembly/store.ts'
import { createZaloBots } from './assembly/zalo-bots.ts'
import { keepWithdrawal } from './channels/withdrawal.ts'
import type { Db } from './db/client.ts'
import { startListening } from './db/notify.ts'
import { openFolder, removePartial } from './files/folder.ts'
import { openPicture } from './files/picture.ts'
import { facebookCallbacks } from './http/facebook-callbacks.ts'
import { healthRoutes, metricsRoute } from './http/health.ts'
import { createServer } from './http/server.ts'
import { facebookWebhook } from './http/webhooks.ts'
import { zaloBotWebhook } from './http/zalo-bot-webhook.ts'
import { zaloOaWebhook } from './http/zalo-oa-webhook.ts'
import { CounterBuffer } from './intake/counter-buffer.ts'
import { DeliveryKeeper } from './intake/keep.ts'
import { type Clock, plusMs, systemClock } from './lib/clock.ts'
import { errorCode, RefusedError } from './lib/errors.ts'
import { armFailpoint } from './lib/failpoint.ts'
import type { AccountId } from './lib/ids.ts'
import { Lifecycle } from './lib/lifecycle.ts'
import { createLog, type Log } from './lib/log.ts'
import type { KeyRing } from './lib/secrets.ts'
import type { OpenPicture } from './outbox/publisher.ts'

export interface Overrides {
  readonly log?: Log
  readonly clock?: Clock
  readonly random?: () => number
  /** Adds routes before the server listens; the demo's page comes in here. */
  readonly extend?: (server: FastifyInstance, app: Pick<App, 'db' | 'keyRing'>) => Promise<void>
  /** The store is gone for good: this process has to end. */
  readonly onLost?: (error: Error) => void
}

export interface App {
  readonly db: Db
  readonly keyRing: KeyRing
  readonly queues: Queues
  /** Where the web server listens. */
  readonly url: string
  stop(): Promise<void>
}

const HOUR_MS = 3_600_000

/** Starts the whole program: everything that it is made of, in the order in which it is started. */
export async function startApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const { clock = systemClock, random = Math.random } = overrides
  const log = overrides.log ?? createLog(config.logLevel)
  const lifecycle = new Lifecycle()
  const stop = (): Promise<void> =>
    lifecycle.stop((name, error) => log.error({ err: error, part: name }, 'could not be stopped'))
  if (config.failpoint !== null) armFailpoint(config.failpoint)

  try {
    const store = await openStore(config, log, clock, lifecycle, overrides.onLost ?? (() => {}))
    const { db } = store
    await claimInstallation(db, config.simulators, clock())
    const keyRing = await loadKeyRing(config.secretKey, store.dataDir)

    const backend: BackendAddress =
      config.redisUrl === null
        ? { kind: 'postgres', connection: store.connection }
        : { kind: 'redis', url: config.redisUrl }
    const queues = await openQueues({ backend, log, timings: queueTimings(config), clock, random })
    lifecycle.add('queues', () => queues.close())

    const counters = new CounterBuffer(db, clock, 1_000, (error) =>
      log.warn({ err: error }, 'counts could not be written'),
    )
    lifecycle.add('counters', () => counters.flush())
    const keeper = new DeliveryKeeper(store.pool, clock, () => void queues.wake('intake').catch(() => {}))
    const filesFolder = filesFolderOf(store.dataDir)
    if (config.roles.includes('worker')) await removePartial(filesFolder, plusMs(clock(), -HOUR_MS))
    const folder = openFolder(filesFolder)
    const openStored: OpenPicture = (id) => openPicture(db, folder, id)
    const listeners = new Listeners({
      db,
      keyRing,
      clock,
      random,
      log,
      keeper,
      simUrl: config.zaloSimUrl,
      openPicture: openStored,
      pacing: config.pacing,
      count: (name, reason) => counters.add(name, reason),
      onReady: () => void queues.wake('send-zalo').catch(() => {}),
      onTold: () => wakeSenders(workshop),
    })
    const { facebook, zaloOa, zaloBotSimUrl: simUrl } = config
    const { callTimeoutMs, oaWaits } = config.pacing
    const zaloBots = createZaloBots({ db, keyRing, clock, simUrl, waits: config.pacing.botWaits })
    const onReady = (): void => void queues.wake('send-zalo-bot').catch(() => {})
    const pollers = new BotPollers({ db, clock, random, log, keeper, zaloBots, pacing: config.pacing, onReady })
    const officialAccounts =
      zaloOa === null
        ? null
        : new OfficialAccounts({
            db,
            keyRing,
            clock,
            log,
            zaloOa,
            openPicture: openStored,
            waits: oaWaits,
          })
    const publisherOf = createPublishers({
      db,
      keyRing,
      clock,
      facebook,
      callTimeoutMs,
      openPicture: openStored,
      facebookWaits: config.pacing.facebookWaits,
      zaloPublisher: (id) => listeners.publisherOf(id),
      botPublisher: zaloBots.publisherOf,
      oaPublisher: async (account) => (await officialAccounts?.publisherOf(account)) ?? null,
    })
    const { enqueue, enqueueMany, wake } = queues
    const lookupOf = createLookups({ db, keyRing, facebook, callTimeoutMs })
    const limits = { ...shippedLimits, timeoutMs: config.pacing.fetch.timeoutMs }
    const workshop: Workshop = {
      db,
      clock,
      random,
      bots,
      able: (platform) => {
        if (platform === 'zalo') return listeners.connected()
        const isOff =
          (platform === 'facebook' && facebook === null) || (platform === 'zalo_oa' && officialAccounts === null)
        return isOff ? [] : null
      },
      publisherOf,
      lookupOf,
      fetchFile: createFetching({ dataDir: store.dataDir, folder, limits, simulators: config.simulators }),
      enqueue,
      enqueueMany,
      wake,
      pacing: workPacing(config),
      limits: shippedLimits,
    }

    const server = createServer(log, config.trustProxy)
    await server.register(async (scope) => healthRoutes(scope, () => readiness(db, queues, store.dataDir, clock)))
    await server.register(async (scope) =>
      metricsRoute(scope, { token: config.metricsToken, render: createMetrics(db, queues, clock) }),
    )
    if (facebook !== null && config.roles.includes('http')) {
      await server.register(async (scope) =>
        facebookWebhook(scope, {
          verifyToken: facebook.verifyToken,
          isSigned: (raw, signature) => isSigned(raw, signature, facebook.appSecrets),
          noiseOnly,
          keeper,
          count: (name, reason, amount) => counters.add(name, reason, amount),
        }),
      )
      await server.register(async (scope) =>
        facebookCallbacks(scope, {
          db,
          clock,
          appSecrets: facebook.appSecrets,
          publicUrl: config.publicUrl,
          count: (name, reason) => counters.add(name, reason),
        }),
      )
    }
    if (config.roles.includes('http')) {
      const count = (name: string, reason: string): void => counters.add(name, reason)
      await server.register(async (scope) => zaloBotWebhook(scope, { secretOf: zaloBots.secretOf, keeper, count }))
    }
    if (officialAccounts !== null && config.roles.includes('http')) {
      await server.register(async (scope) =>
        zaloOaWebhook(scope, {
          judge: (delivery) => officialAccounts.judge(delivery),
          withdrawnBy: (body) => {
            const read = readOaBody(body)
            return read.kind === 'withdraw' ? read.userId : null
          },
          keepWithdrawal: async (oaId, userId, rawBody) => {
            await keepWithdrawal(db, { oaId, userId, rawBody }, chatAddress, clock())
            wakeSenders(workshop)
          },
          keeper,
          count: (name, reason) => counters.add(name, reason),
        }),
      )
    }
    await overrides.extend?.(server, { db, keyRing })

    await queues.startWorkers(createHandlers(workshop), { only: queuesOf(config) })
    if (config.roles.includes('listener')) {
      lifecycle.add('listeners', () => listeners.stop())
      await listeners.start()
      lifecycle.add('bot pollers', () => pollers.stop())
      await pollers.start()
    }
    lifecycle.add('web server', () => server.close())
    const url = await listen(server, config)
    if (config.roles.includes('worker') || config.roles.includes('listener')) {
      const onNotice = (): void => wakeSenders(workshop)
      const listening = { connection: store.connection, log, notice: 'publishing', onNotice } as const
      lifecycle.add('notices', await startListening(listening))
    }
    if (config.roles.includes('worker')) await sweep(workshop, 0)
    if (config.roles.includes('worker')) {
      const { dataDir, backupDir, connection } = store
      const everyMs = config.pacing.housekeepingEveryMs
      lifecycle.add('housekeeping', startHousekeeping({ connection, dataDir, backupDir, clock, log, everyMs }))
      if (officialAccounts !== null) lifecycle.add('OA tokens', startOaRenewals(officialAccounts, everyMs))
      if (facebook !== null) {
        const { tickMs, ...pacing } = config.pacing.pageWatch
        const channelOf = (id: AccountId) => openChannel({ db, keyRing, clock, facebook, callTimeoutMs }, id)
        // Told officers read it on Zalo; a Page that goes on may have answers waiting.
        const onTold = (): void => wakeSenders(workshop)
        const watcher = { db, connection, clock, log, keeper, pacing, channelOf, chatAddress, tickMs, onTold }
        lifecycle.add('page watch', startPageWatch(watcher))
      }
    }
    log.info({ url, roles: config.roles }, 'started')
    return { db, keyRing, queues, url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function listen(server: FastifyInstance, { port, host }: Config): Promise<string> {
  try {
    return await server.listen({ port, host })
  } catch (error) {
    const why = { EADDRINUSE: 'is in use by another program', EACCES: 'may not be opened by this user' }[
      errorCode(error)
    ]
    if (why === undefined) throw error
    throw new RefusedError(`PORT ${port} on ${host} ${why}: set PORT to a free one`, { cause: error })
  }
}

/** The listener holds the Zalo sessions, so what is sent on Zalo is sent from there. */
function queuesOf({ roles }: Config): QueueName[] {
  return queueNames.filter((name) => roles.includes(name === 'send-zalo' ? 'listener' : 'worker'))
}

function queueTimings({ pacing }: Config): Partial<QueueTimings> {
  const { jobLockMs, jobRetryMs, jobGrainMs, sweepEveryMs } = pacing
  return {
    lockDurationMs: jobLockMs,
    stalledCheckMs: Math.ceil(jobLockMs / 2),
    sweepEveryMs,
    delayGrainMs: jobGrainMs,
    retryDelayScale: jobRetryMs / shippedPacing.jobRetryMs,
  }
}

function workPacing({ pacing }: Config): WorkPacing {
  const { sendLeaseMs: leaseMs, retryMs, settleMs, maxSendAttempts: maxAttempts } = pacing
  const shared = { leaseMs, retryMs, settleMs, maxAttempts }
  return {
    send: {
      facebook: { ...pacing.facebook, ...shared },
      zalo: { ...pacing.zalo, ...shared },
      zalo_bot: { ...pacing.zaloBot, ...shared },
      zalo_oa: { ...pacing.zaloOa, ...shared },
    },
    sendingGraceMs: pacing.sendingGraceMs,
    settleMs,
    lookAgainMs: pacing.lookAgainMs,
    maxLooks: pacing.maxLooks,
    giveUpAfterMs: pacing.giveUpAfterMs,
    forgottenAfterMs: pacing.forgottenAfterMs,
    lookup: pacing.lookup,
    fetch: pacing.fetch,
  }
}
