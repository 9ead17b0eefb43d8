/** The rules of the house, as checks: floors, doors, tables, clock, network, permissions, policies, erasure. */
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { rooms } from '../server/src/app.ts'
import { PERMISSIONS } from '../server/src/platform/permissions.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SERVER = join(ROOT, 'server/src')
const WEB = join(ROOT, 'web/src')

/** Rooms by floor, lowest first. `testing` stands beside the house. */
const FLOORS: readonly (readonly string[])[] = [
  ['platform'],
  ['team', 'contacts'],
  ['tracking'],
  ['consent', 'connectors'],
  ['analytics'],
  ['segments'],
  ['content', 'experiments', 'budgets'],
  ['delivery', 'publishing', 'pages'],
  ['campaigns', 'conversations'],
  ['automations', 'reports', 'onboarding'],
  ['notifications'],
]

/** Routes that answer people without an account: each is a decision. */
const PUBLIC_ROUTES = new Set<string>([
  'GET /c/:token',
  'GET /s/:code',
  'GET /s/about',
  'GET /o/:token',
  'GET /v/:token',
  'POST /v1/:call',
  'POST /:call',
  'GET /v1/projects/:writeKey/settings',
  'GET /tracker.js',
  'GET /u/:token',
  'POST /u/:token',
  'GET /preferences/:token',
  'POST /preferences/:token',
  'GET /privacy/archives/:token',
  'GET /hooks/:organization/:provider',
  'POST /hooks/:organization/:provider',
  'POST /hooks/mail',
  'GET /inbox.js',
  'GET /inbox/:key',
  'GET /inbox/:key/stream',
  'POST /inbox/:key/read',
  'GET /r/:token',
  'GET /f/:token',
  'POST /f/:token',
  'GET /f/confirm/:token',
  'POST /f/confirm/:token',
  'GET /api/setup',
  'POST /api/setup',
  'POST /api/auth/sign-in',
  'POST /api/auth/second-factor',
  'POST /api/auth/sign-out',
  'POST /api/auth/forgot-password',
  'POST /api/auth/reset-password',
  'GET /api/invitations/accept/:token',
  'POST /api/invitations/accept/:token',
])

interface Source {
  path: string
  room: string
  text: string
}

const floorOf = (room: string): number => FLOORS.findIndex((floor) => floor.includes(room))
const server = (await sources(SERVER)).filter((source) => source.room !== 'testing')
const web = await sources(WEB)
const product = server.filter((source) => !source.path.endsWith('.test.ts'))
const migrations = await Promise.all(
  (await readdir(join(ROOT, 'server/migrations'))).map(async (name) => ({
    name,
    text: await readFile(join(ROOT, 'server/migrations', name), 'utf8'),
  })),
)
const tableOwner = new Map<string, string>()
for (const { name, text } of migrations) {
  const room = name.replace(/^\d+_/, '').split(/[_.]/)[0] ?? ''
  for (const match of text.matchAll(/^create table (?:if not exists )?([a-z_]+)(?! partition)/gim))
    tableOwner.set(match[1] ?? '', room)
}

describe('floors and doors', () => {
  test('every folder of the server is a room of the plan', () => {
    const unknown = [...new Set(server.map((source) => source.room))].filter(
      (room) => room !== '' && floorOf(room) < 0,
    )
    expect(unknown).toEqual([])
  })

  test('imports go down the floors only, through a room’s door', () => {
    const broken = product.flatMap((source) =>
      importsOf(source).flatMap((target) => serverImportProblem(source, target)),
    )
    expect(broken).toEqual([])
  })

  test('the web imports a room’s schema and nothing else of the server', () => {
    const broken = web.flatMap((source) =>
      [...source.text.matchAll(/from\s+'([^']+)'/g)]
        .map((match) => match[1] ?? '')
        .filter(
          (target) =>
            /@fanfare\/server|\/server\/src/.test(target) &&
            !/^@fanfare\/server\/[a-z]+\/schema$/.test(target),
        )
        .map((target) => `${source.path} imports ${target}`),
    )
    expect(broken).toEqual([])
  })

  test('rooms of the web go down the same floors', () => {
    const broken = web.flatMap((source) =>
      importsOf(source).flatMap((target) => {
        const room = relative(WEB, target).split('/')[0] ?? ''
        const [from, to] = [floorOf(source.room), floorOf(room)]
        if (source.room === 'app' || source.room === room || from < 0) return []
        return room === 'app' || to >= from ? [`${source.path} imports ${relative(ROOT, target)}`] : []
      }),
    )
    expect(broken).toEqual([])
  })

  test('no cycle between folders', () => {
    expect(cycles(product, SERVER)).toEqual([])
    expect(cycles(web, WEB)).toEqual([])
  })
})

