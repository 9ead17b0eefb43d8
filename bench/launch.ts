/**
 * `npm run bench -- launch [--contacts=1000000] [--smtp=200000] [--signed=30000] [--slots=3]`: campaigns launched and
 * handed over whole (resolve, consent and suppression, chunks, render, links, ledger, figures), on a durable embedded
 * PostgreSQL: to a channel that discards, over SMTP to a sink in a process of its own, and over SMTP with RSA and
 * Ed25519 signatures; each beside the raw loop of the same transport in the same run.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { rooms } from '../server/src/app.ts'
import { cancelRun, runProgress } from '../server/src/delivery/index.ts'
import { addDomain } from '../server/src/delivery/sending/domains.ts'
import { loadConfig } from '../server/src/platform/config/index.ts'
import type { Ctx } from '../server/src/platform/context.ts'
import { inTransaction, migrate, type Connection } from '../server/src/platform/db/index.ts'
import { newId } from '../server/src/platform/ids.ts'
import { createWorker } from '../server/src/platform/jobs/index.ts'
import { createLog } from '../server/src/platform/log.ts'
import { createPlatform, type Platform } from '../server/src/platform/platform.ts'
import { startPostgres } from '../server/src/platform/postgres/index.ts'
import { insertOrganization } from '../server/src/team/queries/organizations.ts'
import { testLaunch } from '../server/src/testing/launch.ts'
import { type Figure, bench, rate, time } from './bench.ts'

const SMTP_CONNECTIONS = 16
const BATCH = 1_000
const CLOCK_TICKS_PER_SECOND = 100
const FROM_DOMAIN = 'shop.example'

export default bench({
  name: 'launch',
  about:
    'Campaigns launched and handed over whole, ledger included: discarded, over SMTP, over SMTP with DKIM; beside the raw loop of the same transport.',
  async run({ say, option }): Promise<Figure[]> {
    const sizes = {
      discard: option('contacts', 1_000_000),
      smtp: option('smtp', 200_000),
      signed: option('signed', 30_000),
    }
    const slots = option('slots', 3)
    const dataDir = await mkdtemp(join(tmpdir(), 'fanfare-bench-'))
    const log = createLog('error')
    const postgres = await startPostgres({ dataDir, log })
    await migrate(postgres.connection, log)
    const sink = await startSink(join(dataDir, 'sink.tsv'))
    const base = loadConfig({ FANFARE_DATA_DIR: dataDir, FANFARE_LOG_LEVEL: 'error' })
    const masterKey = randomBytes(32)
    const figures: Figure[] = []

    const campaign = async (
      name: string,
      people: number,
      smtpUrl: string,
      isSigned: boolean,
    ): Promise<Measured> => {
      const platform = await createPlatform({
        config: { ...base, smtpUrl },
        connection: postgres.connection,
        masterKey,
        log,
        role: 'bench',
      })
      const worker = await createWorker(platform, {
        jobs: rooms.flatMap((room) => room.jobs),
        consumers: [],
        schedules: [],
        slots,
      })
      try {
        const ctx = await organizationWith(platform, people)
        if (isSigned) await addDomain(ctx, FROM_DOMAIN)
        const measured = await measure(ctx, people, dataDir)
        const { sent, seconds, firstMs, resolveSeconds, nodeMicros, postgresMicros, peakMb } = measured
        say(
          `${name}: ${sent} of ${people} sent in ${seconds.toFixed(1)} s = ${Math.round(sent / seconds)}/s; first after ${Math.round(firstMs)} ms, resolved in ${resolveSeconds.toFixed(1)} s; CPU a message: Node ${nodeMicros.toFixed(1)} µs, PostgreSQL ${postgresMicros.toFixed(1)} µs; peak ${Math.round(peakMb)} MB`,
        )
        return measured
      } finally {
        await worker.drain(5_000)
        await platform.close()
      }
    }

    try {
      const rawLedger = await rawLedgerLoop(postgres.connection, Math.min(sizes.discard, 300_000), slots)
      say(
        `raw loop, read 1,000 people and write 1,000 rows, ${slots} connections: ${Math.round(rawLedger)}/s`,
      )
      const discarded = await campaign('discard', sizes.discard, 'smtp://discard.invalid', false)
      figures.push(
        rate('launch_discard', discarded.sent / discarded.seconds, 'messages/s', rawLedger),
        time('launch_resolve', discarded.resolveSeconds * 1_000, 'ms', null),
        time('launch_first_message', discarded.firstMs, 'ms', null),
        time('launch_discard_cpu', discarded.nodeMicros + discarded.postgresMicros, 'µs/message', null),
        time('launch_peak_rss', discarded.peakMb, 'MB', null),
      )

      const rawSmtp = await rawSmtpLoop(sink.port, Math.min(sizes.smtp, 50_000))
      say(`raw SMTP, ${SMTP_CONNECTIONS} connections, one ready mail: ${Math.round(rawSmtp)}/s`)
      const smtpUrl = `smtp://127.0.0.1:${sink.port}?connections=${SMTP_CONNECTIONS}&messages=100000`
      // The answer to the raw loop's last mail may still be on its way to the ledger.
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      const before = await sink.accepted()
      const smtp = await campaign('smtp', sizes.smtp, smtpUrl, false)
      const arrived = (await sink.accepted()) - before
      if (arrived < smtp.sent) throw new Error(`the sink holds ${arrived} mails, the ledger ${smtp.sent}`)
      const signed = await campaign('smtp signed', sizes.signed, smtpUrl, true)
      figures.push(
        rate('launch_smtp', smtp.sent / smtp.seconds, 'messages/s', rawSmtp),
        time('launch_smtp_cpu', smtp.nodeMicros + smtp.postgresMicros, 'µs/message', null),
        rate('launch_smtp_dkim', signed.sent / signed.seconds, 'messages/s', rawSmtp),
        time('launch_smtp_peak_rss', smtp.peakMb, 'MB', null),
      )
      return figures
    } finally {
      sink.process.kill()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  },
})

interface Measured {
  sent: number
  seconds: number
  firstMs: number
  resolveSeconds: number
  nodeMicros: number
  postgresMicros: number
  peakMb: number
}

/** Launches to everyone of the organization and waits for the last one. */
async function measure(ctx: Ctx, people: number, dataDir: string): Promise<Measured> {
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  const databaseTicks = await postgresTicks(dataDir)
  let peak = 0
  const { runId } = await testLaunch(ctx, { mail: { body: longMail() } })
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    peak = Math.max(peak, process.memoryUsage.rss())
    const progress = await runProgress(ctx, runId)
    if (progress.trouble) {
      await cancelRun(ctx, runId)
      throw new Error(progress.trouble.text)
    }
    if (progress.state !== 'completed') continue
    const seconds = (performance.now() - startedAt) / 1_000
    const used = process.cpuUsage(cpu)
    const [row] = await ctx.db.query<{ resolvedAt: Date }>(
      'select resolved_at from run where org_id = $1 and id = $2',
      [ctx.orgId, runId],
    )
    if (progress.audience !== people)
      throw new Error(`the audience has ${progress.audience} of ${people} people`)
    const sent = progress.counts['sent'] ?? 0
    return {
      sent,
      seconds,
      firstMs: (progress.firstHandoverAt?.getTime() ?? 0) - progress.startedAt.getTime(),
      resolveSeconds: ((row?.resolvedAt.getTime() ?? 0) - progress.startedAt.getTime()) / 1_000,
      nodeMicros: (used.user + used.system) / sent,
      postgresMicros:
        (((await postgresTicks(dataDir)) - databaseTicks) / CLOCK_TICKS_PER_SECOND / sent) * 1e6,
      peakMb: peak / 1024 / 1024,
    }
  }
}

