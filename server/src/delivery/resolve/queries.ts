/** SQL that turns an audience into chunks and skips, slice by slice. */
import { reachabilitySql } from '../../consent/index.ts'
import { HOLDOUT, type Split, withVariantSql } from '../../experiments/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { avoidHelpers, avoidNestedLoops, inTransaction, withoutNestedLoops } from '../../platform/db/index.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { audiencePredicate, type Audience, type SqlPlace } from '../../segments/index.ts'
import type { LedgerSkips } from '../../tracking/index.ts'
import { slotsOfSlice, type Looked } from '../timing/slots.ts'
import { timedSql } from '../timing/slots-sql.ts'
import { channelsOf, type Purpose, type Reach, type Run, type RunChannel } from '../runs/run.ts'

/** The last contact that a run looks at: people who come later are the next run's. */
export async function lastContactId(ctx: Ctx): Promise<string> {
  const [row] = await ctx.db.named<{ id: string | null }>(
    'delivery_last_contact',
    'select max(id) as id from contact where org_id = $1',
    [ctx.orgId],
  )
  return row?.id ?? '0'
}

/** The end of a slice of so many contacts; the bound itself when fewer are left. */
export async function sliceEnd(ctx: Ctx, after: string, until: string, contacts: number): Promise<string> {
  const [row] = await ctx.db.named<{ id: string }>(
    'delivery_slice_end',
    `
    select id from contact where org_id = $1 and id > $2 and id <= $3
    order by id offset $4 limit 1`,
    [ctx.orgId, after, until, contacts - 1],
  )
  return row?.id ?? until
}

/** What a slice gave. */
export interface Slice {
  /** `dueAt`: when it may leave. */
  chunks: { chunkNo: number; channel: RunChannel; variant: number; size: number; dueAt: Date }[]
  /** Contacts that get nothing on a channel, by reason. */
  skips: (LedgerSkips & { channel: RunChannel })[]
}

/** Parameters after those that every slice has: first the slots', then the audience's. */
const FIRST_FREE_PARAM = 9

/** Where the segment's predicate finds what the statement holds. */
const PLACE: Omit<SqlPlace, 'firstParam'> = {
  alias: 'c',
  orgIdParam: '$1',
  slice: { afterParam: '$2', upToParam: '$3' },
}

/**
 * The people of a range whom the audience names, if they are few; null when there are more. Nothing else is asked of
 * anybody: where few are meant among many, that is most of the work of looking at everybody.
 */
export async function fewNamed(
  ctx: Ctx,
  run: Run,
  { after, through, most }: { after: string; through: string; most: number },
): Promise<ContactId[] | null> {
  const audience = await audiencePredicate(ctx, run.audience, { ...PLACE, firstParam: 5 })
  // Runs that are due at the same minute look at the same moment.
  await avoidHelpers(ctx)
  const rows = await withoutNestedLoops(ctx, () =>
    ctx.db.query<{ id: ContactId }>(
      `
      select c.id from contact c
      where c.org_id = $1 and c.id > $2 and c.id <= $3 and (${audience.text})
      limit $4`,
      [ctx.orgId, after, through, most + 1, ...audience.values],
    ),
  )
  return rows.length > most ? null : rows.map(({ id }) => id)
}

/** Everybody of the slice whom the audience names, or these people, whose audience the caller has looked at. */
interface Whom {
  /** A predicate over `contact c`. */
  predicate: string
  /** The two parameters that it begins with, and those after the slots'. */
  bounds: [unknown, unknown]
  values: unknown[]
}

async function whomOf(ctx: Ctx, run: Run, looked: Looked, firstParam: number): Promise<Whom> {
  if ('contactIds' in looked)
    return {
      predicate: `c.id = any($2::bigint[]) and ${used('$3::text')}`,
      bounds: [looked.contactIds, null],
      values: [],
    }
  const audience = await audiencePredicate(ctx, run.audience, { ...PLACE, firstParam })
  return {
    predicate: `c.id > $2 and c.id <= $3 and (${audience.text})`,
    bounds: [looked.after, looked.through],
    values: audience.values,
  }
}

