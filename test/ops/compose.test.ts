import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { Env } from '../../config/env.ts'
import { loadConfig } from '../../config/load.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const Service = z.looseObject({
  image: z.string(),
  environment: z.record(z.string(), z.coerce.string()).default({}),
  command: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
})
const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
})
const compose = Compose.parse(parse(read('compose.yaml')))
const https = Compose.parse(parse(read('compose.https.yaml')))

/** Variables that compose itself puts into the files; the program does not read them. */
const forCompose = ['POSTGRES_PASSWORD', 'DOMAIN']

it('what compose tells the program is a configuration that it starts with', () => {
  const environment = Object.entries(compose.services.app?.environment ?? {}).map(
    ([name, value]) => [name, value.replace(/\$\{(\w+):\?[^}]*\}/, 'password')] as const,
  )
  const config = loadConfig({ ...Object.fromEntries(environment), SECRET_KEY: Buffer.alloc(32).toString('base64') })

  expect(config).toMatchObject({
    host: '0.0.0.0',
    port: 3000,
    dataDir: '/data',
    databaseUrl: 'postgres://danhoi:password@postgres:5432/danhoi',
    redisUrl: 'redis://redis:6379',
    simulators: false,
  })
})

it('the program waits for services that say when they are ready, and their data outlives them', () => {
  const { app, ...stores } = compose.services
  const waitedFor = Object.entries(app?.depends_on ?? {}).map(([name, { condition }]) => `${name} ${condition}`)

  expect(waitedFor).toEqual(['postgres service_healthy', 'redis service_healthy'])
  expect(Object.values(stores).filter(({ healthcheck }) => healthcheck === undefined)).toEqual([])
  for (const { services, volumes } of [compose, https]) {
    const named = Object.values(services).flatMap((service) =>
      service.volumes.map((volume) => volume.split(':')[0] ?? ''),
    )
    expect(named.filter((name) => !name.startsWith('.')).toSorted()).toEqual(Object.keys(volumes).toSorted())
  }
})

it('the queues in Redis survive its restart and are never evicted', () => {
  expect(compose.services.redis?.command.join(' ')).toBe('redis-server --appendonly yes --maxmemory-policy noeviction')
})

it('every variable of the example is one that the program knows, and the example holds no secret', () => {
  const lines = read('deploy/danhoi.env.example').split('\n')
  const given = lines.flatMap((line) => /^(?:# )?([A-Z_]+)=(.*)$/.exec(line)?.slice(1, 3) ?? []).map(String)
  const names = given.filter((_, index) => index % 2 === 0)
  const secrets = lines.filter((line) => /(SECRET|TOKEN|KEY|PASSWORD)=\S/.test(line))

  expect(names.filter((name) => !forCompose.includes(name) && !Object.hasOwn(Env.shape, name))).toEqual([])
  expect(names).toEqual(expect.arrayContaining([...forCompose, 'FACEBOOK_APP_SECRET', 'SECRET_KEY']))
  expect(secrets).toEqual([])
})

it('under systemd the program runs as its own user and is alone told to stop, so that it stops its database last', () => {
  const unit = read('deploy/danhoi.service').split('\n')

  expect(unit).toEqual(
    expect.arrayContaining([
      'User=danhoi',
      'StateDirectory=danhoi',
      'Environment=DATA_DIR=/var/lib/danhoi',
      'KillMode=mixed',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'Restart=always',
      'ExecStart=/opt/danhoi/node_modules/.bin/node src/main.ts',
    ]),
  )
})

it('what names accounts and amounts is not passed on from outside', () => {
  expect(read('deploy/Caddyfile')).toContain('@internal path /metrics /health/ready\n\trespond @internal 404\n')
})
