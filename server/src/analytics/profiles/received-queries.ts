/**
 * Statements over messages received per contact and channel, which lie in blocks of people with neighbouring ids
 * (`received_block`; read as rows from the view `contact_received`). Blocks are rewritten whole: only under the frame's lock.
 */
import type { Ctx } from '../../platform/context.ts'
import { rangeOf, soughtBy, withoutNestedLoops } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { HandoverNote } from '../../tracking/index.ts'
import { figure, isDense, PERSON } from './refigure-queries.ts'

/**
 * Writes the blocks of some people, given all people of these blocks.
 * @param rows  what has `contact_id`, `channel`, `received` and `last_received_at`, a person and channel once
 * @param now  the parameter that holds the instant
 */
const writeBlocks = (rows: string, now: string): string => `
    insert into received_block (org_id, block, channel, contact_ids, received, last_received_at, updated_at)
    select $1, received_block_of(contact_id) as block, channel, array_agg(contact_id order by contact_id),
      array_agg(received order by contact_id), array_agg(last_received_at order by contact_id), ${now}
    from ${rows}
    group by block, channel
    order by block, channel
    on conflict (org_id, block, channel) do update set contact_ids = excluded.contact_ids, received = excluded.received,
      last_received_at = excluded.last_received_at, updated_at = excluded.updated_at`

/** Adds messages that were handed over; those to a profile that was merged count for the person. Under the frame's lock. */
export async function addReceived(ctx: Ctx, notes: readonly HandoverNote[]): Promise<void> {
  for (const [channel, ofChannel] of Map.groupBy(notes, (note) => note.channel))
    await addReceivedOn(ctx, channel, ofChannel)
}

async function addReceivedOn(ctx: Ctx, channel: string, notes: readonly HandoverNote[]): Promise<void> {
  const range = rangeOf(notes.flatMap(({ from, through }) => [from, through]))
  const count = notes.reduce((sum, note) => sum + note.count, 0)
  const values = [
    ctx.orgId,
    ctx.now(),
    channel,
    notes.map((note) => note.at),
    notes.map((note) => note.contactIds),
    range.from,
    range.through,
  ]
  if (!isDense(range, count)) return addReceivedByKey(ctx, 'analytics_received_add', 'left join', values)
  await addReceivedByKey(ctx, 'analytics_received_add_merged', 'join', values)
  await addReceivedInRange(ctx, values)
}

const NOTED = `noted as (
      select n.at, u.id
      from unnest($4::timestamptz[], $5::text[]) as n (at, contact_ids)
      cross join unnest(n.contact_ids::bigint[]) as u (id)
    )`

/** Adds what is summed per person to what stands in the blocks that `within` names. */
const addSummed = (within: string): string => `together as (
      select contact_id, $3::text as channel, sum(received)::int as received, max(last_received_at) as last_received_at
      from (
        select contact_id, received, last_received_at from summed
        union all
        select r.contact_id, r.received, r.last_received_at
        from contact_received r
        where r.org_id = $1 and r.channel = $3 and r.block ${within}
      ) counts
      group by contact_id
    )${writeBlocks('together', '$2')}`

/** Looks at each person by key: all of them, or with an inner join those alone who were merged into another. */
async function addReceivedByKey(
  ctx: Ctx,
  name: string,
  join: 'join' | 'left join',
  values: readonly unknown[],
): Promise<void> {
  await ctx.db.named(
    name,
    `
    with recursive ${NOTED}, merged (id, contact_id, step) as (
      select a.merged_id, a.kept_id, 1
      from contact_alias a
      where a.org_id = $1 and a.merged_id between $6 and $7 and a.merged_id in (select id from noted)
      union all
      select m.id, a.kept_id, m.step + 1
      from merged m
      join contact_alias a on a.org_id = $1 and a.merged_id = m.contact_id
      where m.step < 100
    ), kept as (
      select distinct on (id) id, contact_id from merged order by id, step desc
    ), named as (
      select coalesce(k.contact_id, n.id) as contact_id, count(*)::int as received, max(n.at) as last_received_at
      from noted n
      ${join} kept k on k.id = n.id
      group by 1
    ), summed as materialized (
      select n.contact_id, n.received, n.last_received_at
      from named n
      cross join lateral (select from contact where org_id = $1 and ${soughtBy('id', 'n.contact_id')}) known
    ), ${addSummed('= any(array(select received_block_of(contact_id) from summed))')}`,
    values,
  )
}

