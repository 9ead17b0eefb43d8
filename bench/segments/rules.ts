import type { Rule } from '../../server/src/segments/index.ts'

/** A rule with the statement that an engineer would write for it by hand; `$1` is the organization. */
export interface PublishedRule {
  name: string
  rule: Rule
  raw: string
  /** Of the statement, from `$2` on. */
  values: unknown[]
}

/**
 * Ten rules that people publish.
 * @param now  the instant as of which rule and statement speak: they must look at the same one
 */
export function publishedRules(now: Date): PublishedRule[] {
  // Calendar days, as the rules count them: an hour is missing or twice there on some.
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO('Europe/Paris')
  const ago = (days: number): Date => new Date(today.subtract({ days }).startOfDay().epochMilliseconds)
  const order = 'track:Order Completed'
  const did = (event: string, days: number, more: object = {}): Rule => ({
    kind: 'event',
    event,
    operator: 'did',
    window: { last: { count: days, unit: 'days' } },
    ...more,
  })
  const who = 'select count(*)::int as n from contact c where c.org_id = $1 and'
  return [
    {
      name: 'country',
      rule: { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR', 'BE'] },
      raw: `${who} c.country in ('FR', 'BE')`,
      values: [],
    },
    {
      name: 'custom',
      rule: {
        any: [
          { kind: 'contact', field: 'custom.plan', operator: 'one_of', value: ['pro'] },
          { kind: 'contact', field: 'custom.score', operator: 'more_than', value: 700 },
        ],
      },
      raw: `${who} (c.attributes ->> 'plan' = 'pro' or (c.attributes ->> 'score')::numeric > 700)`,
      values: [],
    },
    {
      name: 'bought_lately',
      rule: did(order, 30),
      raw: `${who} c.id in (select contact_id from event where org_id = $1 and type = '${order}' and at >= $2)`,
      values: [ago(30)],
    },
    {
      name: 'not_seen',
      rule: {
        kind: 'event',
        event: 'page',
        operator: 'did_not',
        window: { last: { count: 60, unit: 'days' } },
      },
      raw: `${who} not exists (select 1 from event e where e.org_id = $1 and e.type = 'page' and e.at >= $2 and e.contact_id = c.id)`,
      values: [ago(60)],
    },
    {
      name: 'viewed_thrice',
      rule: did('track:Product Viewed', 90, { count: { at_least: 3 } }),
      raw: `${who} c.id in (select contact_id from event where org_id = $1 and type = 'track:Product Viewed' and at >= $2 group by contact_id having count(*) >= 3)`,
      values: [ago(90)],
    },
    {
      name: 'property',
      rule: did(order, 180, {
        filters: [{ property: 'total', type: 'number', operator: 'at_least', value: 80 }],
      }),
      raw: `${who} c.id in (select contact_id from event where org_id = $1 and type = '${order}' and at >= $2 and (payload -> 'properties' ->> 'total')::numeric >= 80)`,
      values: [ago(180)],
    },
    {
      name: 'spent',
      rule: {
        kind: 'money',
        measure: 'sum',
        operator: 'at_least',
        value: 100,
        window: { last: { count: 90, unit: 'days' } },
      },
      raw: `${who} c.id in (select contact_id from event where org_id = $1 and type = '${order}' and at >= $2 group by contact_id having sum((payload -> 'money' ->> 'amountMinor')::bigint) >= 10000)`,
      values: [ago(90)],
    },
    {
      name: 'cart_left',
      rule: {
        kind: 'sequence',
        operator: 'not_followed',
        first: { event: 'track:Cart Viewed' },
        next: { event: order },
        within: { count: 24, unit: 'hours' },
        window: { last: { count: 30, unit: 'days' } },
      },
      raw: `${who} c.id in (select a.contact_id from event a where a.org_id = $1 and a.type = 'track:Cart Viewed' and a.at >= $2 and a.at <= $3 and not exists (select 1 from event b where b.org_id = $1 and b.type = '${order}' and b.contact_id = a.contact_id and b.at > a.at and b.at <= a.at + interval '24 hours'))`,
      values: [ago(30), new Date(now.getTime() - 86_400_000)],
    },
    {
      name: 'never_opened',
      rule: {
        all: [
          { kind: 'engagement', measure: 'received', operator: 'at_least', value: 3, channel: 'email' },
          { kind: 'engagement', measure: 'opened', operator: 'equals', value: 0, channel: 'email' },
        ],
      },
      raw: `select count(*)::int as n from contact_received r
        join contact_engagement e on e.org_id = $1 and e.channel = r.channel and e.contact_id = r.contact_id and e.opened = 0
        join contact c on c.org_id = $1 and c.id = r.contact_id
        where r.org_id = $1 and r.channel = 'email' and r.received >= 3`,
      values: [],
    },
    {
      name: 'mixed',
      rule: {
        all: [
          { kind: 'contact', field: 'country_group', operator: 'one_of', value: ['eu'] },
          {
            any: [
              did(order, 60),
              { kind: 'profile', figure: 'revenue', operator: 'at_least', value: 200 },
              { kind: 'contact', field: 'tags', operator: 'has_any', value: ['vip'] },
            ],
          },
          { kind: 'consent', channel: 'sms', operator: 'one_of', value: ['granted'] },
        ],
      },
      raw: `${who} c.country in ('FR', 'BE', 'DE', 'ES', 'IT')
        and (c.tags && '{vip}' or c.id in (select contact_id from event where org_id = $1 and type = '${order}' and at >= $2)
          or c.id in (select contact_id from contact_profile where org_id = $1 and revenue_minor >= 20000))
        and exists (select 1 from preference p where p.org_id = $1 and p.channel = 'sms' and p.purpose = 'marketing' and p.state = 'granted' and p.contact_id = c.id)`,
      values: [ago(60)],
    },
  ]
}
