/**
 * `npm run bench -- metrics [--campaigns=1000] [--events=10000000] [--requests=2000]`: how fast the figures of campaigns
 * are answered in an organization of that many campaigns and events, on a durable embedded PostgreSQL; the whole way from
 * request to answer (session aside: by an API key), four requests at a time, beside a raw sum over one campaign's rows.
 * Some figures still wait to be rolled up, as they do while campaigns are sent.
 */
import { createServer } from '../server/src/platform/http/index.ts'
import { rooms } from '../server/src/app.ts'
import type { Ctx } from '../server/src/platform/context.ts'
import { inTransaction } from '../server/src/platform/db/index.ts'
import { newId, newUuid, toWire } from '../server/src/platform/ids.ts'
import { correctCampaigns, correctFigures, correctHours } from '../server/src/analytics/totals/queries.ts'
import { authenticate } from '../server/src/team/index.ts'
import { insertApiKey } from '../server/src/team/queries/api-keys.ts'
import { hashToken, newApiKey } from '../server/src/team/rules/tokens.ts'
import { type Figure, bench, time } from './bench.ts'
import { asOwner, benchOrganization, percentile, withInstallation, type Installation } from './platform.ts'

const AT_ONCE = 4
/** Contacts that the events are about. */
const CONTACTS = 200_000
/** Deltas that are not rolled up yet: those of a busy second. */
const WAITING = 3_000
/** Hours of a campaign in which something was counted. */
const HOURS = 48