/** Reads the people between the lowest and the highest id. Who was merged into another is no contact any more. */
async function addReceivedInRange(ctx: Ctx, values: readonly unknown[]): Promise<void> {
  // Both sides of its joins are sorted or small; without statistics the planner would compare all with all.
  // People are sorted, so that they are read by id whatever statistics know of the organization.
  await withoutNestedLoops(ctx, () =>
    ctx.db.named(
      'analytics_received_add_range',
      `
      with ${NOTED}, summed as (
        select n.id as contact_id, count(*)::int as received, max(n.at) as last_received_at
        from noted n
        join (select id from contact where org_id = $1 and id between $6 and $7 order by id) known on known.id = n.id
        group by n.id
      ), ${addSummed('between received_block_of($6) and received_block_of($7)')}`,
      values,
    ),
  )
}

/**
 * Messages received, per channel, from the ledger: also those to profiles that were merged into this one. What was
 * handed over a moment ago and waits to be added is left out here, and added then.
 */
export const refigureReceived = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<unknown> =>
  figure(
    ctx,
    contactIds.length,
    'analytics_received_refigure',
    `
    with recursive ${PERSON}, former (contact_id, id, step) as (
      select contact_id, contact_id, 0 from person
      union all
      select f.contact_id, a.merged_id, f.step + 1
      from former f
      join contact_alias a on a.org_id = $1 and a.kept_id = f.id
      where f.step < 100
    ), stored as (
      select f.contact_id, m.channel, count(*)::int as n, max(m.handed_over_at) as last_at
      from former f
      join message m on m.org_id = $1 and m.contact_id = f.id and m.state in ('sent', 'delivered')
      group by f.contact_id, m.channel
    ), waiting as (
      select f.contact_id, n.channel, count(*)::int as n
      from handover_note n
      cross join unnest(n.contact_ids) as u (id)
      join former f on f.id = u.id
      where n.org_id = $1
      group by f.contact_id, n.channel
    ), standing as materialized (
      select r.contact_id, r.channel, r.received, r.last_received_at
      from contact_received r
      where r.org_id = $1 and r.block = any(array(select received_block_of(contact_id) from person))
    ), known as (
      select contact_id, channel from stored
      union
      select contact_id, channel from waiting
      union
      select s.contact_id, s.channel from standing s join person p on p.contact_id = s.contact_id
    ), together as (
      select k.contact_id, k.channel, coalesce(s.n, 0) - coalesce(w.n, 0) as received, s.last_at as last_received_at
      from known k
      left join stored s using (contact_id, channel)
      left join waiting w using (contact_id, channel)
      union all
      select contact_id, channel, received, last_received_at
      from standing
      where contact_id not in (select contact_id from person)
    )${writeBlocks('together', '$3')}`,
    [ctx.orgId, contactIds, ctx.now()],
  )

/** Takes people out of their blocks. Under the frame's lock. */
export const deleteReceived = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<unknown> =>
  ctx.db.named(
    'analytics_received_delete',
    `
    with held as (
      select r.block, r.channel, array_agg(r.contact_id order by r.contact_id) as contact_ids,
        array_agg(r.received order by r.contact_id) as received,
        array_agg(r.last_received_at order by r.contact_id) as last_received_at
      from contact_received r
      where r.org_id = $1 and r.block = any(array(select received_block_of(g.id) from unnest($2::bigint[]) as g (id)))
        and r.contact_id <> all($2::bigint[])
      group by r.block, r.channel
    ), emptied as (
      delete from received_block b
      where b.org_id = $1 and b.contact_ids <@ $2::bigint[]
        and b.block = any(array(select received_block_of(g.id) from unnest($2::bigint[]) as g (id)))
    )
    update received_block b set contact_ids = h.contact_ids, received = h.received, last_received_at = h.last_received_at,
      updated_at = $3
    from held h
    where b.org_id = $1 and b.block = h.block and b.channel = h.channel and b.contact_ids && $2::bigint[]`,
    [ctx.orgId, contactIds, ctx.now()],
  )
