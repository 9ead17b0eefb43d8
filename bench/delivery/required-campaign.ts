/**
 * The bare way of a campaign with what the product's promises ask of any engine, at its leanest: tables under a policy; an
 * audience judged by consent and suppression, with a row for everybody who gets nothing; the last look at the four words
 * that count; arming before the hand-over, so that a crash is known; a row in the ledger that is found by run and by
 * person; and messages received counted per person. Nothing per message is asked alone, no hours, caps, limits, budgets or
 * figures of variants are known, and one signature stands for all links. What it takes beside the bare way is the price of
 * the promises; what ours takes beyond it is our own.
 */
import type pg from 'pg'
import type { Connection } from '../../server/src/platform/db/index.ts'
import { type Installation, asOwner } from '../platform.ts'
import { asking, CHUNK, measureLoops, render, SUB_BATCH, type RawCampaign } from './raw-campaign.ts'

const ORG = '01900000-0000-7000-8000-000000000001'
const RUN = '01900000-0000-7000-8000-000000000002'
const CAMPAIGN = '01900000-0000-7000-8000-000000000003'

/** Goes the whole way, the audience included. */
export async function requiredCampaign(
  installation: Installation,
  { people, slots }: { people: number; slots: number },
): Promise<RawCampaign> {
  const { connection } = installation
  await inOrganization(connection, async (client) => {
    for (const statement of TABLES) await client.query(statement)
    for (const table of GUARDED) await client.query(guarded(table))
    for (const statement of PEOPLE) await client.query(statement, statement.includes('$1') ? [people] : [])
  })
  try {
    const resolve = (): Promise<unknown> => inOrganization(connection, (client) => client.query(RESOLVE))
    return await measureLoops(installation, slots, () => inOrganization(connection, handOver), resolve)
  } finally {
    await asOwner(connection, (client) => client.query(`drop table ${GUARDED.join(', ')}`))
  }
}

