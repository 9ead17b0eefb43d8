/** Statements that read profiles for screens. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import type { RfmClass, SpendingLevel } from './definitions.ts'
import type { Roles } from './frame.ts'

/** The row of a contact, money as text. */
export interface ProfileRow {
  orders: number
  refunds: number
  revenueMinor: string
  refundedMinor: string
  averageOrderMinor: string | null
  lastOrderMinor: string | null
  firstOrderAt: Date | null
  lastOrderAt: Date | null
  firstActivityAt: Date | null
  lastActivityAt: Date | null
  engagementScore: number
  lifetimeValueMinor: string
  rfmRecency: number | null
  rfmFrequency: number | null
  rfmMonetary: number | null
  rfmClass: RfmClass | null
  spendingLevel: SpendingLevel | null
  subscriptionTier: string | null
  subscriptionStatus: 'active' | 'ended' | null
  subscriptionAt: Date | null
  bestHours: number[]
  updatedAt: Date
}

export const selectProfile = async (ctx: Ctx, contactId: ContactId): Promise<ProfileRow | undefined> =>
  (
    await ctx.db.named<ProfileRow>(
      'analytics_profile_read',
      `
      select orders, refunds, revenue_minor, refunded_minor, average_order_minor, last_order_minor, first_order_at, last_order_at,
        first_activity_at, last_activity_at, engagement_score, lifetime_value_minor, rfm_recency, rfm_frequency, rfm_monetary,
        rfm_class, spending_level, subscription_tier, subscription_status, subscription_at, best_hours, updated_at
      from contact_profile where org_id = $1 and contact_id = $2`,
      [ctx.orgId, contactId],
    )
  )[0]

/** Messages of one channel. */
export interface ChannelRow {
  channel: string
  received: number
  opened: number
  clicked: number
  converted: number
  lastReceivedAt: Date | null
  lastOpenedAt: Date | null
  lastClickedAt: Date | null
}

export const selectChannels = (ctx: Ctx, contactId: ContactId): Promise<ChannelRow[]> =>
  ctx.db.named(
    'analytics_profile_channels',
    `
    select channel, greatest(0, sum(received))::int as received, sum(opened)::int as opened, sum(clicked)::int as clicked,
      sum(converted)::int as converted, max(last_received_at) as last_received_at, max(last_opened_at) as last_opened_at,
      max(last_clicked_at) as last_clicked_at
    from (
      select channel, received, 0 as opened, 0 as clicked, 0 as converted, last_received_at,
        null::timestamptz as last_opened_at, null::timestamptz as last_clicked_at
      from contact_received
      where org_id = $1 and block = received_block_of($2) and contact_id = $2
      union all
      select channel, 0, opened, clicked, converted, null, last_opened_at, last_clicked_at
      from contact_engagement
      where org_id = $1 and contact_id = $2
    ) counts
    group by channel
    having sum(received) > 0 or sum(opened) > 0 or sum(clicked) > 0 or sum(converted) > 0
    order by channel`,
    [ctx.orgId, contactId],
  )

export const selectOtherMoney = (
  ctx: Ctx,
  contactId: ContactId,
): Promise<{ currency: string; orders: number; revenueMinor: string; refundedMinor: string }[]> =>
  ctx.db.named(
    'analytics_profile_other_money',
    `
    select currency, orders, revenue_minor, refunded_minor from contact_other_money
    where org_id = $1 and contact_id = $2 and (orders > 0 or revenue_minor <> 0)
    order by currency`,
    [ctx.orgId, contactId],
  )

/** Something in a contact's history. */
export interface HistoryRow {
  source: 'event' | 'message'
  key: string
  at: Date
  kind: 'orders' | 'activity' | 'messages' | 'consent' | 'data'
  type: string
  campaignId: CampaignId | null
  channel: string | null
  state: string | null
  reason: string | null
  payload: unknown
}

/** What an event belongs to on the screen; facts of the house itself are data. */
const KIND = `case when r.type is not null and r.role in ('purchase', 'refund') then 'orders'
        when starts_with(e.type, 'message.') then 'messages' when starts_with(e.type, 'consent.') then 'consent'
        when starts_with(e.type, 'track:') or e.type in ('page', 'screen') then 'activity' else 'data' end`

/**
 * Log and ledger side by side, each read from its own index as far as one page may need. Messages to profiles that were
 * merged into this one belong to it.
 */
