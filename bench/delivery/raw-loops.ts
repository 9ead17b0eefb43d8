/** The least that a hand-over costs: the raw loops beside which campaigns are measured. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { connect } from 'node:net'
import pg from 'pg'
import { Pool } from 'undici'
import type { Connection } from '../../server/src/platform/db/index.ts'

export const SMTP_CONNECTIONS = 40
const BATCH = 1_000

/** The least that a hand-over costs: thousand people read by id, thousand rows written, again and again. */
export async function rawLedgerLoop(
  connection: Connection,
  rows: number,
  connections: number,
): Promise<number> {
  const owner = new pg.Client({ ...connection })
  await owner.connect()
  await owner.query(
    `create table raw_person as select n::bigint as id, 'c' || n || '@example.net' as email, 'Prénom' as first_name from generate_series(1, ${rows}) n`,
  )
  await owner.query('alter table raw_person add primary key (id)')
  await owner.query(
    'create table raw_message (run int, contact_id bigint, state text, at timestamptz, primary key (run, contact_id))',
  )
  await owner.query('analyze raw_person')
  let next = 0
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ ...connection })
      await client.connect()
      while (next < rows) {
        const ids = Array.from({ length: Math.min(BATCH, rows - next) }, (_, n) => next + n + 1)
        next += BATCH
        await client.query({
          name: 'r',
          text: 'select * from raw_person where id = any($1::bigint[])',
          values: [ids],
          rowMode: 'array',
        })
        await client.query({
          name: 'w',
          text: `insert into raw_message select 1, i, 'sent', $2 from unnest($1::bigint[]) i`,
          values: [ids, new Date()],
        })
      }
      await client.end()
    }),
  )
  const seconds = (performance.now() - startedAt) / 1_000
  await owner.query('drop table raw_person, raw_message')
  await owner.end()
  return rows / seconds
}

/** Signs a mail and forgets the signatures. */
export type RawSigner = () => Promise<unknown>

/** The least that signing costs: some headers with a key of each kind, in the thread pool. */
export function rawSigner(): RawSigner {
  const headers = Buffer.alloc(600, 'x')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
  const ed25519 = generateKeyPairSync('ed25519').privateKey
  const signature = (digest: string | null, key: KeyObject): Promise<Buffer> =>
    new Promise((resolve, reject) =>
      sign(digest, headers, key, (error, made) => (error ? reject(error) : resolve(made))),
    )
  return () => Promise.all([signature('sha256', rsa), signature(null, ed25519)])
}

/**
 * The least that SMTP costs: one ready mail, pipelined, over as many connections.
 * @param signs  runs before each mail leaves
 */
export async function rawSmtpLoop(
  port: number,
  messages: number,
  signs: RawSigner | null = null,
): Promise<number> {
  const mail = `Message-ID: <raw@example.net>\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(100)}.\r\n`
  const envelope = 'MAIL FROM:<a@example.net>\r\nRCPT TO:<raw@example.net>\r\nDATA\r\n'
  let left = messages
  const startedAt = performance.now()
  await Promise.all(
    Array.from(
      { length: SMTP_CONNECTIONS },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect({ port, host: '127.0.0.1', noDelay: true })
          let isGreeted = false
          const send = (): void => {
            left -= 1
            if (left > 0) socket.write(mail + envelope)
            else {
              socket.end(mail)
              resolve()
            }
          }
          socket.on('error', reject).on('data', (bytes) => {
            if (!isGreeted) {
              isGreeted = true
              socket.write(`EHLO raw\r\n${envelope}`)
            } else if (bytes.includes('354 ')) {
              if (signs) void signs().then(send, reject)
              else send()
            }
          })
        }),
    ),
  )
  return messages / ((performance.now() - startedAt) / 1_000)
}

/** One ready call, again and again over so many connections. @returns calls per second */
export async function rawHttpLoop(
  origin: string,
  call: { path: string; headers: Record<string, string>; body: string },
  { calls, connections }: { calls: number; connections: number },
): Promise<number> {
  const pool = new Pool(origin, { connections })
  let left = calls
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) {
        const answer = await pool.request({ ...call, method: 'POST' })
        await answer.body.dump()
        if (answer.statusCode >= 300) throw new Error(`the counterpart answers ${answer.statusCode}`)
      }
    }),
  )
  const seconds = (performance.now() - startedAt) / 1_000
  await pool.close()
  return calls / seconds
}
