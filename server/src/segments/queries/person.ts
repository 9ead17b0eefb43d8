/** SQL that reads one contact as rules see it: each part only when a rule asks for it. */
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

/** Events of one contact that a reading in memory looks at: the newest. */
const EVENTS_MAX = 20_000

/** The contact's own columns; days as text. */
export type PersonRow = Omit<
  Person,
  'segmentIds' | 'events' | 'profile' | 'engagement' | 'campaigns' | 'preferences' | 'reachable'
>

/** One contact's own columns. */
export async function selectPerson(ctx: Ctx, id: ContactId): Promise<PersonRow | undefined> {
  const [row] = await ctx.db.named<PersonRow>(
    'segments_person',
    `
    select c.id, c.email, c.phone, c.first_name, c.last_name, c.language, c.time_zone, c.country, c.city,
      to_char(c.birthday, 'YYYY-MM-DD') as birthday, c.subscription_tier, c.subscription_status, c.tags, c.attributes,
      c.source, c.import_id, c.created_at, c.updated_at
    from contact c
    where c.org_id = $1 and c.id = $2`,
    [ctx.orgId, id],
  )
  return row
}

/** The static segments among `ids` that a contact is in. */
export async function selectMemberships(
  ctx: Ctx,
  contactId: ContactId,
  ids: readonly SegmentId[],
): Promise<SegmentId[]> {
  const rows = await ctx.db.named<{ segmentId: SegmentId }>(
    'segments_memberships',
    'select m.segment_id from segment_member m where m.org_id = $1 and m.contact_id = $2 and m.segment_id = any($3::uuid[])',
    [ctx.orgId, contactId, ids],
  )
  return rows.map(({ segmentId }) => segmentId)
}

/** What a contact did, of these types, earliest first. */
export async function selectEvents(
  ctx: Ctx,
  contactId: ContactId,
  types: readonly string[],
): Promise<PersonEvent[]> {
  const rows = await ctx.db.named<Omit<PersonEvent, 'seq'> & { seq: string }>(
    'segments_person_events',
    `
    select e.seq, e.type, e.at, e.campaign_id, e.payload
    from event e
    where e.org_id = $1 and e.contact_id = $2 and e.type = any($3::text[])
    order by e.at desc, e.seq desc
    limit $4`,
    [ctx.orgId, contactId, types, EVENTS_MAX],
  )
  return rows.map((row) => ({ ...row, seq: BigInt(row.seq) })).toReversed()
}

/** A contact's derived figures. Amounts are whole and far below 2^53. */
export async function selectProfile(ctx: Ctx, contactId: ContactId): Promise<ProfileFigures | null> {
  const [row] = await ctx.db.named<ProfileFigures>(
    'segments_person_profile',
    `
    select p.orders, p.revenue_minor::float8 as revenue_minor, p.average_order_minor::float8 as average_order_minor,
      p.last_order_minor::float8 as last_order_minor, p.lifetime_value_minor::float8 as lifetime_value_minor,
      p.first_order_at, p.last_order_at, p.first_activity_at, p.last_activity_at, p.engagement_score, p.rfm_recency,
      p.rfm_frequency, p.rfm_monetary, p.rfm_class, p.spending_level
    from contact_profile p
    where p.org_id = $1 and p.contact_id = $2`,
    [ctx.orgId, contactId],
  )
  return row ?? null
}

/** What a contact did with messages, by channel. */
export function selectEngagement(ctx: Ctx, contactId: ContactId): Promise<ChannelEngagement[]> {
  return ctx.db.named(
    'segments_person_engagement',
    `
    select channel, received, opened, clicked, converted, last_received_at, last_opened_at, last_clicked_at
    from contact_engagement
    where org_id = $1 and contact_id = $2`,
    [ctx.orgId, contactId],
  )
}

/** What a contact did with messages of these runs, by campaign; human only. */
export function selectCampaignEngagement(
  ctx: Ctx,
  contactId: ContactId,
  runIds: readonly RunId[],
): Promise<({ campaignId: CampaignId } & CampaignEngagement)[]> {
  return ctx.db.named(
    'segments_person_campaigns',
    `
    with deed as (
      select m.campaign_id, m.state in ('sent', 'delivered') as received, false as opened, false as clicked, false as replied
      from message m
      where m.org_id = $1 and m.contact_id = $2 and m.run_id = any($3::uuid[])
      union all
      select g.campaign_id, false, g.opened > 0, g.clicked > 0, g.replied > 0
      from engagement g
      where g.org_id = $1 and g.contact_id = $2 and g.run_id = any($3::uuid[])
    )
    select campaign_id, bool_or(received) as received, bool_or(opened) as opened, bool_or(clicked) as clicked,
      bool_or(replied) as replied
    from deed
    group by campaign_id`,
    [ctx.orgId, contactId, runIds],
  )
}

/** What a contact has agreed to. */
export function selectPreferences(ctx: Ctx, contactId: ContactId): Promise<PersonPreference[]> {
  return ctx.db.named(
    'segments_person_preferences',
    'select channel, purpose, state, expires_at from preference where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )
}

/** May a contact be written to? By the reading that decides before each hand-over. */
export async function isReachable(
  ctx: Ctx,
  contactId: ContactId,
  { channel, purpose }: { channel: SendChannel; purpose: SendPurpose },
): Promise<boolean> {
  const { joins, reason } = reachabilitySql({
    channel,
    purpose,
    org: '$1',
    now: '$3::timestamptz',
    byKey: true,
  })
  const rows = await ctx.db.query<{ isReachable: boolean }>(
    `select (${reason}) is null as is_reachable from contact c ${joins} where c.org_id = $1 and c.id = $2 and $3::timestamptz is not null`,
    [ctx.orgId, contactId, ctx.now()],
  )
  return rows[0]?.isReachable ?? false
}