// One statement judges a whole slice for every channel and freezes its chunks. People are gathered into one array per
// channel, variant, slot and reason in a single pass, and what is kept of them is cut into chunks afterwards: numbering
// and sorting each person instead cost a quarter of the statement (measured). The ids of those skipped come back as
// PostgreSQL writes arrays and go into the ledger unread: a hundred thousand cost nothing here. Of a few people
// named by id each is looked into by key.
export async function resolveSlice(
  ctx: Ctx,
  run: Run,
  { chunkSize, ...looked }: Looked & { chunkSize: number },
): Promise<Slice> {
  const channels = channelsOf(run)
  const timed = timedSql(await slotsOfSlice(ctx, run, channels, looked), FIRST_FREE_PARAM)
  const whom = await whomOf(ctx, run, looked, FIRST_FREE_PARAM + timed.values.length)
  const reach = reachOf(channels, run, {
    org: '$1',
    now: '$5::timestamptz',
    topic: '$8',
    ...('contactIds' in looked ? { byKey: true } : { slice: { after: '$2', through: '$3' } }),
  })
  const pick = pickOf(reach)
  const split = splitOf(run.split)
  const people = split.assign(`
        select c.id, ${pick.columns}${split.columns}${timed.personColumns}
        from contact c ${reach.joins}
        where c.org_id = $1 and ${used('$8::text')} and ${whom.predicate}`)
  if (!('contactIds' in looked)) {
    await avoidNestedLoops(ctx)
    await avoidSorting(ctx)
  }
  const rows = await ctx.db.query<{
    chunkNo: number | null
    channel: RunChannel
    variant: number
    size: number
    dueAt: Date
    reason: string
    isHeldOut: boolean
    contactIds: string
  }>(
    `
    with planned as (
      select person.id, ${pick.no} as no, coalesce(${pick.reason}, ${split.heldOut}, ${timed.dropped}) as reason,
        greatest(person.variant, 0::smallint) as variant, ${timed.slotNo} as slot_no,
        ${pick.reason} is null and ${split.heldOut} is not null as is_held_out
      from (${people} offset 0) person ${pick.join} ${timed.join(pick.no)}
      where person.variant is not null
    ), grouped as materialized (
      select no, variant, reason, is_held_out, case when reason is null then slot_no end as slot_no, array_agg(id) as ids
      from planned group by 1, 2, 3, 4, 5
    ), piece as (
      select no, variant, slot_no, part,
        array(select id from unnest(ids[part * $6::int + 1 : (part + 1) * $6::int]) as of_part (id) order by id) as ids
      from (
        select no, variant, slot_no, ids, generate_series(0, (cardinality(ids) - 1) / $6::int) as part
        from grouped where reason is null
      ) cut
      offset 0
    ), numbered as (
      select no, variant, slot_no, ids, (row_number() over (order by part, no, variant, slot_no) - 1)::int as nth from piece
    ), made as (
      insert into chunk (org_id, run_id, chunk_no, channel, variant, contact_ids, waiting_count, due_at, place, held, created_at, updated_at)
      select $1, $4, $7::int + nth, ${reach.names}[no], variant, ids, cardinality(ids), ${timed.dueAt('$5::timestamptz')}, ${timed.place}, ${timed.held}, $5::timestamptz, $5::timestamptz
      from numbered ${timed.slotJoin('numbered')}
      returning chunk_no, channel, variant, waiting_count as size, due_at
    )
    select chunk_no, channel, variant, size, due_at, '' as reason, false as is_held_out, '{}' as contact_ids from made
    union all
    select null, ${reach.names}[no], variant, 0, null, reason, is_held_out, ids::text from grouped where reason is not null
    order by chunk_no nulls last, channel, variant, reason`,
    [
      ctx.orgId,
      ...whom.bounds,
      run.id,
      ctx.now(),
      chunkSize,
      run.chunksMade + 1,
      run.topic,
      ...timed.values,
      ...whom.values,
    ],
  )
  return {
    chunks: rows.flatMap(({ chunkNo, channel, variant, size, dueAt }) =>
      chunkNo === null ? [] : [{ chunkNo, channel, variant, size, dueAt }],
    ),
    skips: rows.flatMap(({ chunkNo, channel, variant, reason, isHeldOut, contactIds }) =>
      chunkNo === null
        ? [
            {
              channel,
              variant,
              reason,
              contactIds,
              state: isHeldOut ? ('held_out' as const) : ('skipped' as const),
            },
          ]
        : [],
    ),
  }
}

/** Holdout and variants of people, as pieces of the statement. */
interface SplitSql {
  /** What the query of people must select besides, with a leading comma. */
  columns: string
  /** The query of people with their `variant`: null for whom the run leaves alone. */
  assign: (people: string) => string
  /** Why a person gets nothing whom a message may reach. */
  heldOut: string
}

