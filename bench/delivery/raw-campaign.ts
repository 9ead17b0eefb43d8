/**
 * The whole way of a campaign at its barest: claim a chunk, read a thousand people with their consent and suppressions,
 * render 6 kB, hand it to nobody, record it. Tables without policies, and none of what makes a hand-over safe to repeat,
 * to pause and to explain: what is left is what the machine asks for it (engine probe §4c).
 */
import { createHmac } from 'node:crypto'
import type pg from 'pg'
import type { Connection } from '../../server/src/platform/db/index.ts'
import { type Installation, asOwner } from '../platform.ts'

export const SUB_BATCH = 1_000
export const CHUNK = 5_000
const LINKS = 8

/** What the bare way took. */
export interface RawCampaign {
  perSecond: number
  /** CPU a message, of this process and of the database. */
  nodeMicros: number
  postgresMicros: number
}

/** The parts of the way, in order; a way of some of them shows what the others cost. */
const PARTS = ['read', 'render', 'record'] as const
type Part = (typeof PARTS)[number]

/**
 * Goes the whole way, and the ways of one part each where that is asked for.
 *
 * @returns the figures of the whole, and all of it in a line
 */
export async function rawCampaign(
  installation: Installation,
  { people, slots, isByPart }: { people: number; slots: number; isByPart: boolean },
): Promise<RawCampaign & { said: string }> {
  const { connection } = installation
  await asOwner(connection, async (client) => {
    for (const statement of TABLES) await client.query(statement, statement.includes('$1') ? [people] : [])
  })
  try {
    const whole = await goThrough(installation, { people, slots, parts: PARTS, run: 0 })
    const alone: string[] = []
    for (const [at, part] of (isByPart ? PARTS : []).entries()) {
      const { nodeMicros, postgresMicros } = await goThrough(installation, {
        people,
        slots,
        parts: [part],
        run: at + 1,
      })
      alone.push(`${part} ${nodeMicros.toFixed(1)} + ${postgresMicros.toFixed(1)}`)
    }
    const byPart = isByPart ? `; alone with claim and end of chunks: ${alone.join(', ')}` : ''
    return { ...whole, said: saidOf('raw campaign', people, whole) + byPart }
  } finally {
    await asOwner(connection, (client) =>
      client.query('drop table raw_contact, raw_consent, raw_suppression, raw_chunk, raw_ledger, raw_delta'),
    )
  }
}

/** How a bare way went, in one line. */
export const saidOf = (name: string, people: number, way: RawCampaign): string =>
  `${name}, ${people} people: ${Math.round(way.perSecond)}/s; CPU a message, Node + PostgreSQL: ${way.nodeMicros.toFixed(1)} + ${way.postgresMicros.toFixed(1)} µs`

const TABLES = [
  `create table raw_contact (org int, id bigint, email text, first_name text, city text, attributes jsonb, primary key (org, id))`,
  `create table raw_consent (org int, contact_id bigint, channel text, state text, primary key (org, contact_id, channel))`,
  `create table raw_suppression (org int, email text, reason text, primary key (org, email))`,
  `create table raw_chunk (org int, run int, no int, ids bigint[], done int not null default 0, state text not null default 'ready', owner text, primary key (org, run, no))`,
  `create table raw_ledger (org int, run int, contact_id bigint, variant smallint, state text, at timestamptz, primary key (org, run, contact_id))`,
  `create table raw_delta (org int, run int, name text, n int)`,
  `insert into raw_contact select 1, n, 'c' || n || '@example.net', 'Prénom' || n % 1000, 'Lyon', jsonb_build_object('plan', 'pro', 'score', n % 1000)
   from generate_series(1, $1::int) n`,
  `insert into raw_consent select 1, n, channel, 'granted' from generate_series(1, $1::int) n cross join (values ('email'), ('sms')) c (channel)`,
  `insert into raw_suppression select 1, 'c' || n || '@example.net', 'hard' from generate_series(7, $1::int, 50) n`,
  'vacuum analyze raw_contact, raw_consent, raw_suppression',
  'checkpoint',
]

interface Way {
  people: number
  slots: number
  parts: readonly Part[]
  run: number
}

async function goThrough(installation: Installation, way: Way): Promise<RawCampaign> {
  const { people, slots, run } = way
  await asOwner(installation.connection, (client) =>
    client.query(
      `insert into raw_chunk (org, run, no, ids) select 1, $2, n / $3, array_agg(n::bigint order by n) from generate_series(1, $1::int) n
       group by n / $3`,
      [people, run, CHUNK],
    ),
  )
  return measureLoops(installation, slots, () => workOff(installation.connection, way))
}

