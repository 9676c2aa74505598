import { resolve } from 'node:path'
import { Env, type Role } from './env.ts'
import { type Pacing, scaled, shippedPacing } from './pacing.ts'

interface FacebookConfig {
  readonly appId: string
  readonly appSecrets: readonly [string, ...string[]]
  readonly verifyToken: string
  readonly graphVersion: string
  readonly graphUrl: string
}

interface ZaloOaConfig {
  readonly appId: string
  readonly appSecret: string
  readonly macTimestamp: Env['ZALO_OA_TIMESTAMP']
  /** Null is the real Zalo. */
  readonly simUrl: string | null
}

export interface Config {
  readonly port: number
  readonly host: string
  readonly publicUrl: string | null
  readonly trustProxy: string | null
  readonly dataDir: string
  /** Null: the folder backups beside the data. */
  readonly backupDir: string | null
  readonly databaseUrl: string | null
  readonly redisUrl: string | null
  readonly roles: readonly Role[]
  readonly secretKey: string | null
  readonly logLevel: Env['LOG_LEVEL']
  readonly metricsToken: string | null
  readonly simulators: boolean
  /** Null: Facebook is off. */
  readonly facebook: FacebookConfig | null
  readonly zaloSimUrl: string | null
  /** A local Zalo Bot Platform; null is the real one. */
  readonly zaloBotSimUrl: string | null
  /** Null: Official Accounts are off. */
  readonly zaloOa: ZaloOaConfig | null
  readonly failpoint: string | null
  readonly pacing: Pacing
}

/** The configuration is wrong. The message holds one sentence a problem, each naming its variable. */
export class ConfigError extends Error {
  readonly code = 'invalid_configuration'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const LOOPBACK = /^https?:\/\/(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])(:\d+)?(\/|$)/

/** Environment → frozen Config; fails with all problems at once. Values are never repeated in a problem: they may be secrets. */
export function loadConfig(source: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Env.safeParse(given)
  if (!parsed.success)
    throw new ConfigError([...new Set(parsed.error.issues.map((issue) => sentence(String(issue.path[0]))))])
  const env = parsed.data
  const problems = contradictions(env)
  if (problems.length > 0) throw new ConfigError(problems)
  const dataDir = resolve(env.DATA_DIR)
  return Object.freeze({
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL ?? null,
    trustProxy: env.TRUST_PROXY ?? null,
    dataDir,
    backupDir: env.BACKUP_DIR === undefined ? null : resolve(env.BACKUP_DIR),
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    roles: env.ROLES,
    secretKey: env.SECRET_KEY ?? null,
    logLevel: env.LOG_LEVEL,
    metricsToken: env.METRICS_TOKEN ?? null,
    simulators: env.SIMULATORS === 'allow',
    facebook: facebookConfig(env),
    zaloSimUrl: env.ZALO_SIM_URL ?? null,
    zaloBotSimUrl: env.ZALO_BOT_URL ?? null,
    zaloOa: zaloOaConfig(env),
    failpoint: env.FAILPOINT ?? null,
    pacing: env.PACE === 1 ? shippedPacing : scaled(shippedPacing, env.PACE),
  })
}

function sentence(name: string): string {
  const description = Env.shape[name as keyof typeof Env.shape]?.description ?? 'a valid value'
  return `${name} is not usable: expected ${description}.`
}