function splitOf(split: Split | null): SplitSql {
  if (split === null)
    return { columns: ', 0::smallint as variant', assign: (people) => people, heldOut: 'null::text' }
  // Numbers, keys of fields and digests: nothing of a split is input as somebody wrote it.
  const silent = split.silentVariants.map((no) => `when ${Number(no)} then 'control'`).join(' ')
  return {
    columns: split.byField ? ', c.attributes' : '',
    assign: (people) => withVariantSql(people, split, '$1'),
    heldOut: `case person.variant when ${HOLDOUT} then 'holdout' ${silent} end`,
  }
}

/** What is asked of each person, for all channels of a run in one statement. */
interface ReachSql {
  joins: string
  /** An array with one entry per channel, in the campaign's order: why not, or null. */
  reasons: string
  /** The same where there is one channel only: its entry alone. */
  onlyReason: string | null
  /** The person's own order of channels, or null. */
  preferred: string
  /** A select of the numbers of channels that a person's messages or skips are written on, from 1. */
  picks: string
  /** The channels as an array of text. */
  names: string
}

/** How each person's messages and skips are told apart by channel. */
interface PickSql {
  /** Columns of the query of people. */
  columns: string
  /** Joins a person to the channels that are picked. */
  join: string
  /** The number of a picked channel, from 1. */
  no: string
  /** Why not on a picked channel, or null. */
  reason: string
}

/** Nothing is to be picked from one channel: people then need neither arrays nor a join. */
function pickOf({ onlyReason, reasons, preferred, picks }: ReachSql): PickSql {
  if (onlyReason !== null)
    return { columns: `${onlyReason} as reason`, join: '', no: '1', reason: 'person.reason' }
  return {
    columns: `${reasons} as reasons, ${preferred} as preferred`,
    join: `cross join lateral (${picks}) pick`,
    no: 'pick.no',
    reason: 'person.reasons[pick.no]',
  }
}

/** True, whatever the parameter: PostgreSQL wants each one used, and which of them a question needs depends on its channels. */
const used = (param: string): string => `(${param} is null or true)`

function reachOf(
  channels: readonly RunChannel[],
  { purpose, reach, topic }: { purpose: Purpose; reach: Reach; topic: string | null },
  {
    topic: topicParam,
    ...place
  }: { org: string; now: string; topic: string; slice?: { after: string; through: string }; byKey?: boolean },
): ReachSql {
  const about = topic === null ? {} : { topic: topicParam }
  const asked = channels.map((channel) =>
    reachabilitySql({ ...place, ...about, channel, purpose, suffix: `_${channel}` }),
  )
  // Names of channels are our own words, never input.
  const names = `(array[${channels.map((channel) => `'${channel}'`).join(', ')}])`
  const numbers = `generate_series(1, ${channels.length}) as channel (no)`
  return {
    joins: asked.map(({ joins }) => joins).join(''),
    reasons: `array[${asked.map(({ reason }) => `(${reason})`).join(', ')}]::text[]`,
    onlyReason: asked.length === 1 ? (asked[0]?.reason ?? null) : null,
    preferred: reach === 'all' ? 'null::text[]' : PREFERRED,
    picks:
      reach === 'all'
        ? `select no from ${numbers}`
        : `select no from ${numbers}
           order by person.reasons[no] is not null, array_position(person.preferred, ${names}[no]) nulls last, no
           limit 1`,
    names,
  }
}

/**
 * The order in which a person wants to be reached: the organization's own contact field `preferred_channel`, one word or
 * a list of them. People write “E-mail” and “In-app”.
 */
const PREFERRED = `(
  select array_agg(replace(translate(lower(word), '- ', '__'), 'e_mail', 'email') order by place)
  from jsonb_array_elements_text(
    case jsonb_typeof(c.attributes -> 'preferred_channel')
      when 'array' then c.attributes -> 'preferred_channel'
      when 'string' then jsonb_build_array(c.attributes -> 'preferred_channel')
      else '[]'::jsonb
    end
  ) with ordinality as wish (word, place))`

// The planner cannot know that reasons and variants are few, and would sort a whole slice in order to group it.
const avoidSorting = (ctx: Ctx): Promise<unknown> => ctx.db.query('set local enable_sort = off')

/** A group of people to whom the same would happen. */
export interface EstimatedGroup {
  /** Per channel that was asked about: why not, or null. */
  reasons: (string | null)[]
  /** Places of the channels on which they would get something, from 0. */
  chosen: number[]
  people: number
}

