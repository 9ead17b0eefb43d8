/** Statements over conversions, what leads to them and what is credited. */
import type { Ctx } from '../../platform/context.ts'
import type { LogEvent } from '../../platform/events/index.ts'
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import type { Conversion, ConversionRule, MessageTouch, MetKind, TouchCredit } from './rules.ts'

/** Touches of one person that are looked at for one conversion; the latest. */
const TOUCHES_MAX = 1_000

/** What a reading of the log needs of an event. */
export type ReadEvent = Pick<
  LogEvent,
  'seq' | 'recordedAt' | 'at' | 'type' | 'contactId' | 'campaignId' | 'runId' | 'channel' | 'payload'
>

/** The rules of every campaign that has one of its own. */
export async function selectRules(ctx: Ctx): Promise<Map<CampaignId, ConversionRule>> {
  const rows = await ctx.db.named<ConversionRule & { campaignId: CampaignId }>(
    'analytics_conversion_rules',
    'select campaign_id, window_days, touches, matches from conversion_rule where org_id = $1',
    [ctx.orgId],
  )
  return new Map(rows.map(({ campaignId, ...rule }) => [campaignId, rule]))
}

/** Types from outside that count in the organization: by their role, or by name for some campaign. */
export async function selectCountingTypes(ctx: Ctx): Promise<string[]> {
  const rows = await ctx.db.named<{ type: string }>(
    'analytics_counting_types',
    `
    select type from event_definition where org_id = $1 and role is not null
    union
    select m.match ->> 'type'
    from conversion_rule r
    cross join lateral jsonb_array_elements(r.matches) as m (match)
    where r.org_id = $1 and m.match ->> 'kind' = 'event'`,
    [ctx.orgId],
  )
  return rows.map(({ type }) => type)
}

/** Puts a campaign's rule in place. @returns whether it is another than before */
export async function upsertRule(ctx: Ctx, campaignId: CampaignId, rule: ConversionRule): Promise<boolean> {
  const rows = await ctx.db.named(
    'analytics_conversion_rule_upsert',
    `
    insert into conversion_rule as r (org_id, campaign_id, window_days, touches, matches, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $6)
    on conflict (org_id, campaign_id) do update set
      window_days = excluded.window_days, touches = excluded.touches, matches = excluded.matches, updated_at = excluded.updated_at
    where (r.window_days, r.touches, r.matches) is distinct from (excluded.window_days, excluded.touches, excluded.matches)
    returning r.campaign_id`,
    [ctx.orgId, campaignId, rule.windowDays, rule.touches, JSON.stringify(rule.matches), ctx.now()],
  )
  return rows.length > 0
}

/** An event that becomes a conversion. */
export interface NewConversion {
  seq: string
  recordedAt: Date
  contactId: ContactId
  at: Date
  type: string
  role: string | null
  orderId: string | null
  valueMinor: number | null
  currency: string | null
}

/** Adds conversions; those that are there stay, whatever is read again. */
export const insertConversions = (ctx: Ctx, rows: readonly NewConversion[]): Promise<unknown> =>
  ctx.db.named(
    'analytics_conversions_insert',
    `
    insert into conversion (org_id, seq, recorded_at, contact_id, at, type, role, order_id, value_minor, currency, created_at, updated_at)
    select $1, c.seq, c.recorded_at, c.contact_id, c.at, c.type, c.role, c.order_id, c.value_minor, c.currency, $2, $2
    from unnest($3::bigint[], $4::timestamptz[], $5::bigint[], $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::bigint[],
      $11::text[]) as c (seq, recorded_at, contact_id, at, type, role, order_id, value_minor, currency)
    on conflict (org_id, seq) do nothing`,
    [
      ctx.orgId,
      ctx.now(),
      rows.map((row) => row.seq),
      rows.map((row) => row.recordedAt),
      rows.map((row) => row.contactId),
      rows.map((row) => row.at),
      rows.map((row) => row.type),
      rows.map((row) => row.role),
      rows.map((row) => row.orderId),
      rows.map((row) => row.valueMinor),
      rows.map((row) => row.currency),
    ],
  )

/**
 * Sets what was refunded of some orders to what the log says by now, never more than they were worth: the order in
 * which orders and refunds arrive does not matter. @returns the conversions that changed
 */
