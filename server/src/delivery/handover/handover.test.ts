import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { simpleParser } from 'mailparser'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { inTransaction, type Connection } from '../../platform/db/index.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { ledgerTotals } from '../../tracking/index.ts'
import { anyJob, enqueue, runDueJobs } from '../../platform/jobs/index.ts'
import { cancelRun, pauseRun, resumeRun, runProgress } from '../index.ts'
import { resolveRunJob } from '../resolve/resolve-run.ts'
import { addDomain } from '../sending/domains.ts'
import { deliverChunk } from '../work.ts'

/** To servers that are slow. */
const CONNECTIONS = 4
const mails = new Map<string, string[]>()
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => mails.set(to, [...(mails.get(to) ?? []), mail.toString('latin1')]),
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const addresses = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${name}${n}@example.net`)

describe('a run', () => {
  test('DS-CampaignService.launchCampaign everybody with consent gets the mail exactly once, the others a reason', async () => {
    const { ctx } = await h.organization()
    await testContacts(ctx, { emails: addresses('granted', 1_200) })
    await testContacts(ctx, { emails: addresses('withdrawn', 7), consent: 'withdrawn' })
    await testContacts(ctx, { emails: addresses('silent', 5), consent: null })
    const { runId } = await testLaunch(ctx)
    await h.drain()

    const progress = await runProgress(ctx, runId)
    expect(progress).toMatchObject({
      state: 'completed',
      audience: 1_212,
      waiting: 0,
      counts: { sent: 1_200, 'skipped.withdrawn': 7, 'skipped.never_asked': 5 },
    })
    for (const address of addresses('granted', 1_200)) expect(mails.get(address)).toHaveLength(1)
    expect(mails.has('withdrawn0@example.net')).toBe(false)
    expect((await ledgerTotals(ctx, runId)).byState).toMatchObject({ sent: 1_200, skipped: 12 })
    const parsed = await simpleParser(mails.get('granted3@example.net')?.[0] ?? '')
    expect(parsed.subject).toBe('Hello Ada')
    expect(parsed.messageId).toMatch(/^<[A-Za-z0-9_-]{40}@shop\.example>$/)
  })
})

describe('refusals', () => {
  test('PC-19 an unknown address is bounced at once, never tried again, and told to whoever suppresses', async () => {
    const { ctx } = await h.organization()
    const [contactId] = await testContacts(ctx, {
      emails: ['refuse-550-5.1.1.gone@example.net', 'fine19@example.net'],
    })
    const { runId } = await testLaunch(ctx)
    await h.drain()
    expect((await runProgress(ctx, runId)).counts).toEqual({ sent: 1, 'bounced.invalid_recipient': 1 })
    const events = await ctx.db.query<{ contactId: string; payload: unknown }>(
      "select contact_id, payload from event where org_id = $1 and type = 'message.bounced'",
      [ctx.orgId],
    )
    expect(events).toMatchObject([
      { contactId, payload: { class: 'hard', reason: 'invalid_recipient', code: '550 5.1.1' } },
    ])
  })

  test('PC-20 a full mailbox is tried again with back-off, and the run waits for it', async () => {
    const { ctx } = await h.organization()
    await testContacts(ctx, { emails: ['soft-once-452-4.2.2.full@example.net', 'fine20@example.net'] })
    const { runId } = await testLaunch(ctx)
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'running',
      waiting: 1,
      deferred: 1,
      counts: { sent: 1 },
    })
    h.clock.advance(60_000)
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'completed',
      waiting: 0,
      counts: { sent: 2 },
    })
  })

  test('PC-20 a mailbox that stays full is given up within 72 hours', async () => {
    const { ctx } = await h.organization()
    await testContacts(ctx, { emails: ['refuse-452-4.2.2.always@example.net'] })
    const { runId } = await testLaunch(ctx)
    for (let hour = 0; hour < 72; hour++) {
      await h.drain()
      h.clock.advance(3_600_000)
    }
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'completed',
      counts: { 'bounced.mailbox_full': 1 },
    })
  })

  test('PC-21 a refusal for our missing authentication is held against nobody', async () => {
    const { ctx } = await h.organization()
    await testContacts(ctx, { emails: ['refuse-550-5.7.515.x@example.net'] })
    const { runId } = await testLaunch(ctx)
    await h.drain()
    expect((await runProgress(ctx, runId)).counts).toEqual({ 'failed.authentication': 1 })
    expect(
      await ctx.db.query("select 1 from event where org_id = $1 and type = 'message.bounced'", [ctx.orgId]),
    ).toEqual([])
  })

  test('NFR-002.3 one contact whose values break the mail holds up nobody', async () => {
    const { ctx } = await h.organization()
    const [poisoned] = await testContacts(ctx, {
      emails: ['poison@example.net', ...addresses('healthy', 30)],
    })
    await ctx.db.query(
      'update contact set tags = array(select n::text from generate_series(1, 300000) n) where org_id = $1 and id = $2',
      [ctx.orgId, poisoned],
    )
    const { runId } = await testLaunch(ctx, {
      mail: {
        body: '<mjml><mj-body><mj-section><mj-column><mj-text>{% for tag in contact.tags %}{{ tag }}{% endfor %}</mj-text></mj-column></mj-section></mj-body></mjml>',
      },
    })
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'completed',
      counts: { sent: 30, 'failed.render_failed': 1 },
    })
  })

  test('NFR-002.3 one contact whose text grows beyond its limits holds up nobody', async () => {
    const { ctx } = await h.organization()
    const [grown] = await testContacts(ctx, { emails: ['grown@example.net', ...addresses('slim', 30)] })
    await ctx.db.query(
      "update contact set first_name = case when id = $2 then 'aaaaaaaaaa' else 'Bob' end where org_id = $1",
      [ctx.orgId, grown],
    )
    const { runId } = await testLaunch(ctx, {
      mail: {
        body: `<mjml><mj-body><mj-section><mj-column><mj-text>{{ contact.first_name | default: "b"${' | replace: "a", "aaaaaaaaaa"'.repeat(7)} }}</mj-text></mj-column></mj-section></mj-body></mjml>`,
      },
    })
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'completed',
      counts: { sent: 30, 'failed.render_failed': 1 },
    })
  })

  test('PC-27 an address that would be a command is refused here, and the others leave', async () => {
    const { ctx } = await h.organization()
    await testContacts(ctx, { emails: ['a@example.net\r\nRCPT TO:<evil@example.net>', 'fine27@example.net'] })
    const { runId } = await testLaunch(ctx)
    await h.drain()
    expect((await runProgress(ctx, runId)).counts).toEqual({ sent: 1, 'bounced.invalid_recipient': 1 })
    expect(mails.has('evil@example.net')).toBe(false)
  })
})

describe('control', () => {
  test('CS-009.2 CS-009.3 CS-009.6 pause stops hand-overs within a second; resume completes the set exactly', async () => {
    const slowMails: string[] = []
    const answerDelayMs = 25
    const slow = await startSmtpSink({ onMail: ({ to }) => slowMails.push(to), answerDelayMs })
    // What the server takes in a second, at most; on a slow machine it is less, and the pause is as much slower.
    const perSecond = CONNECTIONS * (1_000 / answerDelayMs)
    const own = await harnessWith(slow.port)
    const { ctx } = await own.organization()
    const emails = addresses('paused', 600)
    await testContacts(ctx, { emails })
    const { runId } = await testLaunch(ctx)
    const draining = own.drain()
    // Beyond the first sub-batch, which has a hundred: a pause between two would interrupt nobody.
    while (slow.accepted() < 150) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      const { audience, counts, waiting } = await runProgress(ctx, runId)
      expect(Object.values(counts).reduce((sum, n) => sum + n, waiting)).toBe(audience)
    }
    const atPause = slow.accepted()
    await pauseRun(ctx, runId)
    await draining
    const sent = slow.accepted()
    expect(sent - atPause).toBeLessThan(perSecond)
    expect(sent).toBeLessThan(600)
    const paused = await runProgress(ctx, runId)
    expect(paused).toMatchObject({
      state: 'paused',
      pausedBy: expect.any(String),
      waiting: 600 - sent,
      counts: { sent },
    })
    await resumeRun(ctx, runId)
    await own.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({ state: 'completed', counts: { sent: 600 } })
    expect(slowMails.toSorted()).toEqual(emails.toSorted())
    await slow.close()
  })

  test('settings that cannot be read are said on the run, which waits for them', async () => {
    const { ctx } = await h.organization()
    await testContacts(ctx, { emails: ['unreadable@example.net'] })
    const { id } = await addDomain(ctx, 'unreadable.example')
    await ctx.db.query(
      `update dkim_key set private_sealed = 'nonsense' where org_id = $1 and domain_id = $2`,
      [ctx.orgId, id],
    )
    const { runId } = await testLaunch(ctx, { mail: { fromEmail: 'hello@unreadable.example' } })
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'running',
      waiting: 1,
      trouble: { kind: 'settings', text: expect.stringContaining('cannot be read') },
    })
    await cancelRun(ctx, runId)
  })

  test('cancelling leaves those not reached unreached, and says how many', async () => {
    const { ctx } = await h.organization()
    await testContacts(ctx, { emails: addresses('cancelled', 10) })
    const { runId } = await testLaunch(ctx)
    await pauseRun(ctx, runId)
    await cancelRun(ctx, runId)
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({ state: 'cancelled', counts: {} })
    expect(mails.has('cancelled0@example.net')).toBe(false)
    await expect(resumeRun(ctx, runId)).rejects.toMatchObject({ code: 'delivery.run_not_resumable' })
  })

  test('CS-017.2 whoever withdraws while the mail is queued does not get it', async () => {
    const { ctx } = await h.organization()
    const [contactId] = await testContacts(ctx, { emails: ['late@example.net', 'stays@example.net'] })
    const { runId } = await testLaunch(ctx)
    await runDueJobs(h.platform, new Map([['delivery.resolve_run', anyJob(resolveRunJob)]]))
    await ctx.db.query("update preference set state = 'withdrawn' where org_id = $1 and contact_id = $2", [
      ctx.orgId,
      contactId,
    ])
    await h.drain()
    expect((await runProgress(ctx, runId)).counts).toEqual({ sent: 1, 'skipped.withdrawn': 1 })
    expect(mails.has('late@example.net')).toBe(false)
  })

  test('an account at its daily limit bounces nobody: the run rests by the hour and reaches everybody', async () => {
    const { ctx } = await h.organization()
    await testContacts(ctx, { emails: addresses('soft-once-550-5.1.90.limited', 6) })
    const { runId } = await testLaunch(ctx)
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'running',
      counts: {},
      trouble: {
        kind: 'rate_limited',
        retryAt: new Date(h.clock.now().getTime() + 3_600_000).toISOString(),
      },
    })
    for (let hours = 0; hours < 6; hours++) {
      h.clock.advance(3_600_000)
      await h.drain()
    }
    expect(await runProgress(ctx, runId)).toMatchObject({ state: 'completed', counts: { sent: 6 } })
  })

  test('a mail server that does not answer loses nothing: the run says why, and goes on by itself', async () => {
    const gone = await startSmtpSink()
    const own = await harnessWith(gone.port)
    await gone.close()
    const { ctx } = await own.organization()
    await testContacts(ctx, { emails: addresses('stranded', 40) })
    const { runId } = await testLaunch(ctx)
    await own.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'running',
      waiting: 40,
      trouble: { kind: 'unreachable', text: `The connection to 127.0.0.1:${gone.port} was refused.` },
    })
    const back = await startSmtpSink({ port: gone.port })
    own.clock.advance(5_000)
    await own.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'completed',
      trouble: null,
      counts: { sent: 40 },
    })
    expect(back.accepted()).toBe(40)
    await back.close()
  })

  test('PC-48 a database that goes away during hand-overs costs no outcome: nobody is lost, nobody doubled', async () => {
    const slowMails: string[] = []
    const slow = await startSmtpSink({ onMail: ({ to }) => slowMails.push(to), answerDelayMs: 15 })
    const own = await harnessWith(slow.port)
    const { ctx } = await own.organization()
    const emails = addresses('shaken', 600)
    await testContacts(ctx, { emails })
    const { runId } = await testLaunch(ctx)
    const kills = [100, 300]
    for (let round = 0; round < 10; round++) {
      let isDraining = true
      // The engine's own statements fail as well; a worker would try again, and so do we.
      const draining = own
        .drain()
        .catch(() => undefined)
        .finally(() => (isDraining = false))
      while (isDraining) {
        if (slow.accepted() >= (kills[0] ?? Infinity)) {
          kills.shift()
          await killConnections(own.connection)
        }
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      await draining
      own.clock.advance(60_000)
    }
    expect(kills).toEqual([])
    expect(await runProgress(ctx, runId)).toMatchObject({ state: 'completed', counts: { sent: 600 } })
    expect(slowMails.toSorted()).toEqual(emails.toSorted())
    await slow.close()
  })

  test('PC-48 NFR-002.3 a run whose worker died behind its last chunk is ended by the next', async () => {
    const { ctx } = await h.organization()
    await testContacts(ctx, { emails: addresses('behind', 3) })
    const { runId } = await testLaunch(ctx)
    await h.drain()
    // As the dead worker left it: the chunk has ended, the run has not, and the lease of the job runs out.
    await ctx.db.query(
      `update run set state = 'running', completed_at = null where org_id = $1 and id = $2 and state = 'completed'`,
      [ctx.orgId, runId],
    )
    await inTransaction(ctx, (inner) => enqueue(inner, deliverChunk, { runId, chunkNo: 1 }))
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({ state: 'completed', counts: { sent: 3 } })
  })

  test('an answer lost after the final dot is unknown, counted, and handed over once more under the same Message-ID', async () => {
    const { ctx } = await h.organization()
    await testContacts(ctx, { emails: ['drop-after.once@example.net'] })
    const { runId } = await testLaunch(ctx)
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'running',
      waiting: 0,
      counts: { 'unknown.outcome_unknown': 1 },
    })
    h.clock.advance(60_000)
    await h.drain()
    // The sink never answers this one: after the second time it stays unknown.
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'completed',
      counts: { 'unknown.outcome_unknown': 1 },
    })
    expect(mails.get('drop-after.once@example.net')).toHaveLength(2)
  })
})

describe('PC-12 signatures and tracking', () => {
  test('mails from a sending domain are signed with both its keys, as an independent verifier finds', async () => {
    const { ctx } = await h.organization()
    const { records } = await addDomain(ctx, 'signed.example')
    await testContacts(ctx, { emails: ['signed@example.net'] })
    await testLaunch(ctx, { mail: { fromEmail: 'hello@signed.example' } })
    await h.drain()
    const published = new Map(records.map(({ name, expected }) => [name, expected]))
    const { results } = await dkimVerify(Buffer.from(mails.get('signed@example.net')?.[0] ?? '', 'latin1'), {
      resolver: (name) => Promise.resolve([[published.get(name) ?? '']]),
    })
    expect(results.map(({ status }) => status.result)).toEqual(['pass', 'pass'])
  })

  test('no pixel without consent to open tracking; links of whoever refused click tracking lead straight to their target', async () => {
    const { ctx } = await h.organization()
    const [watched, unwatched] = await testContacts(ctx, {
      emails: ['watched@example.net', 'unwatched@example.net'],
    })
    await ctx.db.query(
      "insert into preference (org_id, contact_id, channel, purpose, state, decided_at, event_id) values ($1, $2, 'email', 'tracking_open', 'granted', $4, 0), ($1, $3, 'email', 'tracking_click', 'withdrawn', $4, 0)",
      [ctx.orgId, watched, unwatched, ctx.now()],
    )
    await testLaunch(ctx)
    await h.drain()
    const htmlOf = async (address: string): Promise<string> =>
      String((await simpleParser(mails.get(address)?.[0] ?? '')).html)
    expect(await htmlOf('watched@example.net')).toMatch(/\/o\/[\w-]+\.gif/)
    expect(await htmlOf('watched@example.net')).toMatch(/\/c\/[\w-]+/)
    expect(await htmlOf('unwatched@example.net')).not.toMatch(/\/o\//)
    expect(await htmlOf('unwatched@example.net')).toContain('https://shop.example/soldes')
  })
})

/** Ends every connection of a test's database, as a restart of PostgreSQL would. */
async function killConnections(connection: Connection): Promise<void> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await client.end()
}

async function harnessWith(port: number): ReturnType<typeof harness> {
  return harness({ env: { SMTP_URL: `smtp://127.0.0.1:${port}?connections=${CONNECTIONS}` } })
}