export default bench({
  name: 'metrics',
  about:
    'Answers of the API about figures (metrics, report, money, funnel, comparison, list of the best) with 1,000 campaigns and 10 million events in the organization; the target is a p99 of 100 ms for metrics. Raw: one sum over the rows of a campaign by a bare connection.',
  run: ({ say, option }) =>
    withInstallation(async (installation): Promise<Figure[]> => {
      const { platform, connection } = installation
      const [campaigns, events] = [option('campaigns', 1_000), option('events', 10_000_000)]
      const requests = option('requests', 2_000)
      const ctx = await benchOrganization(platform)
      const from = performance.now()
      const ids = await seed(installation, ctx, campaigns, events)
      await correctHours(ctx)
      await correctCampaigns(ctx)
      await correctFigures(ctx)
      say(
        `${campaigns} campaigns and ${events} events in ${((performance.now() - from) / 1_000).toFixed(0)} s`,
      )
      const server = await createServer({
        platform: withoutLimits(platform),
        rooms,
        authenticate: authenticate(platform),
        webRoot: null,
        plugins: [],
      })
      await server.ready()
      try {
        const headers = { authorization: `Bearer ${await keyOf(ctx)}` }
        const wire = ids.map((id) => toWire('campaign', id))
        const one = (n: number): string => wire[(n * 7_919) % wire.length] ?? ''
        const ask = async (path: string): Promise<void> => {
          const answer = await server.inject({ url: path, headers })
          if (answer.statusCode !== 200)
            throw new Error(`${path} answered ${answer.statusCode}: ${answer.body}`)
        }
        const measure = async (
          name: string,
          times: number,
          path: (n: number) => string,
        ): Promise<Figure[]> => {
          for (let n = 0; n < 20; n++) await ask(path(n + times))
          const taken = await inLanes(times, (n) => ask(path(n)))
          const [p50, p99] = [percentile(taken, 50), percentile(taken, 99)]
          say(`${name}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)
          return [time(`${name}_p50`, p50, 'ms', null), time(`${name}_p99`, p99, 'ms', raw)]
        }
        const raw = await rawSum(connection, ctx.orgId, ids)
        say(`raw sum over a campaign: p99 ${raw.toFixed(1)} ms`)
        const few = Math.max(20, Math.round(requests / 20))
        return [
          ...(await measure('metrics', requests, (n) => `/api/campaigns/${one(n)}/metrics`)),
          ...(await measure('report', Math.round(requests / 4), (n) => `/api/campaigns/${one(n)}/report`)),
          ...(await measure('roi', Math.round(requests / 4), (n) => `/api/campaigns/${one(n)}/roi`)),
          ...(await measure('funnel', Math.round(requests / 4), (n) => `/api/campaigns/${one(n)}/funnel`)),
          ...(await measure('funnel_by_channel', few, (n) => `/api/campaigns/${one(n)}/funnel?by=channel`)),
          ...(await measure('funnel_by_run', few, (n) => `/api/campaigns/${one(n)}/funnel?by=run`)),
          ...(await measure('compare', few, (n) => `/api/campaigns/compare?ids=${one(n)},${one(n + 1)}`)),
          ...(await measure('usual', few, (n) => `/api/campaigns/${one(n)}/usual`)),
          ...(await measure('overview', few, () => '/api/analytics/overview')),
          ...(await measure('insights', few, () => '/api/campaigns/insights')),
          ...(await measure('best', few, () => '/api/campaigns/top-performing?by=clickRate')),
          ...(await measure('best_by_return', few, () => '/api/campaigns/top-performing?by=roi')),
        ]
      } finally {
        await server.close()
      }
    }),
})

/** One caller asks as fast as it is answered: its limit would be what is measured. */
const withoutLimits = (platform: Installation['platform']): Installation['platform'] => ({
  ...platform,
  config: { ...platform.config, rateLimitPerMinute: Number.MAX_SAFE_INTEGER },
})

async function keyOf(ctx: Ctx): Promise<string> {
  const { key, prefix } = newApiKey(ctx.orgId)
  await inTransaction(ctx, (ctx) =>
    insertApiKey(ctx, {
      id: newId<'api_key'>(ctx.now()),
      name: 'bench',
      prefix,
      keyHash: hashToken(key),
      scopes: ['*'],
      expiresAt: null,
    }),
  )
  return key
}

/** So many at a time; the milliseconds that each took. */
async function inLanes(times: number, ask: (n: number) => Promise<void>): Promise<number[]> {
  const taken: number[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let n = next++; n < times; n = next++) {
      const from = performance.now()
      await ask(n)
      taken.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return taken
}

/** Everything in a few statements; the log's indexes are made after its rows. */
function seed(
  { connection }: Installation,
  { orgId }: Ctx,
  campaigns: number,
  events: number,
): Promise<string[]> {
  return asOwner(connection, async (client) => {
    const now = Date.now()
    const ids = Array.from({ length: campaigns }, (_none, n) => newUuid(new Date(now - n * 8 * 3_600_000)))
    await client.query(
      `insert into campaign (org_id, id, name, type, delivery, status, channels, audience, content, launched_at, completed_at, status_at, status_by, created_by, created_at, updated_at)
       select $1, c.id, 'Campaign ' || n, (array['promotion', 'ppv', 'retention'])[1 + n % 3], 'scheduled', 'completed',
         case n % 4 when 0 then array['email', 'sms'] else array['email'] end, '{}', '{}', at, at + interval '2 hours', at, 'system:bench', 'system:bench', at, at
       from (select id, n, now() - n * interval '8 hours' as at from unnest($2::uuid[]) with ordinality as u (id, n)) c`,
      [orgId, ids],
    )
    await client.query(
      `insert into metric (org_id, campaign_id, run_id, channel, variant, hour, name, n, updated_at)
       select $1, u.id, u.id, channel, variant, date_trunc('hour', now() - u.n * interval '8 hours' + h * interval '1 hour'),
         name, (case name when 'sent' then 50 else 1 end) * (1 + (u.n * 31 + h * 7 + variant) % 900), now()
       from unnest($2::uuid[]) with ordinality as u (id, n)
       cross join generate_series(0, $3::int - 1) as h
       cross join lateral unnest(case u.n % 4 when 0 then array['email', 'sms'] else array['email'] end) as channel
       cross join generate_series(1, 2) as variant
       cross join unnest(array['opened', 'opened.total', 'clicked', 'clicked.total', 'machine_clicked', 'link.1', 'link.1.total',
         'link.2', 'link.2.total', 'converted', 'conversions.last', 'revenue.last', 'revenue.first', 'revenue.linear']
         || case when h < 3 then array['sent', 'bounced.hard', 'skipped.withdrawn', 'audience', 'measured', 'delivered'] else '{}' end) as name`,
      [orgId, ids, HOURS],
    )
    await client.query(
      `insert into metric_delta (org_id, campaign_id, run_id, channel, variant, hour, minute, name, n)
       select $1, ($2::uuid[])[1 + n % 5], ($2::uuid[])[1 + n % 5], 'email', 1, date_trunc('hour', now()), date_trunc('minute', now()),
         (array['sent', 'opened', 'clicked', 'link.1'])[1 + n % 4], 1
       from generate_series(1, $3::int) n`,
      [orgId, ids, WAITING],
    )
    const { rows: indexes } = await client.query<{ name: string; text: string }>(
      `select indexname as name, replace(indexdef, ' ON ONLY ', ' ON ') as text from pg_indexes
       where schemaname = 'public' and tablename = 'event' and indexname not like '%pkey'`,
    )
    for (const { name } of indexes) await client.query(`drop index ${name}`)
    await client.query(
      `insert into event (org_id, seq, recorded_at, at, type, contact_id, campaign_id, run_id, channel, payload)
       select $1, n, now(), now() - (n % 7776000) * interval '1 second',
         (array['message.opened', 'message.clicked', 'page', 'track:Order Completed'])[1 + n % 4], 1 + n % $4,
         ($2::uuid[])[1 + n % $5], ($2::uuid[])[1 + n % $5], 'email', '{"machine": false, "variant": 1, "linkNo": 1}'
       from generate_series(1, $3::int) n`,
      [orgId, ids, events, CONTACTS, campaigns],
    )
    for (const { text } of indexes) await client.query(text)
    await client.query(`insert into org_log (org_id, pos) values ($1, $2) on conflict do nothing`, [
      orgId,
      events,
    ])
    await client.query('analyze')
    return ids
  })
}

/** The 99th of a hundred sums over one campaign's rows each. */
function rawSum(
  connection: Installation['connection'],
  orgId: string,
  ids: readonly string[],
): Promise<number> {
  return asOwner(connection, async (client) => {
    const taken: number[] = []
    for (let n = 0; n < 100; n++) {
      const from = performance.now()
      await client.query(
        'select name, sum(n) from metric where org_id = $1 and campaign_id = $2 group by name',
        [orgId, ids[(n * 7_919) % ids.length]],
      )
      taken.push(performance.now() - from)
    }
    return percentile(taken, 99)
  })
}