export async function refundOrders(
  ctx: Ctx,
  contactIds: readonly ContactId[],
  refundTypes: readonly string[],
): Promise<string[]> {
  const rows = await ctx.db.named<{ seq: string }>(
    'analytics_conversions_refund',
    `
    with refund as (
      select e.contact_id, e.payload ->> 'orderId' as order_id, e.payload -> 'money' ->> 'currency' as currency,
        sum((e.payload -> 'money' ->> 'amountMinor')::bigint)::bigint as amount_minor, bool_or(e.payload -> 'money' is null) as is_whole
      from event e
      where e.org_id = $1 and e.contact_id = any($2::bigint[]) and e.type = any($3::text[]) and e.payload ->> 'orderId' is not null
      group by 1, 2, 3
    )
    update conversion c set
      refunded_minor = case when r.is_whole then c.value_minor else least(c.value_minor, r.amount_minor) end, updated_at = $4
    from refund r
    where c.org_id = $1 and c.contact_id = r.contact_id and c.order_id = r.order_id and c.value_minor is not null
      and (r.is_whole or c.currency = r.currency)
      and c.refunded_minor <> case when r.is_whole then c.value_minor else least(c.value_minor, r.amount_minor) end
    returning c.seq`,
    [ctx.orgId, contactIds, refundTypes, ctx.now()],
  )
  return rows.map(({ seq }) => seq)
}

/** What was one number's is another's from now on. */
export async function moveConversions(ctx: Ctx, fromId: ContactId, toId: ContactId): Promise<void> {
  for (const table of ['conversion', 'conversion_credit'] as const)
    await ctx.db.named(
      `analytics_${table}_move`,
      `update ${table} set contact_id = $3 where org_id = $1 and contact_id = $2`,
      [ctx.orgId, fromId, toId],
    )
}

/** Conversions of some people, each from an instant on: what a touch at that instant may have led to. */
export async function selectSeqsSince(
  ctx: Ctx,
  people: readonly { contactId: ContactId; since: Date }[],
): Promise<string[]> {
  const rows = await ctx.db.named<{ seq: string }>(
    'analytics_conversions_since',
    `
    select c.seq from unnest($2::bigint[], $3::timestamptz[]) as p (contact_id, since)
    join conversion c on c.org_id = $1 and c.contact_id = p.contact_id and c.at >= p.since`,
    [ctx.orgId, people.map(({ contactId }) => contactId), people.map(({ since }) => since)],
  )
  return rows.map(({ seq }) => seq)
}

/** Conversions by their events, with what these said; locked, so that two readers of the log do not credit one twice. */
export const lockConversions = async (ctx: Ctx, seqs: readonly string[]): Promise<Conversion[]> => {
  const rows = await ctx.db.named<
    Omit<Conversion, 'message'> & {
      campaignId: CampaignId | null
      runId: RunId | null
      channel: string | null
    }
  >(
    'analytics_conversions_lock',
    `
    select c.seq, c.contact_id, c.at, c.type, c.role, c.value_minor::float8 as value_minor, c.currency,
      c.refunded_minor::float8 as refunded_minor, coalesce(e.payload -> 'properties', '{}') as properties,
      case when c.type like 'message.%' then e.campaign_id end as campaign_id, e.run_id, e.channel
    from conversion c
    left join event e on e.org_id = c.org_id and e.seq = c.seq and e.recorded_at = c.recorded_at
    where c.org_id = $1 and c.seq = any($2::bigint[])
    order by c.seq
    for update of c`,
    [ctx.orgId, seqs],
  )
  return rows.map(({ campaignId, runId, channel, ...conversion }) => ({
    ...conversion,
    message:
      campaignId === null || runId === null || channel === null ? null : { campaignId, runId, channel },
  }))
}

/** A person and a span of time. */
export interface Span {
  contactId: ContactId
  since: Date
  until: Date
}

