/** SQL that reads contacts as rules see them, some people at a time: each part only of those whose rules ask for it. */
import { reachabilitySql, type SendChannel, type SendPurpose } from '../../consent/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, ContactId, RunId, SegmentId } from '../../platform/ids.ts'
import type {
  CampaignEngagement,
  ChannelEngagement,
  Person,
  PersonEvent,
  PersonPreference,
  ProfileFigures,
} from '../rules/person.ts'
import type { EventsRead } from '../rules/sql-text.ts'

/** A row about one of several people. */
type Of<T> = { contactId: ContactId } & T

/** The contacts' own columns; days as text. */
export type PersonRow = Omit<
  Person,
  | 'segmentIds'
  | 'events'
  | 'profile'
  | 'engagement'
  | 'campaigns'
  | 'preferences'
  | 'suppressionEnds'
  | 'reachable'
>

/** Contacts' own columns. */
export function selectPeople(ctx: Ctx, ids: readonly ContactId[]): Promise<PersonRow[]> {
  return ctx.db.named<PersonRow>(
    'segments_people',
    `
    select c.id, c.email, c.phone, c.first_name, c.last_name, c.language, c.time_zone, c.country, c.city,
      to_char(c.birthday, 'YYYY-MM-DD') as birthday, c.subscription_tier, c.subscription_status, c.tags, c.attributes,
      c.source, c.import_id, c.created_at, c.updated_at
    from contact c
    where c.org_id = $1 and c.id = any($2::bigint[])`,
    [ctx.orgId, ids],
  )
}

/** The static segments among `segmentIds` that contacts are in. */
export function selectMemberships(
  ctx: Ctx,
  ids: readonly ContactId[],
  segmentIds: readonly SegmentId[],
): Promise<Of<{ segmentId: SegmentId }>[]> {
  return ctx.db.named(
    'segments_memberships',
    `
    select m.contact_id, m.segment_id from segment_member m
    where m.org_id = $1 and m.contact_id = any($2::bigint[]) and m.segment_id = any($3::uuid[])`,
    [ctx.orgId, ids, segmentIds],
  )
}

/** An event as it travels, its type by its place in the list: an object for each would cost twice as much. */
type PackedEvent = [
  seq: number,
  at: number,
  type: number,
  campaignId: CampaignId | null,
  payload: PersonEvent['payload'] | null,
]

/**
 * What contacts did, of each the newest `limit` events, the earliest first. Person by person, so that one who did very
 * much costs no more than the limit.
 */
export async function selectEvents(
  ctx: Ctx,
  ids: readonly ContactId[],
  reads: ReadonlyMap<string, Omit<EventsRead, 'types'>>,
  limit: number,
): Promise<Of<{ events: PersonEvent[] }>[]> {
  const [types, asked] = [[...reads.keys()], [...reads.values()]]
  const froms = asked.map(({ from }) => from)
  const since = froms.includes(null) ? null : new Date(Math.min(...froms.map((from) => from?.getTime() ?? 0)))
  const rows = await ctx.db.named<Of<{ events: PackedEvent[] }>>(
    'segments_people_events',
    `
    select p.id as contact_id, did.events
    from unnest($2::bigint[]) as p (id)
    cross join lateral (
      select json_agg(json_build_array(one.seq, round(date_part('epoch', one.at) * 1000), array_position($3::text[], one.type) - 1,
          one.campaign_id, case when ($6::boolean[])[array_position($3::text[], one.type)] then one.payload end)
        order by one.at, one.seq) as events
      from (
        select e.seq, e.at, e.type, e.campaign_id, e.payload
        from event e
        where e.org_id = $1 and e.contact_id = p.id and e.type = any($3::text[]) and e.at >= coalesce($4::timestamptz, '-infinity')
          and (($5::timestamptz[])[array_position($3::text[], e.type)] <= e.at) is not false
        order by e.at desc, e.seq desc
        limit $7
      ) one
    ) did
    where did.events is not null`,
    [ctx.orgId, ids, types, since, froms, asked.map(({ isWhole }) => isWhole), limit],
  )
  return rows.map(({ contactId, events }) => ({
    contactId,
    events: events.map(([seq, at, type, campaignId, payload]): PersonEvent => ({
      seq,
      type: types[type] ?? '',
      at: new Date(at),
      campaignId,
      payload: payload ?? NOT_READ,
    })),
  }))
}
const NOT_READ = {}