export const selectHistory = (
  ctx: Ctx,
  asked: {
    contactId: ContactId
    formerIds: readonly ContactId[]
    roles: Roles
    kind: string | null
    after: { at: string; source: string; key: string } | null
    limit: number
  },
): Promise<HistoryRow[]> =>
  ctx.db.named(
    'analytics_history',
    `
    with role as (
      select r.key as type, r.value as role from jsonb_each_text($3::jsonb) as r
    ), did as (
      select 'event' as source, lpad(e.seq::text, 20, '0') as key, e.at, ${KIND} as kind, e.type, e.campaign_id, e.channel,
        null::text as state, null::text as reason, e.payload
      from event e
      left join role r on r.type = e.type
      where e.org_id = $1 and e.contact_id = $2 and ($5::text is null or ${KIND} = $5)
        and ($6::timestamptz is null or (e.at, 'event', lpad(e.seq::text, 20, '0')) < ($6, $7::text, $8::text))
      order by e.at desc, e.seq desc
      limit $9
    ), got as (
      select 'message' as source, m.run_id::text || m.channel || m.contact_id as key, m.state_at as at, 'messages' as kind, 'message' as type,
        m.campaign_id, m.channel, m.state, nullif(m.reason, '') as reason, null::jsonb as payload
      from message m
      where m.org_id = $1 and m.contact_id = any($4::bigint[]) and ($5::text is null or $5 = 'messages')
        and ($6::timestamptz is null or (m.state_at, 'message', m.run_id::text || m.channel || m.contact_id) < ($6, $7::text, $8::text))
      order by m.state_at desc, key desc
      limit $9
    )
    select source, key, at, kind, type, campaign_id, channel, state, reason, payload
    from (select * from did union all select * from got) history
    order by at desc, source desc, key desc
    limit $9`,
    [
      ctx.orgId,
      asked.contactId,
      JSON.stringify(asked.roles),
      asked.formerIds,
      asked.kind,
      asked.after?.at ?? null,
      asked.after?.source ?? null,
      asked.after?.key ?? null,
      asked.limit,
    ],
  )

/** The buyers of one field of the grid. */
export interface FieldRow {
  recency: number
  value: number
  people: number
  orders: string
  revenueMinor: string
}

export const selectFields = (ctx: Ctx): Promise<FieldRow[]> =>
  ctx.db.named(
    'analytics_rfm_fields',
    `
    select rfm_recency as recency, (rfm_frequency + rfm_monetary + 1) / 2 as value, count(*)::int as people,
      sum(orders)::text as orders, sum(revenue_minor)::text as revenue_minor
    from contact_profile
    where org_id = $1 and rfm_class is not null
    group by 1, 2`,
    [ctx.orgId],
  )

/** Did anybody ever order? */
export const hasBuyers = async (ctx: Ctx): Promise<boolean> =>
  (
    await ctx.db.named(
      'analytics_rfm_any',
      'select from contact_profile where org_id = $1 and orders > 0 limit 1',
      [ctx.orgId],
    )
  ).length > 0

export const selectDrawnAt = async (ctx: Ctx): Promise<Date | null> =>
  (
    await ctx.db.named<{ drawnAt: Date | null }>(
      'analytics_rfm_drawn',
      'select drawn_at from profile_setting where org_id = $1',
      [ctx.orgId],
    )
  )[0]?.drawnAt ?? null

/** A buyer of a field or class. */
export interface BuyerRow {
  contactId: ContactId
  email: string | null
  firstName: string | null
  lastName: string | null
  class: RfmClass
  recency: number
  frequency: number
  monetary: number
  orders: number
  revenueMinor: string
  lastOrderAt: Date | null
}

/** By revenue, the largest first; ties by id. */
export const selectBuyers = (
  ctx: Ctx,
  asked: {
    class: string | null
    recency: number | null
    value: number | null
    after: { revenue: string; id: string } | null
    limit: number
  },
): Promise<BuyerRow[]> =>
  ctx.db.named(
    'analytics_rfm_buyers',
    `
    select p.contact_id, c.email, c.first_name, c.last_name, p.rfm_class as class, p.rfm_recency as recency,
      p.rfm_frequency as frequency, p.rfm_monetary as monetary, p.orders, p.revenue_minor, p.last_order_at
    from contact_profile p
    join contact c on c.org_id = $1 and c.id = p.contact_id
    where p.org_id = $1 and p.orders > 0 and p.rfm_class is not null
      and ($2::text is null or p.rfm_class = $2) and ($3::smallint is null or p.rfm_recency = $3)
      and ($4::int is null or (p.rfm_frequency + p.rfm_monetary + 1) / 2 = $4)
      and ($5::bigint is null or (p.revenue_minor, p.contact_id) < ($5, $6::bigint))
    order by p.revenue_minor desc, p.contact_id desc
    limit $7`,
    [
      ctx.orgId,
      asked.class,
      asked.recency,
      asked.value,
      asked.after?.revenue ?? null,
      asked.after?.id ?? null,
      asked.limit,
    ],
  )

export const countLevels = async (ctx: Ctx): Promise<Record<SpendingLevel, number>> => {
  const rows = await ctx.db.named<{ level: SpendingLevel; n: number }>(
    'analytics_spending_people',
    `
    select spending_level as level, count(*)::int as n from contact_profile
    where org_id = $1 and spending_level is not null group by spending_level`,
    [ctx.orgId],
  )
  return { low: 0, medium: 0, high: 0, ...Object.fromEntries(rows.map(({ level, n }) => [level, n])) }
}
