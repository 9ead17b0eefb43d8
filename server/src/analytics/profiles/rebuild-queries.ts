/** Statements of the rebuild: what stands in the derived tables, as text that can be compared. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'

/** Contacts by id, whether they have figures or not. */
export const selectContacts = async (ctx: Ctx, after: ContactId, limit: number): Promise<ContactId[]> =>
  (
    await ctx.db.named<{ id: ContactId }>(
      'analytics_rebuild_contacts',
      'select id from contact where org_id = $1 and id > $2 order by id limit $3',
      [ctx.orgId, after, limit],
    )
  ).map((row) => row.id)

/** Figures of whoever is no contact: there should be none. */
export const selectOrphans = async (ctx: Ctx, limit: number): Promise<ContactId[]> =>
  (
    await ctx.db.named<{ id: ContactId }>(
      'analytics_rebuild_orphans',
      `
      select distinct o.contact_id as id
      from (
        select contact_id from contact_profile where org_id = $1
        union all
        select contact_id from contact_engagement where org_id = $1
        union all
        select contact_id from contact_received where org_id = $1
        union all
        select contact_id from contact_other_money where org_id = $1
      ) o
      where not exists (select from contact c where c.org_id = $1 and c.id = o.contact_id)
      order by id limit $2`,
      [ctx.orgId, limit],
    )
  ).map((row) => row.id)

/** What is compared of a profile; the rest says when and with what it was made. */
export const COMPARED = [
  'orders',
  'refunds',
  'revenue_minor',
  'refunded_minor',
  'average_order_minor',
  'last_order_minor',
  'first_order_at',
  'last_order_at',
  'first_activity_at',
  'last_activity_at',
  'activity_points',
  'engagement_score',
  'lifetime_value_minor',
  'rfm_recency',
  'rfm_frequency',
  'rfm_monetary',
  'rfm_class',
  'spending_level',
  'subscription_tier',
  'subscription_status',
  'subscription_at',
  'best_hours',
] as const

/** One figure as it stands: `revenue_minor`, `opened (email)`, `revenue_minor (USD)`. */
export interface StandingFigure {
  contactId: ContactId
  figure: string
  value: string
}

const RECEIVED = ['received', 'last_received_at']
const ENGAGED = ['opened', 'clicked', 'converted', 'last_opened_at', 'last_clicked_at']
const OTHER = ['orders', 'revenue_minor', 'refunded_minor']

/** A histogram of nothing, as PostgreSQL writes it. */
const NO_HOURS = `{${Array.from({ length: 24 }, () => 0).join(',')}}`

const listed = (columns: readonly string[], alias: string): string =>
  columns.map((column) => `('${column}', ${alias}.${column}::text)`).join(', ')

/**
 * Every figure of the contacts in `$2` that says something. Zeros and empty histograms are left out: a row of zeros and
 * no row mean the same.
 */
const STANDING = `
    select s.contact_id, s.figure, s.value
    from (
      select p.contact_id, f.figure, f.value
      from contact_profile p cross join lateral (values ${listed(COMPARED, 'p')}) as f (figure, value)
      where p.org_id = $1 and p.contact_id = any($2::bigint[])
      union all
      select e.contact_id, f.figure || ' (' || e.channel || ')', f.value
      from contact_engagement e cross join lateral (values ${listed(ENGAGED, 'e')}) as f (figure, value)
      where e.org_id = $1 and e.contact_id = any($2::bigint[])
      union all
      select r.contact_id, f.figure || ' (' || r.channel || ')', f.value
      from contact_received r cross join lateral (values ${listed(RECEIVED, 'r')}) as f (figure, value)
      where r.org_id = $1 and r.block = any(array(select received_block_of(g.id) from unnest($2::bigint[]) as g (id)))
        and r.contact_id in (select unnest($2::bigint[]))
      union all
      select o.contact_id, f.figure || ' (' || o.currency || ')', f.value
      from contact_other_money o cross join lateral (values ${listed(OTHER, 'o')}) as f (figure, value)
      where o.org_id = $1 and o.contact_id = any($2::bigint[])
    ) s
    where s.value is not null and s.value <> '0' and s.value <> '${NO_HOURS}'`

/** The figures of these contacts. */
export const selectStanding = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<StandingFigure[]> =>
  ctx.db.named('analytics_rebuild_standing', STANDING, [ctx.orgId, contactIds])

/** One number over all figures of each contact: the same figures give the same, in whatever order they are read. */
export const selectDigests = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<unknown[][]> =>
  ctx.db.rows(
    'analytics_rebuild_digests',
    `
    select contact_id, bit_xor(hashtextextended(figure || '=' || value, 0)) from (${STANDING}) as standing
    group by contact_id`,
    [ctx.orgId, contactIds],
  )
