/** A whole audience resolved: slice by slice as delivery does it, and by one statement written by hand. */
import { reachabilitySql } from '../../server/src/consent/index.ts'
import { inTransaction } from '../../server/src/platform/db/index.ts'
import { type Audience, audiencePredicate } from '../../server/src/segments/index.ts'
import { type Figure, time } from '../bench.ts'
import { asOwner, type Installation } from '../platform.ts'
import { best } from './best.ts'
import type { Made } from './data.ts'

/** Contacts per slice of an audience, and per chunk. */
const SLICE = 100_000
const CHUNK = 2_000
const HOLDOUT_PERCENT = 10

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
  const heldOut: Audience = {
    include: {
      match: 'any',
      segmentIds: [],
      rule: { kind: 'random', operator: 'in_share', value: HOLDOUT_PERCENT },
    },
    exclude: { segmentIds: [], rule: null },
  }
  const half: Audience = {
    include: {
      match: 'any',
      segmentIds: [],
      rule: { kind: 'random', operator: 'in_share', value: 50, seed: 'variant' },
    },
    exclude: { segmentIds: [], rule: null },
  }
  const resolve = async (): Promise<number> => {
    const bounds = await ctx.db.query<{ after: string; through: string }>(
      `with cut as (select id, row_number() over (order by id) as n from contact where org_id = $1),
         ends as (select id from cut where n % ${SLICE} = 0 union select max(id) from cut)
       select coalesce(lag(id) over (order by id), 0) as after, id as through from ends order by id`,
      [ctx.orgId],
    )
    let frozen = 0
    for (const { after, through } of bounds) frozen += await slice(after, through)
    return frozen
  }
  const slice = async (after: string, through: string): Promise<number> => {
    const place = { alias: 'c', orgIdParam: '$1', slice: { afterParam: '$2', upToParam: '$3' } }
    const who = await audiencePredicate(ctx, audience, { ...place, firstParam: 5 })
    const held = await audiencePredicate(ctx, heldOut, { ...place, firstParam: 5 + who.values.length })
    const variant = await audiencePredicate(ctx, half, {
      ...place,
      firstParam: 5 + who.values.length + held.values.length,
    })
    const reach = reachabilitySql({
      channel: 'email',
      purpose: 'marketing',
      org: '$1',
      now: '$4::timestamptz',
      slice: { after: '$2', through: '$3' },
    })
    return inTransaction(ctx, async (inner) => {
      await inner.db.query('set local enable_nestloop = off')
      const [row] = await inner.db.query<{ n: number }>(
        `with person as materialized (
           select c.id, (${reach.reason}) as reason, (${held.text}) as is_held, case when ${variant.text} then 1 else 2 end as variant
           from contact c ${reach.joins}
           where c.org_id = $1 and c.id > $2 and c.id <= $3 and (${who.text})
         ), kept as (
           select id, variant, (row_number() over (partition by variant order by id) - 1) / ${CHUNK} as part
           from person where reason is null and not is_held
         ), made as (
           insert into bench_chunk select variant, array_agg(id) from kept group by variant, part returning cardinality(contact_ids) as n
         )
         select coalesce(sum(n), 0)::int as n from made`,
        [inner.orgId, after, through, inner.now(), ...who.values, ...held.values, ...variant.values],
      )
      return row?.n ?? 0
    })
  }
  const byHand = async (): Promise<number> => {
    const since = new Date(
      Temporal.Instant.fromEpochMilliseconds(now.getTime() - 30 * 86_400_000)
        .toZonedDateTimeISO('Europe/Paris')
        .startOfDay().epochMilliseconds,
    )
    const variantOf = await audiencePredicate(ctx, half, { alias: 'c', orgIdParam: '$1', firstParam: 4 })
    const heldOf = await audiencePredicate(ctx, heldOut, { alias: 'c', orgIdParam: '$1', firstParam: 5 })
    const [row] = await ctx.db.query<{ n: number }>(
      `with person as (
         select c.id, case when ${variantOf.text} then 1 else 2 end as variant
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
           and not (c.tags && '{staff}') and not ${heldOf.text}
       ), kept as (
         select id, variant, (row_number() over (partition by variant order by id) - 1) / ${CHUNK} as part from person
       ), made as (
         insert into bench_chunk select variant, array_agg(id) from kept group by variant, part returning cardinality(contact_ids) as n
       )
       select coalesce(sum(n), 0)::int as n from made`,
      [ctx.orgId, since, now, ...variantOf.values, ...heldOf.values],
    )
    return row?.n ?? 0
  }
  await asOwner(installation.connection, async (client) => {
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