describe('tables', () => {
  const written =
    /\b(?:insert\s+into|update|delete\s+from|copy)\s+(?:only\s+)?([a-z_]+)\b|\b(?:insertInto|updateTable|deleteFrom)\('([a-z_]+)/gi
  const read = /\b(?:from|join)\s+([a-z_]+)\b|\bselectFrom\('([a-z_]+)/gi
  const tablesIn = (text: string, pattern: RegExp): string[] =>
    [...text.matchAll(pattern)]
      .map((match) => (match[1] ?? match[2] ?? '').toLowerCase())
      .filter((table) => tableOwner.has(table))

  test('a room writes only its own tables', () => {
    const broken = product.flatMap((source) =>
      [...new Set(tablesIn(source.text, written))]
        .filter((table) => tableOwner.get(table) !== source.room)
        .map((table) => `${source.path} writes ${table}`),
    )
    expect(broken).toEqual([])
  })

  test('a room reads its own tables and those of lower rooms', () => {
    const broken = product.flatMap((source) =>
      [...new Set(tablesIn(source.text, read))]
        .filter(
          (table) =>
            tableOwner.get(table) !== source.room &&
            floorOf(tableOwner.get(table) ?? '') >= floorOf(source.room) &&
            source.room !== '',
        )
        .map((table) => `${source.path} reads ${table}`),
    )
    expect(broken).toEqual([])
  })

  test('every tenant table is protected by the policy', () => {
    const broken = migrations
      .flatMap(({ text }) =>
        tableBodies(text)
          .filter(({ body }) => /^\s*org_id uuid/m.test(body))
          .map(({ table }) => table),
      )
      .filter((table) => !migrations.some(({ text }) => text.includes(`make_tenant_table('${table}')`)))
    expect(broken).toEqual([])
  })

  const naming = migrations.flatMap(({ text }) =>
    tableBodies(text)
      .filter(({ body }) => /^\s*contact_ids? /m.test(body))
      .map(({ table }) => table),
  )

  test('every table that names a contact has an erase step', () => {
    const steps = new Set(rooms.flatMap((room) => Object.keys(room.erase)))
    expect(naming.filter((table) => !steps.has(table) && !FORGOTTEN_WITH_THE_LOG.has(table))).toEqual([])
  })

  test('PC-45 every tenant table forgets a person, or says why there is nobody in it to forget', () => {
    const steps = new Set(rooms.flatMap((room) => Object.keys(room.erase)))
    const tenant = new Set(
      migrations.flatMap(({ text }) =>
        [...text.matchAll(/make_tenant_table\('(\w+)'\)/g)].map(([, table]) => table ?? ''),
      ),
    )
    const reasoned = new Set(Object.values(NOBODY_TO_FORGET).flat())
    expect([...tenant].filter((table) => !steps.has(table) && !reasoned.has(table))).toEqual([])
    expect([...reasoned].filter((table) => steps.has(table) || !tenant.has(table))).toEqual([])
  })

  test('PC-44 every table that names a contact gives its part into a person’s archive', () => {
    const parts = new Set(rooms.flatMap((room) => Object.keys(room.access)))
    const missing = naming.filter((table) => !parts.has(table) && !FORGOTTEN_WITH_THE_LOG.has(table))
    expect(
      missing.map(
        (table) =>
          `${table}: add to the room ${tableOwner.get(table)} in its index.ts, beside \`erase\`: ` +
          `access: { ${table}: rowsOf('${table}', 'What it holds, for the person to read.', 'columns that order it') }, ` +
          `or nothingToGive('why') when it tells nothing that another part does not (both of platform/rights.ts)`,
      ),
    ).toEqual([])
  })

  test('a room erases and gives only from its own tables', () => {
    const broken = rooms.flatMap((room) =>
      [...Object.keys(room.erase), ...Object.keys(room.access)]
        .filter((table) => tableOwner.has(table) && tableOwner.get(table) !== room.name)
        .map((table) => `${room.name} names ${table}`),
    )
    expect(broken).toEqual([])
  })
})

/** Tables without an erase step of their own, by the reason. A new table needs the one or the other. */
const NOBODY_TO_FORGET: Readonly<Record<string, readonly string[]>> = {
  'the platform looks through it by the texts and numbers of the person (platform/forget.ts)': [
    'audit_entry',
    'event',
    'idempotency_key',
    'work',
  ],
  'a step of another table clears it: the contact’s, the visitor’s, or the erasing verb itself': [
    'contact_change',
    'contact_import_problem',
    'suppression_import',
  ],
  'numbers and keyed hashes that name nobody once the contact is gone': [
    'contact_alias',
    'erased_identity',
    'event_receipt',
    'token_source',
    'vendor_event',
  ],
  'words of members: an erasure looks for the person there and says where they stand': [
    'campaign',
    'campaign_revision',
    'contact_import',
    'contact_tag',
    'conversion_rule',
    'custom_field',
    'event_definition',
    'event_property',
    'event_source',
    'experiment',
    'form',
    'form_version',
    'mail_version',
    'message_version',
    'post_link',
    'preference_center',
    'report_share',
    'saved_report',
    'segment',
    'spend',
    'spend_import',
    'template',
    'tracked_link',
  ],
  'wordings that were shown to everybody alike': ['consent_wording'],
  'people who work here, not contacts': [
    'anomaly_watcher',
    'api_key',
    'invitation',
    'membership',
    'report_mailing',
    'sender',
  ],
  'figures over many people': [
    'anomaly',
    'anomaly_look',
    'metric',
    'metric_delta',
    'metric_minute',
    'metric_of_campaign',
    'figure_of_campaign',
    'metric_of_hour',
    'segment_snapshot',
    'warmup',
  ],
  'settings and the course of work': [
    'attribution_setting',
    'budget_alert',
    'budget_limit',
    'campaign_occurrence',
    'campaign_trigger',
    'campaign_trigger_count',
    'dkim_key',
    'event_cursor',
    'frequency_caps',
    'link_domain',
    'post_link_hour',
    'message_price',
    'org_key',
    'org_log',
    'post_price',
    'profile_setting',
    'provider',
    'retention_rule',
    'run',
    'segment_reference',
    'segment_turn',
    'segment_walk',
    'sending_domain',
    'sending_hours',
    'sending_limits',
    'smtp_account',
    'special_price',
    'throttle',
  ],
}

/** Named by number only; the platform's erase verb forgets what an event says of a person. */
const FORGOTTEN_WITH_THE_LOG = new Set(['event'])

describe('purity', () => {
  const rules: readonly [name: string, pattern: RegExp][] = [
    ['the clock', /\bDate\.now\(|\bnew Date\(\)|\bTemporal\.Now\b|\bperformance\.now\(/],
    ['the dice', /\bMath\.random\(|\brandomUUID\(/],
    ['the environment', /\bprocess\.env\b/],
    ['the network', /(?<![.\w])fetch\(|from 'undici'|from 'node:https?'/],
    ['the console', /\bconsole\./],
    ['timers', /(?<![.\w])(setTimeout|setInterval|setImmediate)\(/],
  ]
  /** The process itself: it starts, stops and speaks on the terminal. */
  const PROCESS = new Set([
    'server/src/main.ts',
    'server/src/cli.ts',
    'server/src/api.ts',
    'server/src/worker.ts',
  ])

  test.each(rules)('%s is touched in platform only', (_name, pattern) => {
    const broken = product
      .filter(
        (source) =>
          source.room !== 'platform' &&
          !PROCESS.has(source.path) &&
          pattern.test(withoutComments(source.text)),
      )
      .map((source) => source.path)
    expect(broken).toEqual([])
  })
})

describe('routes', () => {
  const routes = rooms.flatMap((room) => room.routes.map((route) => ({ room: room.name, ...route })))

  test('NFR-004.1 every route names a permission or stands in the list of public routes', () => {
    const broken = routes.filter(({ key, spec }) =>
      spec.permission === 'public'
        ? !PUBLIC_ROUTES.has(key)
        : spec.permission !== 'person' && !(spec.permission in PERMISSIONS),
    )
    expect(broken.map(({ key }) => key)).toEqual([])
  })

  test('no route is answered by two rooms', () => {
    const keys = routes.map(({ key }) => key)
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
  })

  test('NFR-004.6 every route with an id or a body has a schema for it', () => {
    const broken = routes.filter(
      ({ key, spec }) =>
        (key.includes(':') && !spec.params) ||
        (/^(POST|PUT|PATCH)/.test(key) && !spec.body && !spec.multipart && !BODILESS.test(key)),
    )
    expect(broken.map(({ key }) => key)).toEqual([])
  })
})

/** Lifecycle verbs that need no more than the thing they are called on. */
const BODILESS = /\/[a-z-]+$/

async function sources(root: string): Promise<Source[]> {
  const names = (await readdir(root, { recursive: true })).filter((name) => /\.tsx?$/.test(name))
  return Promise.all(
    names.map(async (name) => ({
      path: relative(ROOT, join(root, name)),
      room: name.includes('/') ? (name.split('/')[0] ?? '') : '',
      text: await readFile(join(root, name), 'utf8'),
    })),
  )
}

/** Absolute paths of the relative imports of a file. */
function importsOf(source: Source): string[] {
  return [...source.text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    resolve(dirname(join(ROOT, source.path)), match[1] ?? ''),
  )
}

function serverImportProblem(source: Source, target: string): string[] {
  const inside = relative(SERVER, target)
  const [room = '', ...rest] = inside.split('/')
  if (source.room === '' || room === source.room || inside.startsWith('..')) return []
  const told = `${source.path} imports ${inside}`
  if (room === 'testing') return [told]
  if (floorOf(room) >= floorOf(source.room)) return [`${told}: not a lower floor`]
  if (room === 'platform')
    return rest.length === 1 || rest.at(-1) === 'index.ts' ? [] : [`${told}: not through its door`]
  // Wire shapes build on wire shapes, and the web must be able to follow them.
  if (source.path.endsWith('/schema.ts') && rest.length === 1 && rest[0] === 'schema.ts') return []
  return rest.length === 1 && rest[0] === 'index.ts' ? [] : [`${told}: not through its door`]
}

/** Knots among first-level folders, by imports that the program keeps (types included). */
function cycles(files: readonly Source[], root: string): string[][] {
  const edges = new Map<string, Set<string>>()
  for (const source of files) {
    for (const target of importsOf(source)) {
      const to = relative(root, target).split('/')[0] ?? ''
      if (source.room !== '' && to !== source.room && !to.includes('.'))
        edges.set(source.room, (edges.get(source.room) ?? new Set()).add(to))
    }
  }
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...(edges.get(from) ?? [])].some(
      (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
    )
  return [...edges.keys()].filter((folder) => reaches(folder, folder)).map((folder) => [folder])
}

function tableBodies(text: string): { table: string; body: string }[] {
  return [...text.matchAll(/create table ([a-z_]+) \(([\s\S]*?)\n\)/g)].map((match) => ({
    table: match[1] ?? '',
    body: match[2] ?? '',
  }))
}

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:])\/\/[^\n]*/g, '$1')
