/**
 * People with fields, events of half a year, consent on three channels and derived figures, all by arithmetic over
 * their numbers. Each table is filled by one statement without its indexes, which are built afterwards: what stands
 * there in the end is the same, in a fifth of the time.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { z } from 'zod'
import type { Ctx } from '../../server/src/platform/context.ts'
import { makePartitions } from '../../server/src/platform/db/index.ts'
import type { OrgId } from '../../server/src/platform/ids.ts'
import { asOwner, benchOrganization, type Installation } from '../platform.ts'

/** What was made: the organization, and the instant as of which. */
export interface Made {
  ctx: Ctx
  now: Date
  people: number
  events: number
  /** False when an earlier run had left it. */
  isNew: boolean
}

const MONTHS_OF_EVENTS = [6, 3]

const note = z.object({ orgId: z.string(), now: z.coerce.date(), people: z.number(), events: z.number() })

/** Makes the data in an installation, or finds what an earlier run has left there. */
export async function peopleAndEvents(
  installation: Installation,
  people: number,
  events: number,
): Promise<Made> {
  const { platform, connection, dataDir, log } = installation
  const file = join(dataDir, 'bench-data.json')
  const kept = await readFile(file, 'utf8').catch(() => null)
  if (kept !== null) {
    const found = note.parse(JSON.parse(kept))
    if (found.people !== people || found.events !== events)
      throw new Error(`${dataDir} holds ${found.people} people and ${found.events} events`)
    return { ...found, ctx: platform.systemCtx(found.orgId as OrgId), isNew: false } // we wrote it
  }
  const ctx = await benchOrganization(platform)
  const now = ctx.now()
  for (const months of MONTHS_OF_EVENTS)
    await makePartitions(
      connection,
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)),
      log,
    )
  const values = [ctx.orgId, now]
  await asOwner(connection, async (client) => {
    for (const statement of SMALL) await client.query(statement, values)
    await client.query('insert into org_log (org_id, pos) values ($1, $2)', [ctx.orgId, events])
    await client.query(
      `insert into event_cursor (org_id, consumer, pos, updated_at) values ($1, 'segments.membership', $3, $2)`,
      [...values, events],
    )
  })
  // Two connections, for two cores; each table by one of them, so that its rows lie in the order of their numbers.
  await Promise.all([
    asOwner(connection, (client) => fill(client, 'event', EVENTS, [...values, events, people])),
    asOwner(connection, async (client) => {
      for (const [table, statement] of OF_PEOPLE) await fill(client, table, statement, [...values, people])
      await client.query(`select setval(pg_get_serial_sequence('contact', 'id'), $1)`, [people])
    }),
  ])
  await writeFile(file, JSON.stringify({ orgId: ctx.orgId, now, people, events }))
  return { ctx, now, people, events, isNew: true }
}

/** Fills one empty table, builds its indexes and gathers its statistics, as autovacuum would within a minute. */
async function fill(client: pg.Client, table: string, statement: string, values: unknown[]): Promise<void> {
  await client.query(`set synchronous_commit = off`)
  await client.query(`set maintenance_work_mem = '512MB'`)
  await client.query(`set wal_compression = off`)
  const { rows: indexes } = await client.query<{
    name: string
    constraint: string | null
    definition: string
  }>(
    `select i.indexrelid::regclass::text as name, c.conname as constraint,
       coalesce('alter table ' || i.indrelid::regclass || ' add constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid),
         replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')) as definition
     from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.contype in ('p', 'u')
     where i.indrelid = $1::regclass`,
    [table],
  )
  for (const { name, constraint } of indexes)
    await client.query(
      constraint === null ? `drop index ${name}` : `alter table ${table} drop constraint ${constraint}`,
    )
  await client.query(statement, values)
  for (const { definition } of indexes) await client.query(definition)
  await client.query(`vacuum analyze ${table}`)
}

const SMALL = [
  `insert into custom_field (org_id, id, key, name, type, choices, position, created_at, updated_at)
   values ($1, gen_random_uuid(), 'plan', 'Plan', 'choice', '{free,pro}', 0, $2, $2), ($1, gen_random_uuid(), 'score', 'Score', 'number', '{}', 1, $2, $2)`,
  `insert into event_definition (org_id, type, name, role, volume, first_seen_at, last_seen_at, created_at, updated_at)
   values ($1, 'track:Order Completed', 'Order Completed', 'purchase', 1, $2, $2, $2, $2)`,
]