function contradictions(env: Env): string[] {
  const problems: string[] = []
  const facebook = ['FACEBOOK_APP_ID', 'FACEBOOK_APP_SECRET', 'FACEBOOK_VERIFY_TOKEN'] as const
  const missing = facebook.filter((name) => env[name] === undefined)
  if (missing.length > 0 && missing.length < facebook.length) {
    for (const name of missing)
      problems.push(`${name} is missing: Facebook needs all of ${facebook.join(', ')}, or none of them.`)
  }
  if ((env.ZALO_OA_APP_ID === undefined) !== (env.ZALO_OA_APP_SECRET === undefined)) {
    const name = env.ZALO_OA_APP_ID === undefined ? 'ZALO_OA_APP_ID' : 'ZALO_OA_APP_SECRET'
    problems.push(`${name} is missing: Official Accounts need both ZALO_OA_APP_ID and ZALO_OA_APP_SECRET, or neither.`)
  }
  if (env.DATABASE_URL !== undefined && env.SECRET_KEY === undefined) {
    problems.push('SECRET_KEY is missing: with DATABASE_URL it is required, expected 32 bytes in base64.')
  }
  if (env.SECRET_KEY?.split(',').some((key) => Buffer.from(key.trim(), 'base64').length !== 32)) {
    problems.push(sentence('SECRET_KEY'))
  }
  if (env.ROLES.length < 3 && env.DATABASE_URL === undefined) {
    problems.push('ROLES other than all needs DATABASE_URL: the embedded PostgreSQL serves one process.')
  }
  return [...problems, ...simulatorProblems(env)]
}

/** Production is the default: only SIMULATORS=allow opens another address, and then only loopback. */
function simulatorProblems(env: Env): string[] {
  const redirected = {
    FACEBOOK_GRAPH_URL: env.FACEBOOK_GRAPH_URL === 'https://graph.facebook.com' ? undefined : env.FACEBOOK_GRAPH_URL,
    ZALO_SIM_URL: env.ZALO_SIM_URL,
    ZALO_BOT_URL: env.ZALO_BOT_URL,
    ZALO_OA_URL: env.ZALO_OA_URL,
  }
  const problems: string[] = []
  for (const [name, url] of Object.entries(redirected)) {
    if (url === undefined) continue
    if (env.SIMULATORS !== 'allow')
      problems.push(`${name} may differ from the real platform only with SIMULATORS=allow.`)
    else if (!LOOPBACK.test(url))
      problems.push(`${name} is not usable: expected a loopback address such as http://127.0.0.1:4000.`)
  }
  if (env.FAILPOINT !== undefined && env.SIMULATORS !== 'allow')
    problems.push('FAILPOINT is only for fault runs, with SIMULATORS=allow.')
  if (env.PACE !== 1 && env.SIMULATORS !== 'allow')
    problems.push('PACE other than 1 is only for fault runs, with SIMULATORS=allow.')
  if (env.SIMULATORS === 'allow' && env.FACEBOOK_APP_ID !== undefined && redirected.FACEBOOK_GRAPH_URL === undefined) {
    problems.push('FACEBOOK_GRAPH_URL is missing: with SIMULATORS=allow it has to be the address of the simulator.')
  }
  if (env.SIMULATORS === 'allow' && env.ZALO_OA_APP_ID !== undefined && env.ZALO_OA_URL === undefined) {
    problems.push('ZALO_OA_URL is missing: with SIMULATORS=allow it has to be the address of the simulator.')
  }
  return problems
}

function zaloOaConfig(env: Env): ZaloOaConfig | null {
  const { ZALO_OA_APP_ID: appId, ZALO_OA_APP_SECRET: appSecret, ZALO_OA_TIMESTAMP: macTimestamp } = env
  if (appId === undefined || appSecret === undefined) return null
  return { appId, appSecret, macTimestamp, simUrl: env.ZALO_OA_URL ?? null }
}

function facebookConfig(env: Env): FacebookConfig | null {
  const { FACEBOOK_APP_ID: appId, FACEBOOK_APP_SECRET: secrets, FACEBOOK_VERIFY_TOKEN: verifyToken } = env
  if (appId === undefined || secrets === undefined || verifyToken === undefined) return null
  const [first, ...others] = secrets.split(',').map((secret) => secret.trim())
  if (first === undefined) return null
  return {
    appId,
    appSecrets: [first, ...others],
    verifyToken,
    graphVersion: env.FACEBOOK_GRAPH_VERSION,
    graphUrl: env.FACEBOOK_GRAPH_URL.replace(/\/$/, ''),
  }
}
