/** The last look at the people of a sub-batch before a provider is called: may they be written to, and what a text names. */
import { ADDRESS_COLUMNS, reachabilitySql } from '../../consent/index.ts'
import type { ContactFields } from '../../content/index.ts'
import type { Ctx } from '../../platform/context.ts'
import {
  type IdRange,
  idsLiteral,
  rangeOf,
  setKeptPlans,
  shareOf,
  soughtBy,
} from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Purpose, RunChannel } from '../runs/run.ts'
import type { Addressee } from './addressee.ts'

/** Ids that fill at least this share of their range are read in one scan of it, if there are so many. */
const DENSE_SHARE_MIN = 0.25
const DENSE_FROM = 50

/** What a content may read of a person: each under its name in Liquid, which is that of its column. */
const READ_COLUMNS = [
  'email',
  'first_name',
  'last_name',
  'phone',
  'language',
  'time_zone',
  'country',
  'city',
  'birthday',
  'subscription_tier',
  'subscription_status',
  'tags',
  'attributes',
] as const
/** The organization's own fields lie in this one. */
const OWN_FIELDS = 2 ** READ_COLUMNS.indexOf('attributes')

/** What a content reads, as bits in the order of the columns: one statement serves all contents. */
const bitsOf = (fields: ContactFields): number =>
  fields === null
    ? 2 ** READ_COLUMNS.length - 1
    : [...fields].reduce((bits, field) => {
        const at = READ_COLUMNS.findIndex((column) => column === field)
        return bits | (at === -1 ? OWN_FIELDS : 2 ** at)
      }, 0)

const READ = READ_COLUMNS.map(
  (column, at) =>
    `case when $5::int & ${2 ** at} <> 0 then c.${column === 'birthday' ? 'birthday::text' : column} end`,
).join(', ')

/** Whom a last look is for, and what is read of them. */
interface Look {
  channel: RunChannel
  ids: readonly ContactId[]
  /** The rest of a person is left where it is: nobody waits for what no text names. */
  fields: ContactFields
}

// The last thing read before a provider is called, for a whole sub-batch, in any order. Contacts deleted meanwhile give
// no row.
export async function lastLook(
  ctx: Ctx,
  { purpose, topic }: { purpose: Purpose; topic: string | null },
  { channel, ids, fields }: Look,
): Promise<Addressee[]> {
  const address = channel === 'in_app' || channel === 'webhook' ? null : ADDRESS_COLUMNS[channel]
  const range = denseRange(ids)
  const reach = reachabilitySql({
    channel,
    purpose,
    org: '$1',
    now: '$3::timestamptz',
    ...(topic === null ? {} : { topic: '$4' }),
    byKey: true,
    follows: true,
    ...(range ? { range: { from: '$6', through: '$7' } } : {}),
  })
  // Both sides of a join over a range are small and sorted: its plan is the same for every range. The order makes it read
  // people by their ids: of an organization that statistics do not know yet the planner expects one row, and would as well
  // walk through all of its people by their addresses (a campaign right after an import took ten times the time, measured).
  if (range) await setKeptPlans(ctx, 'on')
  const rows = await ctx.db.rows(
    `delivery_last_look_${channel}_${purpose}${topic === null ? '' : '_topic'}${range ? '_range' : ''}`,
    `
    select c.id, ${reach.reason}, ${address ? `c.${address}` : 'null'},
      ${reach.mayTrackOpens}, ${reach.mayTrackClicks}, ${READ}
    ${
      range
        ? `from (select * from contact where org_id = $1 and id between $6 and $7 order by id) c
    join unnest($2::bigint[]) as wanted (id) on wanted.id = c.id`
        : `from unnest($2::bigint[]) as wanted (id)
    cross join lateral (select * from contact where org_id = $1 and ${soughtBy('id', 'wanted.id')}) c`
    }
    ${reach.joins}
    where $4::text is null or true -- PostgreSQL wants each parameter used`,
    [
      ctx.orgId,
      idsLiteral(ids),
      ctx.now(),
      topic,
      bitsOf(fields),
      ...(range ? [range.from, range.through] : []),
    ],
  )
  if (range) await setKeptPlans(ctx, 'off')
  return rows.map((row) => addresseeOf(row as AddresseeRow)) // the select list
}

/** In the order of the select list; what was not read is null. */
type AddresseeRow = [
  id: ContactId,
  reason: string | null,
  address: string | null,
  mayTrackOpens: boolean,
  mayTrackClicks: boolean,
  email: string | null,
  firstName: string | null,
  lastName: string | null,
  phone: string | null,
  language: string | null,
  timeZone: string | null,
  country: string | null,
  city: string | null,
  birthday: string | null,
  subscriptionTier: string | null,
  subscriptionStatus: string | null,
  tags: string[] | null,
  attributes: Record<string, unknown> | null,
]

const addresseeOf = (row: AddresseeRow): Addressee => ({
  id: row[0],
  reason: row[1],
  address: row[2],
  mayTrackOpens: row[3],
  mayTrackClicks: row[4],
  email: row[5],
  firstName: row[6],
  lastName: row[7],
  phone: row[8],
  language: row[9],
  timeZone: row[10],
  country: row[11],
  city: row[12],
  birthday: row[13],
  subscriptionTier: row[14],
  subscriptionStatus: row[15],
  tags: row[16] ?? NO_TAGS,
  attributes: row[17] ?? NO_ATTRIBUTES,
})
const NO_TAGS: readonly string[] = []
const NO_ATTRIBUTES: Readonly<Record<string, unknown>> = {}

/** The range of ids that lie close together, or null. */
function denseRange(ids: readonly ContactId[]): IdRange | null {
  if (ids.length < DENSE_FROM) return null
  const range = rangeOf(ids)
  return shareOf(range, ids.length) >= DENSE_SHARE_MIN ? range : null
}
