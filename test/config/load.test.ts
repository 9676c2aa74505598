import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Env, processEnv } from '../../config/env.ts'
import { type Config, ConfigError, loadConfig } from '../../config/load.ts'
import { shippedPacing } from '../../config/pacing.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const facebook = {
  FACEBOOK_APP_ID: '330000000000001',
  FACEBOOK_APP_SECRET: 'app-secret-1',
  FACEBOOK_VERIFY_TOKEN: 'verify-token-1',
}

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('with an empty environment', () => {
  it('everything has its shipped value, Facebook and the simulators are off', () => {
    expect(loadConfig({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: null,
      trustProxy: null,
      dataDir: resolve('data'),
      backupDir: null,
      databaseUrl: null,
      redisUrl: null,
      roles: ['http', 'worker', 'listener'],
      secretKey: null,
      logLevel: 'info',
      metricsToken: null,
      simulators: false,
      facebook: null,
      zaloSimUrl: null,
      zaloBotSimUrl: null,
      zaloOa: null,
      failpoint: null,
      pacing: shippedPacing,
    } satisfies Config)
  })

  it('a variable that is set to nothing is as good as missing', () => {
    const empty = Object.fromEntries(Object.keys(Env.shape).map((name) => [name, '']))

    expect(loadConfig(empty)).toEqual(loadConfig({}))
  })

  it('variables of other programs are nobody’s business', () => {
    expect(loadConfig({ PATH: '/usr/bin', NODE_ENV: 'test', PORTS: 'x' })).toEqual(loadConfig({}))
  })

  it('the result cannot be changed', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true)
  })
})

