/** Statements over journeys: what people met on their way to a conversion, or to none. */
import type { Ctx } from '../../platform/context.ts'
import { ATTRIBUTION_MODELS } from './models.ts'

/** Different ways that are read at most, the most frequent first: a period has far fewer over channels. */
const WAYS_MAX = 20_000

/** What a journey is made of. */
export type JourneyStop = 'channel' | 'campaign'

/** Journeys that met the same stops in the same order. */
export interface Way {
  /** Channels, or ids of campaigns as the database writes them. */
  stops: string[]
  conversions: number
  valueMinor: number
  lost: number
}

/**
 * The ways of a period. A converting journey is what the conversion was credited to; a lost one is everything that a
 * person followed in the period who converted in none of it. Value in minor units of one currency.
 */
export const selectWays = (
  ctx: Ctx,
  { from, to, stop, currency }: { from: Date; to: Date; stop: JourneyStop; currency: string },
): Promise<Way[]> =>
  ctx.db.named(
    `analytics_ways_${stop}`,
    `
    with converting as (
      select array_agg(${COLUMN[stop]} order by touch_no) as stops,
        sum(case when currency is null or currency = $4 then amounts_minor[${ATTRIBUTION_MODELS.indexOf('last') + 1}] else 0 end) as value_minor
      from conversion_credit
      where org_id = $1 and converted_at >= $2 and converted_at < $3
      group by seq
    ), followed as (
      select e.contact_id, e.run_id, e.channel, e.campaign_id, max(e.at) as at
      from event e
      where e.org_id = $1 and e.type = 'message.clicked' and e.at >= $2 and e.at < $3 and e.contact_id is not null
        and e.campaign_id is not null and not (e.payload ->> 'machine')::boolean
      group by e.contact_id, e.run_id, e.channel, e.campaign_id
    ), met as (
      select f.contact_id, f.run_id, f.channel, f.campaign_id, f.at
      from followed f
      -- A click that was a program's has been taken back there.
      join engagement g on g.org_id = $1 and g.run_id = f.run_id and g.contact_id = f.contact_id and g.channel = f.channel and g.clicked > 0
      union all
      select e.contact_id, e.campaign_id, e.channel, e.campaign_id, max(e.at)
      from event e
      where e.org_id = $1 and (e.type = 'page' or e.type like 'track:%') and e.at >= $2 and e.at < $3 and e.contact_id is not null
        and e.campaign_id is not null and e.run_id is null and e.channel is not null
        -- Most organizations have no links of posts, and then nothing of this is read.
        and exists (select from post_link l where l.org_id = $1)
      group by e.contact_id, e.channel, e.campaign_id
    ), lost as (
      select array_agg(${FOLLOWED[stop]} order by f.at, f.run_id) as stops
      from met f
      where not exists (
        select from conversion_credit c
        where c.org_id = $1 and c.contact_id = f.contact_id and c.converted_at >= $2 and c.converted_at < $3
      )
      group by f.contact_id
    ), way as (
      select stops, 1 as conversions, value_minor, 0 as lost from converting
      union all
      select stops, 0, 0, 1 from lost
    )
    select stops, sum(conversions)::int as conversions, sum(value_minor)::float8 as value_minor, sum(lost)::int as lost
    from way group by stops
    order by sum(conversions) + sum(lost) desc, stops
    limit ${WAYS_MAX}`,
    [ctx.orgId, from, to, currency],
  )

const COLUMN: Readonly<Record<JourneyStop, string>> = { channel: 'channel', campaign: 'campaign_id::text' }
const FOLLOWED: Readonly<Record<JourneyStop, string>> = {
  channel: 'f.channel',
  campaign: 'f.campaign_id::text',
}