/** A newsletter of some 7 kB with eight links. */
function longMail(): string {
  const link = (n: number): string =>
    `<p>Bonjour {{ contact.first_name | default: "vous" }}, voici la nouvelle numéro ${n}. <a href="https://shop.example/nouvelles/${n}?ville={{ contact.city }}">Lire la suite</a></p>`
  return `<mjml><mj-body><mj-section><mj-column><mj-text>${Array.from({ length: 8 }, (_, n) => link(n)).join('')}</mj-text></mj-column></mj-section></mj-body></mjml>`
}

/** An organization with so many people: 92 % agreed, 4 % withdrew, 4 % were never asked, 2 % are suppressed. */
async function organizationWith(platform: Platform, people: number): Promise<Ctx> {
  const ctx = platform.systemCtx(newId<'organization'>(platform.clock.now()))
  await inTransaction(ctx, async (inner) => {
    await insertOrganization(inner.db, {
      id: ctx.orgId,
      slug: ctx.orgId,
      name: 'Bench',
      locale: 'fr',
      timeZone: 'Europe/Paris',
      currency: 'EUR',
      postalAddress: '1 rue du Banc, Paris',
      isSample: false,
      now: ctx.now(),
    })
    const values = [ctx.orgId, ctx.now(), people]
    await inner.db.query(
      `insert into contact (org_id, email, email_hash, first_name, city, country, language, source, created_at, updated_at)
       select $1, 'c' || n || '@example.net', decode(md5('c' || n), 'hex'), 'Prénom' || n % 1000, 'Lyon', 'FR', 'fr', 'bench', $2, $2 from generate_series(1, $3::int) n`,
      values,
    )
    await inner.db.query(
      `insert into preference (org_id, contact_id, channel, purpose, state, decided_at, event_id)
       select org_id, id, 'email', 'marketing', case when id % 25 = 0 then 'withdrawn' else 'granted' end, $2, 0 from contact where org_id = $1 and id % 25 <> 1 and $3::int > 0`,
      values,
    )
    await inner.db.query(
      `insert into suppression (org_id, channel, address_hash, reason, source, created_at)
       select org_id, 'email', email_hash, 'hard', 'bench', $2 from contact where org_id = $1 and id % 50 = 7 and $3::int > 0`,
      values,
    )
  })
  return ctx
}