/** Works over a connection that the policies let see the organization. */
const inOrganization = <T>(connection: Connection, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  asOwner(connection, async (client) => {
    await client.query(`set app.org = '${ORG}'`)
    return work(client)
  })

const GUARDED = [
  'required_contact',
  'required_consent',
  'required_suppression',
  'required_chunk',
  'required_armed',
  'required_ledger',
  'required_received',
  'required_delta',
]

/** Each table shows an organization its own rows only, whatever a statement asks. */
const guarded = (table: string): string => `
  alter table ${table} enable row level security;
  alter table ${table} force row level security;
  create policy tenant on ${table} using (org_id = nullif(current_setting('app.org', true), '')::uuid)
    with check (org_id = nullif(current_setting('app.org', true), '')::uuid)`

const TABLES = [
  `create table required_contact (org_id uuid, id bigint, email text, email_hash bytea, first_name text, city text,
    primary key (org_id, id))`,
  `create table required_consent (org_id uuid, contact_id bigint, channel text, purpose text, state text, expires_at timestamptz,
    primary key (org_id, contact_id, channel, purpose))`,
  `create table required_suppression (org_id uuid, channel text, address_hash bytea, reason text,
    primary key (org_id, channel, address_hash))`,
  `create table required_chunk (org_id uuid, run_id uuid, no int, ids bigint[], done int not null default 0, state text not null,
    owner text, lease_until timestamptz, primary key (org_id, run_id, no))`,
  `create table required_armed (org_id uuid, run_id uuid, no int, ids bigint[], primary key (org_id, run_id, no))`,
  `create table required_ledger (org_id uuid not null, run_id uuid not null, contact_id bigint not null, channel text not null,
    campaign_id uuid not null, variant smallint not null, state text not null, reason text not null, chunk_no int,
    handed_over_at timestamptz, state_at timestamptz not null, primary key (org_id, run_id, contact_id, channel))`,
  `create index required_ledger_person on required_ledger (org_id, contact_id, state_at desc)`,
  `create table required_received (org_id uuid, block bigint, channel text, contact_ids bigint[] not null, received int[] not null,
    last_at timestamptz[] not null, primary key (org_id, block, channel)) with (fillfactor = 50)`,
  `create table required_delta (org_id uuid, run_id uuid, name text, n int)`,
]

/** As in the bare way: everybody agreed, an address in fifty is suppressed. */
const PEOPLE = [
  `insert into required_contact
   select '${ORG}', n, 'c' || n || '@example.net', decode(md5('c' || n), 'hex'), 'Prénom' || n % 1000, 'Lyon' from generate_series(1, $1::int) n`,
  `insert into required_consent select '${ORG}', n, channel, 'marketing', 'granted', null
   from generate_series(1, $1::int) n cross join (values ('email'), ('sms')) c (channel)`,
  `insert into required_suppression select '${ORG}', 'email', decode(md5('c' || n), 'hex'), 'hard' from generate_series(7, $1::int, 50) n`,
  'vacuum analyze required_contact, required_consent, required_suppression',
  'checkpoint',
]

/** The words that decide: about the channel, about all of them, about opens and about clicks; of a range of people, or of all. */
const words = (isRanged: boolean): string =>
  [
    ['own', 'email', 'marketing'],
    ['everywhere', 'all', 'marketing'],
    ['opens', 'email', 'tracking_open'],
    ['clicks', 'email', 'tracking_click'],
  ]
    .map(
      ([alias, channel, purpose]) =>
        `left join required_consent ${alias} on ${alias}.org_id = '${ORG}' and ${alias}.contact_id = c.id
          and ${alias}.channel = '${channel}' and ${alias}.purpose = '${purpose}'${isRanged ? ` and ${alias}.contact_id between $2 and $3` : ''}`,
    )
    .join('\n')

const SUPPRESSED = `left join required_suppression s on s.org_id = '${ORG}' and s.channel = 'email' and s.address_hash = c.email_hash`

const REASON = `case when s.reason is not null then 'suppressed' when everywhere.state = 'withdrawn' then 'opted_out'
  when own.state is null then 'never_asked' when own.state <> 'granted' or own.expires_at <= now() then own.state end`

const RESOLVE = `
  with judged as materialized (
    select c.id, ${REASON} as reason
    from required_contact c ${words(false)}
    ${SUPPRESSED}
    where c.org_id = '${ORG}'
  ), explained as (
    insert into required_ledger
    select '${ORG}', '${RUN}', id, 'email', '${CAMPAIGN}', 0, 'skipped', reason, null, null, now() from judged where reason is not null
  ), placed as (
    select id, (row_number() over (order by id) - 1) / ${CHUNK} as no from judged where reason is null
  )
  insert into required_chunk (org_id, run_id, no, ids, state)
  select '${ORG}', '${RUN}', no, array_agg(id order by id), 'ready' from placed group by no`

/** One loop of the worker: chunk after chunk. @returns how many messages it handed over */
async function handOver(client: pg.Client): Promise<number> {
  const owner = String(Math.random())
  const ask = asking(client)
  const bytes = Buffer.alloc(65_536)
  let sent = 0
  for (;;) {
    const [chunk] = await ask('claim', CLAIM, [owner])
    if (!chunk) break
    const [no, ids] = chunk as [number, string[]] // what the statement returns
    for (let from = 0; from < ids.length; from += SUB_BATCH) {
      const wanted = ids.slice(from, from + SUB_BATCH)
      await client.query('begin; set local enable_nestloop = off')
      const people = await ask('look', LAST_LOOK, [wanted, wanted[0], wanted.at(-1)])
      const reached = people.filter((person) => person[1] === null).map(([id]) => id)
      await ask('arm', ARM, [no, owner, reached])
      await client.query('commit')
      for (const [id, , , name, city] of people) bytes.write(render([id, null, name, city]), 'latin1')
      sent += reached.length
      await client.query('begin')
      await ask('record', RECORD, [no, reached, new Date()])
      await ask('count', `insert into required_delta values ('${ORG}', '${RUN}', $1, $2)`, [
        'sent',
        reached.length,
      ])
      await ask('move', MOVE, [no, owner, from + wanted.length])
      await client.query('commit')
    }
    await ask('receive', RECEIVE, [ids, new Date()])
    await ask(
      'end',
      `update required_chunk set state = 'done' where org_id = '${ORG}' and run_id = '${RUN}' and no = $1`,
      [no],
    )
  }
  return sent
}

const CLAIM = `
  update required_chunk set state = 'taken', owner = $1, lease_until = now() + interval '20 s'
  where (org_id, run_id, no) = (
    select org_id, run_id, no from required_chunk where org_id = '${ORG}' and run_id = '${RUN}' and state = 'ready'
    order by no limit 1 for update skip locked
  ) returning no, ids`

const LAST_LOOK = `
  select c.id, ${REASON} as reason, c.email, c.first_name, c.city, opens.state = 'granted' as may_track_opens, clicks.state as clicks
  from (select * from required_contact where org_id = '${ORG}' and id between $2 and $3 order by id) c
  join unnest($1::bigint[]) as wanted (id) on wanted.id = c.id
  ${words(true)}
  ${SUPPRESSED}
    and s.address_hash = any(array(select r.email_hash from required_contact r where r.org_id = '${ORG}' and r.id between $2 and $3))`

/** Whoever lost the lease arms nothing. */
const ARM = `
  with held as (
    update required_chunk set lease_until = now() + interval '20 s'
    where org_id = '${ORG}' and run_id = '${RUN}' and no = $1 and owner = $2 returning no
  )
  insert into required_armed select '${ORG}', '${RUN}', no, $3::bigint[] from held`

const RECORD = `
  insert into required_ledger
  select '${ORG}', '${RUN}', m.id, 'email', '${CAMPAIGN}', 0, 'sent', '', $1, $3, $3 from unnest($2::bigint[]) as m (id)`

const MOVE = `
  with disarmed as (delete from required_armed where org_id = '${ORG}' and run_id = '${RUN}' and no = $1)
  update required_chunk set done = $3, lease_until = now() + interval '20 s'
  where org_id = '${ORG}' and run_id = '${RUN}' and no = $1 and owner = $2`

const RECEIVE = `
  insert into required_received select '${ORG}', id >> 6 as block, 'email', array_agg(id order by id), array_agg(received order by id),
    array_agg(last_at order by id)
  from (
    select id, sum(received)::int as received, max(last_at) as last_at
    from (
      select id, 1 as received, $2::timestamptz as last_at from unnest($1::bigint[]) as m (id)
      union all
      select p.id, p.received, p.last_at
      from required_received r cross join unnest(r.contact_ids, r.received, r.last_at) as p (id, received, last_at)
      where r.org_id = '${ORG}' and r.channel = 'email' and r.block = any(array(select id >> 6 from unnest($1::bigint[]) as m (id)))
    ) counts
    group by id
  ) people
  group by block
  on conflict (org_id, block, channel) do update set contact_ids = excluded.contact_ids, received = excluded.received, last_at = excluded.last_at`
