import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, inject, test } from 'vitest'
import type { Ctx } from '../../platform/context.ts'
import { newId, type RunId } from '../../platform/ids.ts'
import { loadConfig } from '../../platform/config/index.ts'
import { createLog } from '../../platform/log.ts'
import { createPlatform } from '../../platform/platform.ts'
import { testContacts } from '../../testing/audience.ts'
import { cloneDatabase, dropDatabase } from '../../testing/databases.ts'
import { testLaunch } from '../../testing/launch.ts'
import { insertOrganization } from '../../team/queries/organizations.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { ledgerTotals, peopleBehind } from '../../tracking/index.ts'
import { runProgress } from '../index.ts'

const CONTACTS = 4_000
const KILLS = 4
const SLOTS = 2
const CONNECTIONS = 8
/** Longer than a lease: what a killed worker held is free for the next. */
const LEAP_MS = 25_000
/** Longer than the pause before a second hand-over. */
const LAST_LEAP_MS = 120_000

const received = new Map<string, string[]>()
const sink = await startSmtpSink({
  onMail: ({ to, messageId }) => received.set(to, [...(received.get(to) ?? []), messageId]),
  answerDelayMs: 2,
})
const connection = await cloneDatabase(inject('postgres'))
const dataDir = await mkdtemp(join(tmpdir(), 'fanfare-kill-'))
const masterKey = randomBytes(32)
const env = {
  FANFARE_DATA_DIR: dataDir,
  FANFARE_LOG_LEVEL: 'silent',
  SMTP_URL: `smtp://127.0.0.1:${sink.port}?connections=${CONNECTIONS}`,
}
const config = loadConfig(env)
const platform = await createPlatform({
  config,
  connection,
  masterKey,
  log: createLog(config.logLevel),
  role: 'test',
})
const workers: ChildProcess[] = []

afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL')
  await platform.close()
  await dropDatabase(inject('postgres'), connection)
  await sink.close()
  await rm(dataDir, { recursive: true, force: true })
})