/** `$1` organization, `$2` instant, `$3` events, `$4` people. */
const EVENTS = `
  insert into event (org_id, seq, recorded_at, at, type, contact_id, payload)
  select $1, n, moment.at, moment.at, kind.type, 1 + (n::bigint * 7919 * 31 + n / 97) % $4::int,
    case when kind.type = 'track:Order Completed'
      then format('{"properties": {"total": %s}, "money": {"amountMinor": %s, "currency": "EUR"}}', n % 120, n % 120 * 100)::jsonb
      else format('{"properties": {"path": "/p/%s"}}', n % 1000)::jsonb end
  from generate_series(1, $3::int) n,
    lateral (select $2::timestamptz - ($3::int - n) * (interval '180 days' / $3::int) as at) moment,
    lateral (select case when n % 20 < 12 then 'page' when n % 20 < 17 then 'track:Product Viewed' when n % 20 < 19 then 'track:Cart Viewed' else 'track:Order Completed' end as type) kind`

/** `$1` organization, `$2` instant, `$3` people. */
const OF_PEOPLE = [
  [
    'contact',
    `insert into contact (org_id, id, email, email_hash, phone, phone_hash, first_name, city, country, language, birthday, subscription_tier, tags, attributes, source, created_at, updated_at)
     select $1, n, 'c' || n || '@example.net', decode(md5('c' || n), 'hex'), case when n % 3 = 0 then '+336' || lpad(n::text, 8, '0') end, case when n % 3 = 0 then decode(md5('p' || n), 'hex') end,
       'Name' || n % 1000, 'City' || n % 300, (array['FR','BE','DE','US','GB','ES','IT','CA'])[1 + (n * 7 % 8)], (array['fr','de','en','es'])[1 + (n * 5 % 4)],
       date '1950-01-01' + (n * 37 % 18000), (array['free','gold','silver'])[1 + n % 3],
       case when n % 20 = 0 then '{vip}'::text[] when n % 50 = 1 then '{staff}'::text[] else '{}'::text[] end,
       jsonb_build_object('plan', case when n % 9 = 0 then 'pro' else 'free' end, 'score', n * 31 % 1000), 'bench',
       $2::timestamptz - make_interval(mins => (n * 13 % 500000)), $2
     from generate_series(1, $3::int) n`,
  ],
  [
    'preference',
    `insert into preference (org_id, contact_id, channel, purpose, state, decided_at, event_id)
     select $1, n, ch.name, 'marketing', case when n % ch.rest = 0 then 'withdrawn' else 'granted' end, $2, 0
     from generate_series(1, $3::int) n, (values ('email', 25), ('sms', 7), ('whatsapp', 5)) as ch (name, rest)`,
  ],
  [
    'suppression',
    `insert into suppression (org_id, channel, address_hash, reason, source, created_at)
     select $1, 'email', decode(md5('c' || n), 'hex'), 'hard', 'bench', $2 from generate_series(7, $3::int, 50) n`,
  ],
  [
    'contact_profile',
    `insert into contact_profile (org_id, contact_id, orders, revenue_minor, last_order_at, last_activity_at, engagement_score, figured_on, updated_at)
     select $1, n, n % 6, n % 6 * 7000, $2::timestamptz - make_interval(days => n % 200), $2::timestamptz - make_interval(days => n % 90), n % 101, $2::date, $2
     from generate_series(1, $3::int) n`,
  ],
  [
    'contact_engagement',
    `insert into contact_engagement (org_id, contact_id, channel, opened, clicked, updated_at)
     select $1, n, 'email', greatest(0, n % 9 - 4), n % 2, $2 from generate_series(1, $3::int) n`,
  ],
  [
    'received_block',
    `insert into received_block (org_id, block, channel, contact_ids, received, last_received_at, updated_at)
     select $1, received_block_of(n), 'email', array_agg(n::bigint order by n), array_agg(n % 9 order by n),
       array_agg($2::timestamptz), $2
     from generate_series(1, $3::int) n group by received_block_of(n) order by received_block_of(n)`,
  ],
] as const