/**
 * Runs so many loops at once, each of which tells how many messages it handed over.
 *
 * @param first  what is done before them, and belongs to what they take
 */
export async function measureLoops(
  installation: Installation,
  slots: number,
  loop: () => Promise<number>,
  first: () => Promise<unknown> = () => Promise.resolve(),
): Promise<RawCampaign> {
  const own = process.cpuUsage()
  const all = await installation.cpuMicros()
  const startedAt = performance.now()
  await first()
  const sent = await Promise.all(Array.from({ length: slots }, loop))
  const messages = sent.reduce((sum, n) => sum + n, 0)
  const seconds = (performance.now() - startedAt) / 1_000
  const used = process.cpuUsage(own)
  const nodeMicros = (used.user + used.system) / messages
  return {
    perSecond: messages / seconds,
    nodeMicros,
    postgresMicros: ((await installation.cpuMicros()) - all) / messages - nodeMicros,
  }
}

/** Asks by name, so that each statement is prepared once a connection; rows come as lists. */
export const asking =
  (client: pg.Client) =>
  async (name: string, text: string, values: unknown[]): Promise<unknown[][]> =>
    (await client.query<unknown[]>({ name, text, values, rowMode: 'array' })).rows

/** One loop of the worker: chunk after chunk, over a connection of its own. @returns how many messages it handed over */
const workOff = (connection: Connection, way: Way): Promise<number> =>
  asOwner(connection, (client) => handOver(client, way))

async function handOver(client: pg.Client, { parts, run }: Way): Promise<number> {
  const ask = asking(client)
  const bytes = Buffer.alloc(65_536)
  let sent = 0
  for (;;) {
    const [chunk] = await ask('claim', CLAIM, [run])
    if (!chunk) break
    const [no, ids] = chunk as [number, string[]] // what the statement returns
    for (let from = 0; from < ids.length; from += SUB_BATCH) {
      const wanted = ids.slice(from, from + SUB_BATCH)
      const people = parts.includes('read') ? await ask('read', READ, [wanted]) : wanted.map((id) => [id])
      sent += people.length
      if (parts.includes('render')) for (const person of people) bytes.write(render(person), 'latin1')
      if (!parts.includes('record')) continue
      await client.query('begin')
      const taken = people.map(([id]) => id)
      await ask('record', RECORD, [run, taken, taken.map(() => 'sent'), new Date()])
      await ask('count', 'insert into raw_delta values (1, $1, $2, $3)', [run, 'sent', taken.length])
      await ask('move', 'update raw_chunk set done = $3 where org = 1 and run = $1 and no = $2', [
        run,
        no,
        from + wanted.length,
      ])
      await client.query('commit')
    }
    await ask('end', `update raw_chunk set state = 'done' where org = 1 and run = $1 and no = $2`, [run, no])
  }
  return sent
}

const CLAIM = `
  update raw_chunk set state = 'taken', owner = 'raw'
  where (org, run, no) = (
    select org, run, no from raw_chunk where org = 1 and run = $1 and state = 'ready' order by no limit 1 for update skip locked
  ) returning no, ids`

const READ = `
  select c.id, c.email, c.first_name, c.city, c.attributes
  from raw_contact c
  left join raw_consent w on w.org = 1 and w.contact_id = c.id and w.channel = 'email'
  left join raw_suppression s on s.org = 1 and s.email = c.email
  where c.org = 1 and c.id = any($1::bigint[]) and w.state = 'granted' and s.email is null`

const RECORD = `
  insert into raw_ledger (org, run, contact_id, variant, state, at)
  select 1, $1, m.id, 0, m.state, $4 from unnest($2::bigint[], $3::text[]) as m (id, state)
  on conflict do nothing`

const FILLING = `<p style="margin:0;font-family:Ubuntu,Helvetica,Arial,sans-serif;font-size:13px">${'x'.repeat(600)}</p>`

/** Concatenation of what is fixed with a name, a city and eight links of one signed token. */
export function render([id, , name, city]: readonly unknown[]): string {
  const token = `${String(id)}.${createHmac('sha256', 'raw').update(String(id)).digest('base64url')}`
  let html = `<html><body><p>Bonjour ${String(name)}, ${String(city)}</p>`
  for (let n = 0; n < LINKS; n++) html += `${FILLING}<a href="https://t.example/c/${token}/${n}">Lire</a>`
  return `${html}</body></html>`
}