/** People of a sample for whom a run would do the same. */
export interface SampledGroup {
  /** Places of the channels on which they would get something, from 0; none: nothing. */
  chosen: number[]
  contactIds: ContactId[]
}

/**
 * How many match, and how many of them get nothing for which reason: a launch without its effects. Of those who match, the
 * same so many are named each time: a sample that no order of the list bends.
 */
export async function estimateAudience(
  ctx: Ctx,
  question: {
    audience: Audience
    channels: readonly RunChannel[]
    reach: Reach
    purpose: Purpose
    topic: string | null
    sampleSize: number
  },
): Promise<{ groups: EstimatedGroup[]; sample: SampledGroup[] }> {
  const audience = await audiencePredicate(ctx, question.audience, {
    alias: 'c',
    orgIdParam: '$1',
    firstParam: 5,
  })
  const reach = reachOf(question.channels, question, { org: '$1', now: '$2::timestamptz', topic: '$3' })
  const chosen = `array(select pick.no - 1 from (${reach.picks}) pick where person.reasons[pick.no] is null order by 1)`
  const rows = await inTransaction(ctx, async (ctx) => {
    await avoidNestedLoops(ctx)
    return ctx.db.query<EstimatedGroup & { contactIds: ContactId[] | null }>(
      `
      with person as materialized (
        select c.id, ${reach.reasons} as reasons, ${reach.preferred} as preferred
        from contact c ${reach.joins}
        where c.org_id = $1 and ${used('$2::timestamptz')} and ${used('$3::text')} and (${audience.text})
      ), sampled as (
        select id, reasons, preferred from person order by hashint8extended(id, 0), id limit $4::int
      )
      select person.reasons, ${chosen} as chosen, count(*)::int as people, null::bigint[] as contact_ids
      from person group by 1, 2
      union all
      select null, ${chosen}, 0, array_agg(person.id order by person.id) from sampled person group by 2
      order by 3 desc`,
      [ctx.orgId, ctx.now(), question.topic, question.sampleSize, ...audience.values],
    )
  })
  return {
    groups: rows.filter(({ contactIds }) => contactIds === null),
    sample: rows.flatMap(({ chosen, contactIds }) => (contactIds === null ? [] : { chosen, contactIds })),
  }
}

/** For each of these people the first channel, in their own order and then the campaign's, that was not tried on them. */
export const channelsUntried = (
  ctx: Ctx,
  run: Run,
  ids: readonly ContactId[],
): Promise<{ channel: RunChannel; contactIds: ContactId[] }[]> =>
  ctx.db.named(
    'delivery_channels_untried',
    `
    with person as (
      select c.id, ${PREFERRED} as preferred from contact c where c.org_id = $1 and c.id = any($4::bigint[])
    )
    select pick.channel, array_agg(person.id order by person.id) as contact_ids
    from person cross join lateral (
      select wanted.channel from unnest($5::text[]) with ordinality as wanted (channel, no)
      where not exists (
        select 1 from message m
        where m.org_id = $1 and m.run_id = $2 and m.month = $3::date and m.contact_id = person.id and m.channel = wanted.channel)
      order by array_position(person.preferred, wanted.channel) nulls last, wanted.no
      limit 1
    ) pick
    group by pick.channel order by pick.channel`,
    [ctx.orgId, run.id, run.month, ids, channelsOf(run)],
  )

export const advanceRun = (
  ctx: Ctx,
  id: RunId,
  to: {
    resolvedThrough: string
    chunksMade: number
    audienceSize: number
    tallies: Run['tallies']
    isResolved: boolean
  },
): Promise<unknown> =>
  ctx.db.named(
    'delivery_advance_run',
    `
    update run set resolved_through = $3, slices_made = slices_made + 1, chunks_made = $4, audience_size = $5,
      tallies = $6, resolved_at = $7, state = $8, updated_at = $9
    where org_id = $1 and id = $2`,
    [
      ctx.orgId,
      id,
      to.resolvedThrough,
      to.chunksMade,
      to.audienceSize,
      JSON.stringify(to.tallies),
      to.isResolved ? ctx.now() : null,
      to.isResolved ? 'running' : 'resolving',
      ctx.now(),
    ],
  )

export const setResolveUntil = (ctx: Ctx, id: RunId, until: string): Promise<unknown> =>
  ctx.db.named(
    'delivery_resolve_until',
    'update run set resolve_until = $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, until, ctx.now()],
  )