/** The least that a hand-over costs: thousand people read by id, thousand rows written, again and again. */
async function rawLedgerLoop(connection: Connection, rows: number, connections: number): Promise<number> {
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

/** The least that SMTP costs: one ready mail, pipelined, over as many connections. */
async function rawSmtpLoop(port: number, messages: number): Promise<number> {
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
          socket.on('error', reject).on('data', (bytes) => {
            if (!isGreeted) {
              isGreeted = true
              socket.write(`EHLO raw\r\n${envelope}`)
            } else if (bytes.includes('354 ')) {
              left -= 1
              if (left > 0) socket.write(mail + envelope)
              else {
                socket.end(mail)
                resolve()
              }
            }
          })
        }),
    ),
  )
  return messages / ((performance.now() - startedAt) / 1_000)
}

interface Sink {
  process: ChildProcess
  port: number
  accepted(): Promise<number>
}

async function startSink(ledgerPath: string): Promise<Sink> {
  const script = fileURLToPath(new URL('../server/src/testing/smtp-sink.ts', import.meta.url))
  const child = spawn(process.execPath, [script, '--ledger', ledgerPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^listening (\d+)$/.exec(line)?.[1]
    if (port !== undefined)
      return {
        process: child,
        port: Number(port),
        accepted: async () => (await readFile(ledgerPath, 'latin1')).split('\n').length - 1,
      }
  }
  throw new Error('the sink did not start')
}

/** CPU ticks of our PostgreSQL: its postmaster, what it runs, and what it ran. */
async function postgresTicks(dataDir: string): Promise<number> {
  const files = await readdir(dataDir, { recursive: true })
  const pidFile = files.find((file) => file.endsWith('postmaster.pid'))
  const postmaster =
    pidFile === undefined ? '' : (await readFile(join(dataDir, pidFile), 'latin1')).split('\n', 1).join('')
  let ticks = 0
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (pid === postmaster)
      ticks += Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])
    else if (fields[1] === postmaster) ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks
}