function startWorker(aheadMs: number): ChildProcess {
  const script = fileURLToPath(new URL('../../testing/worker-process.ts', import.meta.url))
  const settings = { connection, masterKey: masterKey.toString('hex'), env, aheadMs, slots: SLOTS }
  const worker = spawn(process.execPath, [script, JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  workers.push(worker)
  return worker
}

async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let waited = 0; !(await isTrue()); waited += 10) {
    if (waited > 60_000) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

interface Launched {
  ctx: Ctx
  runId: RunId
  emails: readonly string[]
}

async function launched(name: string, contacts: number): Promise<Launched> {
  const ctx = platform.systemCtx(newId<'organization'>(platform.clock.now()))
  await inTransaction(ctx, (inner) =>
    insertOrganization(inner.db, {
      id: ctx.orgId,
      slug: name,
      name,
      locale: 'en',
      timeZone: 'Europe/Paris',
      currency: 'EUR',
      postalAddress: null,
      isSample: false,
      now: ctx.now(),
    }),
  )
  const emails = Array.from({ length: contacts }, (_, n) => `${name}${n}@example.net`)
  await testContacts(ctx, { emails })
  return { ctx, emails, runId: (await testLaunch(ctx)).runId }
}

/** Brings a run to its end: what became unknown is handed over again a minute later, by the workers' clock. */
async function completed({ ctx, runId, emails }: Launched, aheadMs: number): Promise<void> {
  const first = startWorker(aheadMs + LAST_LEAP_MS)
  await until(async () => (await ledgerTotals(ctx, runId)).rows === emails.length, 'everybody has a row')
  // Its successor's clock is minutes ahead: it would take over what this one holds, and wait a minute for the outcome.
  first.kill('SIGKILL')
  startWorker(aheadMs + LAST_LEAP_MS * 3)
  await until(async () => (await runProgress(ctx, runId)).state === 'completed', 'the run completes')
}

/** What the sink holds against what the ledger lists. */
async function account({
  ctx,
  runId,
  emails,
}: Launched): Promise<{ lost: string[]; doubled: string[]; unlisted: string[]; listed: number }> {
  const listed = new Set<string>()
  for (const state of ['unknown', 'sent'] as const) {
    const { people } = await peopleBehind(ctx, runId, {
      states: [state],
      reason: 'outcome_unknown',
      limit: emails.length,
    })
    for (const { contactId } of people) listed.add(contactId)
  }
  const rows = await ctx.db.query<{ id: string; email: string }>(
    'select id, email from contact where org_id = $1',
    [ctx.orgId],
  )
  const idOf = new Map(rows.map(({ id, email }) => [email, id]))
  const lost = emails.filter((email) => !received.has(email))
  const doubled = emails.filter((email) => (received.get(email)?.length ?? 0) > 1)
  // A second hand-over carries the same Message-ID, so that receivers can tell.
  for (const email of doubled) expect(new Set(received.get(email)).size).toBe(1)
  const { counts } = await runProgress(ctx, runId)
  expect(Object.values(counts).reduce((sum, n) => sum + n, 0)).toBe(emails.length)
  return {
    lost,
    doubled,
    unlisted: doubled.filter((email) => !listed.has(idOf.get(email) ?? '')),
    listed: listed.size,
  }
}

test(
  'PC-48 NFR-002.2 NFR-002.3 kill -9 of the worker in the middle: nobody is lost, doubles are few and every one is listed',
  { timeout: 120_000 },
  async () => {
    const run = await launched('killed', CONTACTS)
    for (let kill = 0; kill < KILLS; kill++) {
      const before = sink.accepted()
      const worker = startWorker(kill * LEAP_MS)
      await until(() => sink.accepted() >= before + 250, 'mails flow')
      worker.kill('SIGKILL')
      await until(() => worker.signalCode !== null, 'the worker is dead')
    }
    await completed(run, KILLS * LEAP_MS)
    const { lost, doubled, unlisted, listed } = await account(run)
    expect(lost).toEqual([])
    expect(unlisted).toEqual([])
    // What was on the wire: one message per connection, a body that waits for its answer.
    expect(doubled.length).toBeLessThanOrEqual(KILLS * CONNECTIONS)
    expect(listed).toBeGreaterThan(0)
  },
)

test(
  'PC-48 a worker that sleeps beyond its lease and wakes again loses nobody, doubles next to nobody, and lists who was',
  { timeout: 120_000 },
  async () => {
    for (const worker of workers.splice(0)) worker.kill('SIGKILL')
    const run = await launched('slept', 1_500)
    const before = sink.accepted()
    const sleeper = startWorker(0)
    await until(() => sink.accepted() >= before + 150, 'mails flow')
    sleeper.kill('SIGSTOP')
    const other = startWorker(LEAP_MS)
    const comesBackAt = new Date(Date.now() + LEAP_MS / 2)
    await until(async () => {
      const waiting = await run.ctx.db.query(
        `select id from work where org_id = $1 and kind = 'delivery.deliver_chunk' and state = 'ready' and due_at > $2`,
        [run.ctx.orgId, comesBackAt],
      )
      return waiting.length > 0
    }, 'the other has taken over and waits for what the sleeper has in its hands')
    sleeper.kill('SIGCONT')
    await until(
      async () => (await ledgerTotals(run.ctx, run.runId)).rows === run.emails.length,
      'everybody has a row',
    )
    sleeper.kill('SIGKILL')
    other.kill('SIGKILL')
    await completed(run, LEAP_MS)
    const { lost, doubled, unlisted } = await account(run)
    expect(lost).toEqual([])
    expect(unlisted).toEqual([])
    // The answers came while it slept, and it wrote them down when it woke.
    expect(doubled.length).toBeLessThanOrEqual(CONNECTIONS)
  },
)
