/** A whole audience resolved: slice by slice as delivery does it, and by one statement written by hand. */
import { resolveSlice } from '../../server/src/delivery/resolve/queries.ts'
import type { Run } from '../../server/src/delivery/runs/run.ts'
import { NO_TIMING } from '../../server/src/delivery/timing/run-timing.ts'
import { HOLDOUT, type Split, withVariantSql } from '../../server/src/experiments/index.ts'
import { inTransaction } from '../../server/src/platform/db/index.ts'
import { newId } from '../../server/src/platform/ids.ts'
import type { Audience } from '../../server/src/segments/index.ts'
import { type Figure, time } from '../bench.ts'
import { asOwner, type Installation } from '../platform.ts'
import { best } from './best.ts'
import type { Made } from './data.ts'

/** Contacts per slice of an audience, and per chunk, as delivery takes them. */
const SLICE = 100_000
const CHUNK = 2_000
/** A tenth is held out, the others are halved. */
const SPLIT: Split = {
  salts: [2_654_435_769, 1_013_904_223, 374_761_393, 3_266_489_917],
  holdoutPoints: 1_000,
  notesHoldout: true,
  ranges: [
    { from: 0, to: 5_000, variant: 1 },
    { from: 5_000, to: 10_000, variant: 2 },
  ],
  silentVariants: [],
}

/** Five criteria, an exclusion, consent, a holdout and two variants, slice by slice into chunks; beside one statement. */
export async function audienceOf(
  installation: Installation,
  { ctx, now }: Pick<Made, 'ctx' | 'now'>,
  name: string,
  say: (line: string) => void,
): Promise<Figure> {
  const audience: Audience = {
    include: {
      match: 'any',
      segmentIds: [],
      rule: {
        any: [
          { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR', 'BE', 'DE'] },
          { kind: 'contact', field: 'custom.score', operator: 'more_than', value: 700 },
          {
            kind: 'event',
            event: 'track:Order Completed',
            operator: 'did',
            window: { last: { count: 30, unit: 'days' } },
          },
          { kind: 'profile', figure: 'revenue', operator: 'at_least', value: 300 },
          { kind: 'engagement', measure: 'opened', operator: 'at_least', value: 3, channel: 'email' },
        ],
      },
    },
    exclude: {
      segmentIds: [],
      rule: { kind: 'contact', field: 'tags', operator: 'has_any', value: ['staff'] },
    },
  }
  const resolve = async (): Promise<number> => {
    const bounds = await ctx.db.query<{ after: string; through: string }>(
      `with cut as (select id, row_number() over (order by id) as n from contact where org_id = $1),
         ends as (select id from cut where n % ${SLICE} = 0 union select max(id) from cut)
       select coalesce(lag(id) over (order by id), 0) as after, id as through from ends order by id`,
      [ctx.orgId],
    )
    const run = runOver(audience, now)
    await ctx.db.query('delete from chunk where org_id = $1', [ctx.orgId])
    let frozen = 0
    for (const slice of bounds) {
      const { chunks } = await inTransaction(ctx, (inner) =>
        resolveSlice(inner, run, { ...slice, chunkSize: CHUNK }),
      )
      run.chunksMade += chunks.length
      frozen += chunks.reduce((sum, { size }) => sum + size, 0)
    }
    return frozen
  }
  const byHand = async (): Promise<number> => {
    const since = new Date(
      Temporal.Instant.fromEpochMilliseconds(now.getTime() - 30 * 86_400_000)
        .toZonedDateTimeISO('Europe/Paris')
        .startOfDay().epochMilliseconds,
    )
    const people = `
         select c.id
         from contact c
         left join preference own on own.org_id = $1 and own.contact_id = c.id and own.channel = 'email' and own.purpose = 'marketing'
         left join preference everywhere on everywhere.org_id = $1 and everywhere.contact_id = c.id and everywhere.channel = 'all' and everywhere.purpose = 'marketing'
         where c.org_id = $1 and c.email is not null and own.state = 'granted' and (own.expires_at is null or own.expires_at > $3)
           and coalesce(everywhere.state, '') not in ('withdrawn', 'denied')
           and not exists (select 1 from suppression s where s.org_id = $1 and s.channel = 'email' and s.address_hash = c.email_hash and (s.expires_at is null or s.expires_at > $3))
           and (c.country in ('FR', 'BE', 'DE') or (c.attributes ->> 'score')::numeric > 700
             or c.id in (select contact_id from event where org_id = $1 and type = 'track:Order Completed' and at >= $2)
             or c.id in (select contact_id from contact_profile where org_id = $1 and revenue_minor >= 30000)
             or c.id in (select contact_id from contact_engagement where org_id = $1 and channel = 'email' and opened >= 3))
           and not (c.tags && '{staff}')`
    const [row] = await ctx.db.query<{ n: number }>(
      `with person as (${withVariantSql(people, SPLIT, '$1')}
       ), kept as (
         select id, variant, (row_number() over (partition by variant order by id) - 1) / ${CHUNK} as part from person where variant <> ${HOLDOUT}
       ), made as (
         insert into bench_chunk select variant, array_agg(id) from kept group by variant, part returning cardinality(contact_ids) as n
       )
       select coalesce(sum(n), 0)::int as n from made`,
      [ctx.orgId, since, now],
    )
    return row?.n ?? 0
  }
  await asOwner(installation.connection, async (client) => {
    await client.query('drop table if exists bench_chunk')
    await client.query('create table bench_chunk (variant int, contact_ids bigint[])')
    await client.query('grant all on bench_chunk to public')
  })
  const ours = await best(installation, resolve)
  const raw = await best(installation, byHand)
  await asOwner(installation.connection, (client) => client.query('drop table bench_chunk'))
  if (ours.count !== raw.count)
    throw new Error(`${name}: ${ours.count} people resolved, the statement finds ${raw.count}`)
  say(`${name}: ${ours.count} people frozen in ${ours.text}; by one raw statement in ${raw.text}`)
  return time(name, ours.ms, 'ms', raw.ms)
}

/** A campaign's run over e-mail that compares two contents; only what resolving asks of it matters. */
function runOver(audience: Audience, now: Date): Run {
  const versionId = newId<'mail_version'>(now)
  return {
    id: newId<'run'>(now),
    campaignId: newId<'campaign'>(now),
    runNo: 1,
    month: now.toISOString().slice(0, 8) + '01',
    contents: SPLIT.ranges.map(({ variant }) => ({ channel: 'email', variant, versionId })),
    reach: 'all',
    purpose: 'marketing',
    topic: null,
    split: SPLIT,
    state: 'resolving',
    audience,
    resolvedThrough: '0',
    resolveUntil: null,
    resolvedAt: null,
    slicesMade: 2,
    chunksMade: 0,
    audienceSize: 0,
    tallies: {},
    plannedAt: now,
    startedAt: now,
    firstHandoverAt: null,
    completedAt: null,
    stoppedAt: null,
    stoppedBy: null,
    troubles: {},
    failure: null,
    tripped: null,
    outOfBudget: null,
    timing: NO_TIMING,
    isFed: false,
  }
}