/** Clicks, opens or replies by people, in the order of the spans that they answer; a click taken back since is none. */
export function selectHits(
  ctx: Ctx,
  kind: 'clicked' | 'opened' | 'replied',
  spans: readonly Span[],
): Promise<(MessageTouch & { span: number })[]> {
  return ctx.db.named(
    `analytics_touches_${kind}`,
    `
    select s.n::int - 1 as span, '${kind}' as kind, t.at, t.campaign_id, t.run_id, t.channel, t.variant, t.seq as event_seq, t.link_no
    from unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[]) with ordinality as s (contact_id, since, until, n)
    cross join lateral (
      select e.at, e.campaign_id, e.run_id, e.channel, (e.payload ->> 'variant')::int as variant, e.seq, (e.payload ->> 'linkNo')::int as link_no
      from event e
      where e.org_id = $1 and e.contact_id = s.contact_id and e.type = 'message.${kind}' and e.at >= s.since and e.at <= s.until
        and e.campaign_id is not null and e.run_id is not null and e.channel is not null and (e.payload ->> 'machine') is distinct from 'true'
        and not exists (
          select from event r
          where r.org_id = $1 and r.contact_id = s.contact_id and r.type = 'message.clicks_reclassified' and r.at >= s.since
            and r.run_id = e.run_id and jsonb_path_exists(r.payload, '$.clicks[*] ? (@.seq == $seq)', jsonb_build_object('seq', e.seq::text))
        )
      order by e.at desc
      limit ${TOUCHES_MAX}
    ) t`,
    [ctx.orgId, ...columnsOf(spans)],
  )
}

/** Comings from posts, by the marks of their links: one touch a campaign and platform, the latest. */
export const selectVisits = (
  ctx: Ctx,
  spans: readonly Span[],
): Promise<(MessageTouch & { span: number })[]> =>
  ctx.db.named(
    'analytics_touches_visited',
    `
    select s.n::int - 1 as span, 'visited' as kind, t.at, t.campaign_id, t.campaign_id as run_id, t.channel, 0 as variant, null as link_no
    from unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[]) with ordinality as s (contact_id, since, until, n)
    cross join lateral (
      select e.at, e.campaign_id, e.channel
      from event e
      where e.org_id = $1 and e.contact_id = s.contact_id and e.at >= s.since and e.at <= s.until
        and (e.type = 'page' or e.type like 'track:%')
        and e.campaign_id is not null and e.run_id is null and e.channel is not null
        -- Most organizations have no links of posts, and then nothing of this is read.
        and exists (select from post_link l where l.org_id = $1)
      order by e.at desc
      limit ${TOUCHES_MAX}
    ) t`,
    [ctx.orgId, ...columnsOf(spans)],
  )

/** Messages that reached people. */
export function selectDeliveries(
  ctx: Ctx,
  spans: readonly Span[],
): Promise<(MessageTouch & { span: number })[]> {
  return ctx.db.named(
    'analytics_touches_delivered',
    `
    select s.n::int - 1 as span, 'delivered' as kind, t.handed_over_at as at, t.campaign_id, t.run_id, t.channel, t.variant, null as link_no
    from unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[]) with ordinality as s (contact_id, since, until, n)
    cross join lateral (
      select m.handed_over_at, m.campaign_id, m.run_id, m.channel, m.variant::int as variant
      from message m
      where m.org_id = $1 and m.contact_id = s.contact_id and m.state in ('sent', 'delivered')
        and m.handed_over_at >= s.since and m.handed_over_at <= s.until
      order by m.handed_over_at desc
      limit ${TOUCHES_MAX}
    ) t`,
    [ctx.orgId, ...columnsOf(spans)],
  )
}

const columnsOf = (spans: readonly Span[]): [ContactId[], Date[], Date[]] => [
  spans.map((span) => span.contactId),
  spans.map((span) => span.since),
  spans.map((span) => span.until),
]

/** A credit as it is stored. */
export type StoredCredit = Omit<TouchCredit, 'kind' | 'at'> & {
  seq: string
  contactId: ContactId | null
  touch: MetKind
  touchedAt: Date
  convertedAt: Date
}

/** What is credited for some conversions at present. */
export const selectCredits = (ctx: Ctx, seqs: readonly string[]): Promise<StoredCredit[]> =>
  ctx.db.named<StoredCredit>(
    'analytics_credits',
    `
    select seq, touch_no, contact_id, campaign_id, run_id, channel, variant, touch, touched_at, converted_at, match_no, currency, parts,
      amounts_minor::float8[] as amounts_minor, link_no
    from conversion_credit where org_id = $1 and seq = any($2::bigint[]) order by seq, touch_no`,
    [ctx.orgId, seqs],
  )