describe('a good value', () => {
  it.each<[string, Record<string, string>, Partial<Config>]>([
    ['PORT', { PORT: '8080' }, { port: 8080 }],
    ['PORT 0: any free one', { PORT: '0' }, { port: 0 }],
    ['HOST', { HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://hoi.example.vn' }, { publicUrl: 'https://hoi.example.vn' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.1' }, { trustProxy: '10.0.0.1' }],
    ['DATA_DIR', { DATA_DIR: '/srv/danhoi' }, { dataDir: '/srv/danhoi' }],
    ['DATA_DIR relative', { DATA_DIR: 'here' }, { dataDir: resolve('here') }],
    ['BACKUP_DIR', { BACKUP_DIR: '/mnt/usb' }, { backupDir: '/mnt/usb' }],
    ['BACKUP_DIR relative', { BACKUP_DIR: 'usb' }, { backupDir: resolve('usb') }],
    ['REDIS_URL', { REDIS_URL: 'redis://127.0.0.1:6379' }, { redisUrl: 'redis://127.0.0.1:6379' }],
    ['REDIS_URL with TLS', { REDIS_URL: 'rediss://cache:6380' }, { redisUrl: 'rediss://cache:6380' }],
    ['SECRET_KEY', { SECRET_KEY: key }, { secretKey: key }],
    ['SECRET_KEY while rotating', { SECRET_KEY: `${key}, ${key}` }, { secretKey: `${key}, ${key}` }],
    ['LOG_LEVEL', { LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
    ['METRICS_TOKEN', { METRICS_TOKEN: 'sixteen-letters!' }, { metricsToken: 'sixteen-letters!' }],
    ['SIMULATORS', { SIMULATORS: 'allow' }, { simulators: true }],
    ['ROLES all', { ROLES: 'all' }, { roles: ['http', 'worker', 'listener'] }],
    [
      'a simulator on loopback',
      { SIMULATORS: 'allow', ZALO_SIM_URL: 'http://127.0.0.1:4001' },
      { zaloSimUrl: 'http://127.0.0.1:4001' },
    ],
    [
      'an Official Account’s app',
      { ZALO_OA_APP_ID: '360846524940903967', ZALO_OA_APP_SECRET: 'oa-app-secret', ZALO_OA_TIMESTAMP: 'header' },
      {
        zaloOa: { appId: '360846524940903967', appSecret: 'oa-app-secret', macTimestamp: 'header', simUrl: null },
      },
    ],
    ['FAILPOINT', { SIMULATORS: 'allow', FAILPOINT: 'receive-message:after' }, { failpoint: 'receive-message:after' }],
  ])('%s arrives', (_name, env, expected) => {
    expect(loadConfig(env)).toMatchObject(expected)
  })

  it.each([
    ['http', ['http']],
    ['worker,listener', ['worker', 'listener']],
    ['worker, http', ['worker', 'http']],
    ['http,http', ['http']],
  ])('ROLES=%s with a database of its own', (roles, expected) => {
    const env = { ROLES: roles, DATABASE_URL: 'postgres://u:p@db/danhoi', SECRET_KEY: key }

    expect(loadConfig(env).roles).toEqual(expected)
  })

  it('all three of Facebook turn it on, with the real address and a version', () => {
    expect(loadConfig(facebook).facebook).toEqual({
      appId: '330000000000001',
      appSecrets: ['app-secret-1'],
      verifyToken: 'verify-token-1',
      graphVersion: 'v24.0',
      graphUrl: 'https://graph.facebook.com',
    })
  })

  it('while an app secret is rotated both count, the new one first', () => {
    const rotating = { ...facebook, FACEBOOK_APP_SECRET: 'new-secret, old-secret' }

    expect(loadConfig(rotating).facebook?.appSecrets).toEqual(['new-secret', 'old-secret'])
  })

  it('a slash at the end of an address is not doubled later', () => {
    const env = { ...facebook, SIMULATORS: 'allow', FACEBOOK_GRAPH_URL: 'http://127.0.0.1:4000/' }

    expect(loadConfig(env).facebook?.graphUrl).toBe('http://127.0.0.1:4000')
  })

  it('PACE shortens every wait of a fault run', () => {
    const { pacing } = loadConfig({ SIMULATORS: 'allow', PACE: '0.5' })

    expect(pacing.retryMs).toBe(shippedPacing.retryMs / 2)
  })
})

describe('a wrong value', () => {
  it.each<[string, Record<string, string>]>([
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '70000' }],
    ['PORT', { PORT: '-1' }],
    ['PORT', { PORT: '80.5' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'hoi.example.vn' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'ftp://hoi.example.vn' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://u:p@db/x', SECRET_KEY: key }],
    ['DATABASE_URL', { DATABASE_URL: 'db', SECRET_KEY: key }],
    ['REDIS_URL', { REDIS_URL: 'http://cache' }],
    ['ROLES', { ROLES: 'http,cleaner', DATABASE_URL: 'postgres://u:p@db/x', SECRET_KEY: key }],
    ['ROLES', { ROLES: ',', DATABASE_URL: 'postgres://u:p@db/x', SECRET_KEY: key }],
    ['SECRET_KEY', { SECRET_KEY: 'YWJj' }],
    ['SECRET_KEY', { SECRET_KEY: `${key},` }],
    ['SECRET_KEY', { SECRET_KEY: `${key},YWJj` }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['METRICS_TOKEN', { METRICS_TOKEN: 'short' }],
    ['SIMULATORS', { SIMULATORS: 'yes' }],
    ['FACEBOOK_APP_ID', { ...facebook, FACEBOOK_APP_ID: 'my app' }],
    ['FACEBOOK_APP_SECRET', { ...facebook, FACEBOOK_APP_SECRET: 'short' }],
    ['FACEBOOK_APP_SECRET', { ...facebook, FACEBOOK_APP_SECRET: 'good-secret,' }],
    ['FACEBOOK_APP_SECRET', { ...facebook, FACEBOOK_APP_SECRET: ',good-secret' }],
    ['FACEBOOK_APP_SECRET', { ...facebook, FACEBOOK_APP_SECRET: 'good-secret, ,other-secret' }],
    ['FACEBOOK_VERIFY_TOKEN', { ...facebook, FACEBOOK_VERIFY_TOKEN: 'short' }],
    ['FACEBOOK_GRAPH_VERSION', { ...facebook, FACEBOOK_GRAPH_VERSION: '24' }],
    ['FACEBOOK_GRAPH_URL', { FACEBOOK_GRAPH_URL: 'graph.facebook.com' }],
    ['ZALO_SIM_URL', { SIMULATORS: 'allow', ZALO_SIM_URL: 'localhost' }],
    ['ZALO_BOT_URL', { SIMULATORS: 'allow', ZALO_BOT_URL: 'localhost' }],
    ['ZALO_OA_APP_ID', { ZALO_OA_APP_ID: 'my app', ZALO_OA_APP_SECRET: 'oa-app-secret' }],
    ['ZALO_OA_APP_SECRET', { ZALO_OA_APP_ID: '360846524940903967', ZALO_OA_APP_SECRET: 'short' }],
    ['ZALO_OA_TIMESTAMP', { ZALO_OA_TIMESTAMP: 'both' }],
    ['ZALO_OA_URL', { SIMULATORS: 'allow', ZALO_OA_URL: 'localhost' }],
    ['PACE', { SIMULATORS: 'allow', PACE: '0' }],
    ['PACE', { SIMULATORS: 'allow', PACE: '2' }],
    ['PACE', { SIMULATORS: 'allow', PACE: 'fast' }],
  ])('of %s is one sentence that names it and says what is expected (%o)', (name, env) => {
    const problems = problemsOf(env)

    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name} is not usable: expected .+\\.$`))
  })

  it('all problems come together, one a variable', () => {
    const problems = problemsOf({ PORT: 'x', LOG_LEVEL: 'loud', ROLES: 'a,b,c', SECRET_KEY: key })

    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['PORT', 'ROLES', 'LOG_LEVEL'])
  })

  it('the message of the error is all of its sentences', () => {
    const load = (): Config => loadConfig({ PORT: 'x', LOG_LEVEL: 'loud' })

    expect(load).toThrow(ConfigError)
    expect(load).toThrow(problemsOf({ PORT: 'x', LOG_LEVEL: 'loud' }).join('\n'))
  })

  it('every variable says what it is for', () => {
    for (const [name, schema] of Object.entries(Env.shape)) {
      expect(schema.description, name).toMatch(/\w{3,}/)
    }
  })

  it('is never repeated, because it may be a secret', () => {
    const secretive = [
      'SECRET_KEY',
      'METRICS_TOKEN',
      'FACEBOOK_APP_SECRET',
      'FACEBOOK_VERIFY_TOKEN',
      'DATABASE_URL',
      'ZALO_OA_APP_SECRET',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...secretive, ...Object.keys(Env.shape)),
        fc.string({ minLength: 3, unit: fc.constantFrom(...'QXZ0#') }),
        (name, value) => {
          for (const problem of problemsOf({ [name]: `QQQ${value}` })) expect(problem).not.toContain(`QQQ${value}`)
        },
      ),
    )
  })
})

describe('variables that contradict each other', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'Facebook without its id',
      { FACEBOOK_APP_SECRET: 'app-secret-1', FACEBOOK_VERIFY_TOKEN: 'verify-token-1' },
      ['FACEBOOK_APP_ID is missing'],
    ],
    [
      'Facebook with its id alone',
      { FACEBOOK_APP_ID: '330000000000001' },
      ['FACEBOOK_APP_SECRET is missing', 'FACEBOOK_VERIFY_TOKEN is missing'],
    ],
    ['a database without the key that seals in it', { DATABASE_URL: 'postgres://u:p@db/x' }, ['SECRET_KEY is missing']],
    ['a role alone on the embedded database', { ROLES: 'http' }, ['ROLES other than all needs DATABASE_URL']],
    ['one role three times is one role', { ROLES: 'http,http,http' }, ['ROLES other than all needs DATABASE_URL']],
    ['another Graph in production', { FACEBOOK_GRAPH_URL: 'http://127.0.0.1:4000' }, ['FACEBOOK_GRAPH_URL may differ']],
    ['a Zalo simulator in production', { ZALO_SIM_URL: 'http://127.0.0.1:4001' }, ['ZALO_SIM_URL may differ']],
    ['another bot platform in production', { ZALO_BOT_URL: 'http://127.0.0.1:4001' }, ['ZALO_BOT_URL may differ']],
    [
      'an app of Official Accounts without its secret',
      { ZALO_OA_APP_ID: '360846524940903967' },
      ['ZALO_OA_APP_SECRET is'],
    ],
    [
      'an app of Official Accounts without its id',
      { ZALO_OA_APP_SECRET: 'oa-app-secret' },
      ['ZALO_OA_APP_ID is missing'],
    ],
    ['an OA simulator in production', { ZALO_OA_URL: 'http://127.0.0.1:4002' }, ['ZALO_OA_URL may differ']],
    [
      'simulators together with real Official Accounts',
      { ZALO_OA_APP_ID: '360846524940903967', ZALO_OA_APP_SECRET: 'oa-app-secret', SIMULATORS: 'allow' },
      ['ZALO_OA_URL is missing'],
    ],
    ['a failpoint in production', { FAILPOINT: 'receive-message:after' }, ['FAILPOINT is only for fault runs']],
    ['a faster pace in production', { PACE: '0.5' }, ['PACE other than 1 is only for fault runs']],
    [
      'simulators together with the real Graph',
      { ...facebook, SIMULATORS: 'allow' },
      ['FACEBOOK_GRAPH_URL is missing'],
    ],
  ])('%s', (_fact, env, beginnings) => {
    const problems = problemsOf(env)

    expect(problems).toHaveLength(beginnings.length)
    for (const [at, beginning] of beginnings.entries()) expect(problems[at]?.startsWith(beginning)).toBe(true)
  })

  it.each([
    'http://10.0.0.1:4000',
    'https://graph.facebook.com.example.vn',
    'http://127.0.0.1.example.vn',
    'http://127.0.0.1:4000@example.vn',
    'http://localhost.example.vn/',
    'http://user@example.vn:4000',
    'http://example.vn/127.0.0.1',
    'http://0.0.0.0:4000',
  ])('a simulator at %s is not on this machine and is refused', (url) => {
    expect(problemsOf({ SIMULATORS: 'allow', ZALO_SIM_URL: url })).toEqual([
      'ZALO_SIM_URL is not usable: expected a loopback address such as http://127.0.0.1:4000.',
    ])
  })

  it.each(['http://127.0.0.1:4000', 'http://localhost:4000/x', 'http://[::1]:4000', 'https://127.9.9.9/'])(
    'a simulator at %s is on this machine',
    (url) => {
      expect(problemsOf({ SIMULATORS: 'allow', ZALO_SIM_URL: url })).toEqual([])
    },
  )
})

it('the environment of the process is what the process was given', () => {
  expect(processEnv()).toBe(process.env)
})
