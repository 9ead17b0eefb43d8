/** The statement over campaigns that have ended. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'
import type { HistorySort } from '../schema.ts'

/** Which campaigns are looked for; null filters nothing. */
export interface HistoryFilter {
  from: Date
  to: Date
  /** In small letters; each must stand somewhere in the name or in what was said. */
  words: readonly string[]
  types: readonly string[] | null
  channels: readonly string[] | null
  statuses: readonly string[] | null
  isArchived: boolean | null
  sentMin: number
  /** Shares. */
  clickRateMin: number
  conversionRateMin: number
  revenueMinMinor: number
  sort: HistorySort
  after: { value: number; id: string } | null
  limit: number
}

/** A campaign as it ended. Rates are null where nothing was attempted. */
export interface HistoryRow {
  id: CampaignId
  name: string
  subject: string
  type: string
  status: string
  channels: string[]
  launchedAt: Date
  endedAt: Date
  archivedAt: Date | null
  sent: number
  clicked: number
  clickRate: number | null
  converted: number
  conversionRate: number | null
  revenueMinor: number
  /** What the order goes by. */
  key: number
  total: number
}

/**
 * A page of ended or archived campaigns with what came of them, most of the sorted first. Their counters are summed
 * before they are filtered by result: a few thousand campaigns of an organization at most.
 */
export const selectHistory = (ctx: Ctx, filter: HistoryFilter): Promise<HistoryRow[]> =>
  ctx.db.named(
    'reports_history',
    `
    with matching as (
      select id, name, coalesce(content -> 'email' ->> 'subject', '') as subject, type, status, channels, launched_at,
        coalesce(completed_at, launched_at) as ended_at, archived_at
      from campaign
      where org_id = $1 and deleted_at is null and launched_at is not null
        and (status in ('completed', 'cancelled', 'failed') or archived_at is not null)
        and coalesce(completed_at, launched_at) >= $2 and coalesce(completed_at, launched_at) < $3
        and ($4::text[] is null or type = any($4)) and ($5::text[] is null or channels && $5)
        and ($6::text[] is null or status = any($6)) and ($7::boolean is null or (archived_at is not null) = $7)
        and (select bool_and(position(w.word in lower(concat_ws(' ', name, content -> 'email' ->> 'subject',
          content -> 'sms' ->> 'text', content -> 'in_app' ->> 'title', content -> 'in_app' ->> 'body'))) > 0)
          from unnest($8::text[]) as w (word)) is not false
    ), figure as (
      select campaign_id, name, n from metric_of_campaign
      where org_id = $1 and campaign_id in (select id from matching)
      union all
      select campaign_id, name, n from metric_delta
      where org_id = $1 and campaign_id in (select id from matching)
    ), counted as (
      select campaign_id,
        coalesce(sum(n) filter (where name in ('sent', 'delivered', 'bounced', 'unknown') or name like 'bounced.%'
          or name like 'unknown.%'), 0)::float8 as sent,
        coalesce(sum(n) filter (where name in ('sent', 'delivered')), 0)::float8 as delivered,
        coalesce(sum(n) filter (where name = 'clicked'), 0)::float8 as clicked,
        coalesce(sum(n) filter (where name = 'converted'), 0)::float8 as converted,
        coalesce(sum(n) filter (where name = 'revenue.last'), 0)::float8 as revenue_minor
      from figure group by campaign_id
    ), judged as (
      select m.id, m.name, m.subject, m.type, m.status, m.channels, m.launched_at, m.ended_at, m.archived_at,
        coalesce(c.sent, 0) as sent, coalesce(c.clicked, 0) as clicked,
        c.clicked / nullif(c.delivered, 0) as click_rate, coalesce(c.converted, 0) as converted,
        c.converted / nullif(c.sent, 0) as conversion_rate, coalesce(c.revenue_minor, 0) as revenue_minor
      from matching m left join counted c on c.campaign_id = m.id
    ), keyed as (
      select id, name, subject, type, status, channels, launched_at, ended_at, archived_at, sent, clicked, click_rate,
        converted, conversion_rate, revenue_minor, count(*) over ()::int as total,
        coalesce(case $13::text when 'endedAt' then extract(epoch from ended_at)::float8 when 'sent' then sent
          when 'clickRate' then click_rate when 'conversionRate' then conversion_rate else revenue_minor end, -1) as key
      from judged
      where sent >= $9 and coalesce(click_rate, 0) >= $10 and coalesce(conversion_rate, 0) >= $11 and revenue_minor >= $12
    )
    select id, name, subject, type, status, channels, launched_at, ended_at, archived_at, sent, clicked, click_rate,
      converted, conversion_rate, revenue_minor, key, total
    from keyed
    where $14::float8 is null or (key, id) < ($14, $15::uuid)
    order by key desc, id desc limit $16`,
    [
      ctx.orgId,
      filter.from,
      filter.to,
      filter.types,
      filter.channels,
      filter.statuses,
      filter.isArchived,
      filter.words,
      filter.sentMin,
      filter.clickRateMin,
      filter.conversionRateMin,
      filter.revenueMinMinor,
      filter.sort,
      filter.after?.value ?? null,
      filter.after?.id ?? null,
      filter.limit,
    ],
  )
