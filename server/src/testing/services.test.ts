/** The page that says what does here what the design document names: each of its routes is called, each of its verbs looked for. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { rooms } from '../app.ts'
import type { RegisteredRoute } from '../platform/room.ts'
import { harness } from './harness.ts'
import { apiCaller, type ApiAnswer, type ApiCaller, type TestOrganization } from './organization.ts'
import { exampleOf, parameterKinds } from './route-examples.ts'
import { makeSamples, type Samples } from './samples.ts'

const h = await harness({ env: { FANFARE_RATE_LIMIT_PER_MINUTE: '1000000' } })
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(`${ROOT}docs/api/services.md`, 'utf8')
const byKey = new Map<string, RegisteredRoute>(
  rooms.flatMap((room) => room.routes).map((route) => [route.key, route]),
)
const named = [
  ...new Set([...page.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`\s]*)`/g)].map(([, key = '']) => key)),
]
const guarded = named.flatMap((key) => {
  const route = byKey.get(key)
  return route && route.spec.permission !== 'public' ? [[key, route] as const] : []
})

/** Called by readers, programs of others and providers: a key, a signed token or a signature stands for who they are. */
const PUBLIC = /^(GET|POST) \/(v1|c|o|u|hooks|inbox)[/.]/
/** What a new campaign or a test without people answers to a step that it is not ready for. */
const NOT_YET: Readonly<Record<string, { status: number; code: string }>> = {
  'POST /api/campaigns/:id/schedule': { status: 422, code: 'campaigns.not_ready' },
  'POST /api/campaigns/:id/launch': { status: 422, code: 'campaigns.not_ready' },
  'POST /api/campaigns/:id/pause': { status: 409, code: 'campaigns.state_forbids' },
  'POST /api/campaigns/:id/resume': { status: 409, code: 'campaigns.state_forbids' },
  'POST /api/campaigns/:id/restore': { status: 409, code: 'campaigns.state_forbids' },
  'POST /api/campaigns/ab-test/:testId/apply-winner': { status: 409, code: 'experiments.not_begun' },
  'POST /api/campaigns/insights/apply': { status: 409, code: 'reports.advice_gone' },
}
/** Bodies that a schema alone does not describe. */
const BODIES: Readonly<Record<string, (ids: Samples) => unknown>> = {
  'POST /api/contacts/:id/consents': () => ({
    channel: 'email',
    state: 'withdrawn',
    occurredAt: '2026-11-01T09:00:00Z',
    source: 'paper',
  }),
  'POST /api/campaigns/:id/schedule': () => PLAN,
  'POST /api/campaigns/schedule-preview': () => PLAN,
  'POST /api/campaigns/:id/links': () => ({
    destination: 'https://shop.example/',
    platform: 'instagram',
    name: 'Story',
  }),
  'POST /api/segments': () => ({ name: 'Everybody', kind: 'dynamic', rule: EVERYBODY }),
  'POST /api/segments/preview': () => ({ rule: EVERYBODY }),
  'POST /api/segments/evaluate': ({ contact }) => ({ rule: EVERYBODY, contactId: contact }),
  'POST /api/events': () => ({ event: 'Order Completed', userId: 'somebody', properties: { total: 12 } }),
  'PUT /api/privacy/retention': () => RETENTION,
  'POST /api/privacy/retention/preview': () => RETENTION,
  'POST /api/providers': () => ({
    kind: 'webhook',
    name: 'Own',
    secrets: { signingSecret: 'whsec_c2FtcGxlIHNlY3JldA==' },
  }),
  'POST /api/providers/:id/test': () => ({ to: 'https://shop.invalid/hook' }),
}
const PLAN = { at: '2027-01-15T09:00', timeZone: 'Europe/Paris' }
const EVERYBODY = { all: [] }
const RETENTION = { subject: 'events', keepDays: 400 }

let org: TestOrganization
let samples: Samples
beforeAll(async () => {
  org = await h.organization()
  samples = await makeSamples(org, 'sample')
})

