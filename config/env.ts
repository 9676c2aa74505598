import { z } from 'zod'

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max)
const address = z.url({ protocol: /^https?$/ })
const postgres = z.url({ protocol: /^postgres(ql)?$/ })
const redis = z.url({ protocol: /^rediss?$/ })

export const Role = z.enum(['http', 'worker', 'listener'])
export type Role = z.infer<typeof Role>

const roles = z
  .string()
  .transform((text) => (text === 'all' ? [...Role.options] : [...new Set(text.split(',').map((part) => part.trim()))]))
  .pipe(z.array(Role).min(1))

/** Every variable the program knows: what it expects (shown when it is wrong) and what it is for. */
export const Env = z.object({
  PORT: whole(0, 65_535).default(3000).describe('TCP port of the web server, 0 for any free one'),
  HOST: z.string().min(1).default('127.0.0.1').describe('address the web server listens on'),
  PUBLIC_URL: address.optional().describe('how the outside reaches this server, e.g. https://hoi.example.vn'),
  TRUST_PROXY: z.string().min(1).optional().describe('addresses of reverse proxies whose forwarded headers count'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .describe('folder of the embedded PostgreSQL, its key, residents’ files and backups; shared by all processes'),
  DATABASE_URL: postgres.optional().describe('a PostgreSQL 15 or newer to use instead of the embedded one'),
  REDIS_URL: redis.optional().describe('a Redis for the queues; without it they live in the same PostgreSQL'),
  ROLES: roles.default([...Role.options]).describe('all, or any of http, worker, listener separated by commas'),
  SECRET_KEY: z
    .string()
    .min(1)
    .optional()
    .describe('32 bytes in base64 that seal tokens and sessions; first of several seals'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('least severe log line written'),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('bearer token for /metrics; without it only loopback may read them'),
  SIMULATORS: z
    .enum(['allow'])
    .optional()
    .describe('"allow" lets platform addresses be loopback simulators; never in production'),
  FACEBOOK_APP_ID: z
    .string()
    .regex(/^\d{5,32}$/)
    .optional()
    .describe('digits: the id of the Facebook app'),
  // Each of them: an empty one behind a trailing comma would accept whatever is signed with no secret at all.
  FACEBOOK_APP_SECRET: z
    .string()
    .regex(/^\s*[^\s,]{8,}\s*(,\s*[^\s,]{8,}\s*)*$/)
    .optional()
    .describe('app secret, several separated by commas while rotating'),
  FACEBOOK_VERIFY_TOKEN: z.string().min(8).optional().describe('the word Facebook repeats in the webhook handshake'),
  FACEBOOK_GRAPH_VERSION: z
    .string()
    .regex(/^v\d{2}\.\d$/)
    .default('v24.0')
    .describe('Graph API version such as v24.0'),
  FACEBOOK_GRAPH_URL: address
    .default('https://graph.facebook.com')
    .describe('Graph API address; another one only with SIMULATORS=allow'),
  ZALO_SIM_URL: address.optional().describe('a local Zalo simulator; only with SIMULATORS=allow'),
  ZALO_BOT_URL: address.optional().describe('a local simulator of the Zalo Bot Platform; only with SIMULATORS=allow'),
  ZALO_OA_APP_ID: z
    .string()
    .regex(/^\d{5,32}$/)
    .optional()
    .describe('digits: the id of the Zalo app that Official Accounts have agreed to'),
  ZALO_OA_APP_SECRET: z.string().min(8).optional().describe('secret key of that app'),
  ZALO_OA_TIMESTAMP: z
    .enum(['body', 'header'])
    .default('body')
    .describe('where the timestamp stands that is part of a webhook’s mac: body or header; sources disagree'),
  ZALO_OA_URL: address.optional().describe('a local simulator of Official Accounts; only with SIMULATORS=allow'),
  BACKUP_DIR: z.string().min(1).optional().describe('folder of nightly backups; default is backups inside DATA_DIR'),
  FAILPOINT: z
    .string()
    .min(1)
    .optional()
    .describe('a named step at which to die, for fault runs; only with SIMULATORS=allow'),
  PACE: z.coerce
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe('factor on every wait, for fault runs; other than 1 only with SIMULATORS=allow'),
})
export type Env = z.infer<typeof Env>

/** The environment of this process. The only place that reads it. */
export function processEnv(): NodeJS.ProcessEnv {
  return process.env
}