/** Takes back everything credited for some conversions. */
export const deleteCredits = (ctx: Ctx, seqs: readonly string[]): Promise<unknown> =>
  ctx.db.named(
    'analytics_credits_delete',
    'delete from conversion_credit where org_id = $1 and seq = any($2::bigint[])',
    [ctx.orgId, seqs],
  )

/** Writes credits; arrays travel as literals, because unnest would flatten an array of arrays. */
export const insertCredits = (ctx: Ctx, rows: readonly StoredCredit[]): Promise<unknown> =>
  ctx.db.named(
    'analytics_credits_insert',
    `
    insert into conversion_credit (org_id, seq, touch_no, contact_id, campaign_id, run_id, channel, variant, touch, touched_at, converted_at,
      match_no, currency, parts, amounts_minor, link_no)
    select $1, c.seq, c.touch_no, c.contact_id, c.campaign_id, c.run_id, c.channel, c.variant, c.touch, c.touched_at, c.converted_at,
      c.match_no, c.currency, c.parts::integer[], c.amounts_minor::bigint[], c.link_no
    from unnest($2::bigint[], $3::smallint[], $4::bigint[], $5::uuid[], $6::uuid[], $7::text[], $8::smallint[], $9::text[],
      $10::timestamptz[], $11::timestamptz[], $12::smallint[], $13::text[], $14::text[], $15::text[], $16::smallint[])
      as c (seq, touch_no, contact_id, campaign_id, run_id, channel, variant, touch, touched_at, converted_at, match_no, currency, parts,
        amounts_minor, link_no)`,
    [
      ctx.orgId,
      rows.map((row) => row.seq),
      rows.map((row) => row.touchNo),
      rows.map((row) => row.contactId),
      rows.map((row) => row.campaignId),
      rows.map((row) => row.runId),
      rows.map((row) => row.channel),
      rows.map((row) => row.variant),
      rows.map((row) => row.touch),
      rows.map((row) => row.touchedAt),
      rows.map((row) => row.convertedAt),
      rows.map((row) => row.matchNo),
      rows.map((row) => row.currency),
      rows.map((row) => `{${row.parts.join()}}`),
      rows.map((row) => `{${row.amountsMinor.join()}}`),
      rows.map((row) => row.linkNo),
    ],
  )

/** A person's conversions stay counted and name nobody. */
export async function forgetConversions(ctx: Ctx, contactId: ContactId): Promise<void> {
  await ctx.db.named(
    'analytics_conversions_forget',
    'update conversion set contact_id = null, order_id = null where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )
}

/** So do the credits. */
export async function forgetCredits(ctx: Ctx, contactId: ContactId): Promise<void> {
  await ctx.db.named(
    'analytics_credits_forget',
    'update conversion_credit set contact_id = null where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )
}

/** Events of some types behind a place in the log and not before an instant, as a consumer would be given them. */
export const selectEvents = (
  ctx: Ctx,
  types: readonly string[],
  place: { after: string; since: Date; limit: number },
): Promise<ReadEvent[]> =>
  ctx.db.named(
    'analytics_conversion_events',
    `
    select seq, recorded_at, at, type, contact_id, campaign_id, run_id, channel, payload from event
    where org_id = $1 and seq > $2 and type = any($3::text[]) and at >= $4
    order by seq limit $5`,
    [ctx.orgId, place.after, types, place.since, place.limit],
  )

/** When the first message of a campaign left, to the hour; null before its first launch. */
export async function firstSentAt(ctx: Ctx, campaignId: CampaignId): Promise<Date | null> {
  const [row] = await ctx.db.named<{ hour: Date | null }>(
    'analytics_first_hour',
    `
    select min(hour) as hour from (
      select hour from metric where org_id = $1 and campaign_id = $2
      union all
      select hour from metric_delta where org_id = $1 and campaign_id = $2
    ) counted`,
    [ctx.orgId, campaignId],
  )
  return row?.hour ?? null
}