/** Names of the design document, service by service. */
const NAMES = {
  CampaignService:
    'createCampaign getCampaign updateCampaign deleteCampaign listCampaigns getTemplates createFromTemplate saveAsTemplate scheduleCampaign launchCampaign pauseCampaign resumeCampaign completeCampaign createABTest trackVariantPerformance determineWinner applyWinner duplicateCampaign publishToPlatforms',
  AutomationService:
    'createWorkflow getWorkflow updateWorkflow deleteWorkflow listWorkflows activateWorkflow deactivateWorkflow registerTrigger evaluateTrigger executeWorkflow executeAction getExecutionHistory getExecutionStats',
  SegmentationService:
    'createSegment getSegment updateSegment deleteSegment listSegments calculateSegmentSize getSegmentMembers refreshSegment evaluateCriteria addUserToSegment removeUserFromSegment getSegmentPerformance compareSegments',
  CampaignAnalyticsService:
    'trackImpression trackClick trackConversion getCampaignMetrics getCampaignROI getConversionFunnel compareCampaigns comparePlatforms generateReport getPerformanceTrends getTopPerformingCampaigns identifyPatterns getRecommendations',
}

describe('the page of names', () => {
  test.each(Object.entries(NAMES))('every name of %s stands under it', (service, names) => {
    const section = page.split(/^## /m).find((each) => each.startsWith(service)) ?? ''
    expect(names.split(' ').filter((name) => !new RegExp(String.raw`\b${name}\b`).test(section))).toEqual([])
  })

  test('every verb that it names is exported by a room', () => {
    const sources = globSync('server/src/**/*.ts', { cwd: ROOT, exclude: ['**/*.test.ts'] })
      .map((file) => readFileSync(ROOT + file, 'utf8'))
      .join('\n')
    const rows = [...page.matchAll(/^\| [^|]+ \|([^|]+)\|/gm)].map(([, verbs = '']) => verbs)
    const verbs = rows.flatMap((row) => [...row.matchAll(/`([a-z][A-Za-z]+)`/g)].map(([, verb = '']) => verb))
    expect(verbs.length).toBeGreaterThan(40)
    const isExported = (verb: string): boolean =>
      new RegExp(String.raw`^export (?:async )?(?:function|const) ${verb}\b`, 'm').test(sources)
    expect(verbs.filter((verb) => !isExported(verb))).toEqual([])
  })

  test('every route that it names is there, and asks for a permission unless readers and programs call it', () => {
    expect(named.length).toBeGreaterThan(70)
    const missing = named.filter((key) => !byKey.has(key))
    expect(missing.filter((key) => !PUBLIC.test(key))).toEqual([])
    const open = named.filter((key) => byKey.get(key)?.spec.permission === 'public')
    expect(open.filter((key) => !PUBLIC.test(key))).toEqual([])
  })
})

describe('what it names', () => {
  test.each(guarded)('%s answers who may ask, and nobody else', async (key, route) => {
    const isDestructive = key.startsWith('DELETE ') || key.endsWith('/erase')
    const own = isDestructive ? await h.organization() : org
    const ids = isDestructive ? await makeSamples(own, `sample${key.length}`) : samples
    const path = pathOf(route, ids)
    const { body: schema } = route.spec
    const body = schema && (BODIES[key]?.(ids) ?? exampleOf(schema, ids))
    const nobody = await call(key, apiCaller(h.server, {}), path, body)
    expect([nobody.status, nobody.body.code]).toEqual([401, 'request.not_signed_in'])
    const answer = await call(key, own.key, path, body)
    const status = route.spec.ok === undefined ? 204 : (route.spec.status ?? 200)
    expect({ status: answer.status, code: answer.body.code }).toEqual(NOT_YET[key] ?? { status })
  })
})

function pathOf({ key, spec }: RegisteredRoute, ids: Samples): string {
  const kinds = spec.params ? parameterKinds(spec.params) : {}
  const path = key.slice(key.indexOf(' ') + 1).replaceAll(/:([a-zA-Z]+)/g, (_, name: string) => {
    const kind = kinds[name]
    return kind ? (ids[kind] ?? '') : encodeURIComponent('track:Order Completed')
  })
  const query = spec.query ? (exampleOf(spec.query, ids) as Record<string, string>) : {} // queries are flat texts
  const search = new URLSearchParams(query).toString()
  return search === '' ? path : `${path}?${search}`
}

function call(key: string, caller: ApiCaller, path: string, body: unknown): Promise<ApiAnswer> {
  switch (key.split(' ')[0]) {
    case 'POST':
      return caller.post(path, body)
    case 'PUT':
      return caller.put(path, body)
    case 'DELETE':
      return caller.delete(path)
    default:
      return caller.get(path)
  }
}