/** Contacts' derived figures. Amounts are whole and far below 2^53. */
export function selectProfiles(ctx: Ctx, ids: readonly ContactId[]): Promise<Of<ProfileFigures>[]> {
  return ctx.db.named(
    'segments_people_profiles',
    `
    select p.contact_id, p.orders, p.revenue_minor::float8 as revenue_minor, p.average_order_minor::float8 as average_order_minor,
      p.last_order_minor::float8 as last_order_minor, p.lifetime_value_minor::float8 as lifetime_value_minor,
      p.first_order_at, p.last_order_at, p.first_activity_at, p.last_activity_at, p.engagement_score, p.rfm_recency,
      p.rfm_frequency, p.rfm_monetary, p.rfm_class, p.spending_level
    from contact_profile p
    where p.org_id = $1 and p.contact_id = any($2::bigint[])`,
    [ctx.orgId, ids],
  )
}

/** What contacts received, and did with it, by channel. */
export function selectEngagement(ctx: Ctx, ids: readonly ContactId[]): Promise<Of<ChannelEngagement>[]> {
  return ctx.db.named(
    'segments_people_engagement',
    `
    select contact_id, channel, sum(received)::int as received, sum(opened)::int as opened, sum(clicked)::int as clicked,
      sum(converted)::int as converted, max(last_received_at) as last_received_at, max(last_opened_at) as last_opened_at,
      max(last_clicked_at) as last_clicked_at
    from (
      select contact_id, channel, received, 0 as opened, 0 as clicked, 0 as converted, last_received_at,
        null::timestamptz as last_opened_at, null::timestamptz as last_clicked_at
      from contact_received
      where org_id = $1 and block = any(array(select received_block_of(g.id) from unnest($2::bigint[]) as g (id)))
        and contact_id in (select unnest($2::bigint[])) -- hashed: each block brings its neighbours as well
      union all
      select contact_id, channel, 0, opened, clicked, converted, null, last_opened_at, last_clicked_at
      from contact_engagement
      where org_id = $1 and contact_id = any($2::bigint[])
    ) counts
    group by contact_id, channel`,
    [ctx.orgId, ids],
  )
}

/** What contacts did with messages of these runs, by campaign; human only. */
export function selectCampaignEngagement(
  ctx: Ctx,
  ids: readonly ContactId[],
  runIds: readonly RunId[],
): Promise<Of<{ campaignId: CampaignId } & CampaignEngagement>[]> {
  return ctx.db.named(
    'segments_people_campaigns',
    `
    with deed as (
      select m.contact_id, m.campaign_id, m.state in ('sent', 'delivered') as received, false as opened, false as clicked,
        false as replied
      from message m
      where m.org_id = $1 and m.contact_id = any($2::bigint[]) and m.run_id = any($3::uuid[])
      union all
      select g.contact_id, g.campaign_id, false, g.opened > 0, g.clicked > 0, g.replied > 0
      from engagement g
      where g.org_id = $1 and g.contact_id = any($2::bigint[]) and g.run_id = any($3::uuid[])
    )
    select contact_id, campaign_id, bool_or(received) as received, bool_or(opened) as opened, bool_or(clicked) as clicked,
      bool_or(replied) as replied
    from deed
    group by contact_id, campaign_id`,
    [ctx.orgId, ids, runIds],
  )
}

/** What contacts have agreed to. */
export function selectPreferences(ctx: Ctx, ids: readonly ContactId[]): Promise<Of<PersonPreference>[]> {
  return ctx.db.named(
    'segments_people_preferences',
    'select contact_id, channel, purpose, state, expires_at from preference where org_id = $1 and contact_id = any($2::bigint[])',
    [ctx.orgId, ids],
  )
}

/** When the next suppression of a contact's addresses ends by itself. */
export function selectSuppressionEnds(
  ctx: Ctx,
  ids: readonly ContactId[],
): Promise<Of<Person['suppressionEnds']>[]> {
  return ctx.db.named(
    'segments_people_suppressions',
    `
    select c.id as contact_id, min(s.expires_at) filter (where s.channel = 'email') as email,
      min(s.expires_at) filter (where s.channel = 'sms') as phone
    from contact c
    join suppression s on s.org_id = $1 and s.expires_at > $3
      and (s.channel = 'email' and s.address_hash = c.email_hash or s.channel = 'sms' and s.address_hash = c.phone_hash)
    where c.org_id = $1 and c.id = any($2::bigint[])
    group by c.id`,
    [ctx.orgId, ids, ctx.now()],
  )
}

/** Those who may be written to. By the reading that decides before each hand-over. */
export async function selectReachable(
  ctx: Ctx,
  ids: readonly ContactId[],
  { channel, purpose }: { channel: SendChannel; purpose: SendPurpose },
): Promise<ContactId[]> {
  const { joins, reason } = reachabilitySql({
    channel,
    purpose,
    org: '$1',
    now: '$3::timestamptz',
    byKey: true,
  })
  const rows = await ctx.db.query<{ id: ContactId }>(
    `select c.id from contact c ${joins} where c.org_id = $1 and c.id = any($2::bigint[]) and $3::timestamptz is not null and (${reason}) is null`,
    [ctx.orgId, ids, ctx.now()],
  )
  return rows.map(({ id }) => id)
}
