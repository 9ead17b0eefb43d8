/**
 * A small campaign beside a hot one, on a simulated clock: the server outside takes ten milliseconds for each mail, and one
 * worker hands over. How long the small one takes must not depend on how much else is to be sent.
 */
import { afterAll, beforeEach, expect, test } from 'vitest'
import { rooms } from '../../app.ts'
import { duePairs } from '../../platform/jobs/queries.ts'
import { claimJobs, runJob } from '../../platform/jobs/run.ts'
import { createTurns } from '../../platform/jobs/turns.ts'
import type { RunId } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { cancelRun } from '../index.ts'

const MAIL_MS = 10
const SMALL = 400
const HOT = 12_000

const last = new Map<string, number>()
const taken = new Map<string, number>()
const firstOf = new Map<string, number>()
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => {
    const subject = /^Subject: (.*)$/m.exec(mail.toString('latin1'))?.[1]?.trim() ?? ''
    if (!firstOf.has(subject)) firstOf.set(subject, h.clock.now().getTime())
    const domain = to.split('@')[1] ?? ''
    h.clock.advance(MAIL_MS)
    last.set(domain, h.clock.now().getTime())
    taken.set(domain, (taken.get(domain) ?? 0) + 1)
  },
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
afterAll(() => sink.close())
beforeEach(() => {
  last.clear()
  taken.clear()
  firstOf.clear()
})

const of = (domain: string): number => taken.get(domain) ?? 0

/** One worker as it is in life: it asks whose turn it is, claims one job, runs it, and asks again. */
async function work(until: () => boolean): Promise<void> {
  const turns = createTurns()
  for (let idle = 0; !until() && idle < 3;) {
    const due = new Set(await duePairs(h.platform.database, h.clock.now()))
    let hasRun = false
    for (let pair = turns.next(due); pair && !hasRun; pair = turns.next(due)) {
      due.delete(pair)
      const [claimed] = await claimJobs(h.platform, pair, 'one worker', 1)
      if (!claimed) continue
      turns.served(pair)
      await runJob(h.platform, jobs, claimed, () => false)
      hasRun = true
    }
    idle = hasRun ? 0 : idle + 1
  }
}

const people = (org: TestOrganization, domain: string, count: number) =>
  testContacts(org.systemCtx, { emails: Array.from({ length: count }, (_, n) => `p${n}@${domain}`) })

/** Everybody at a domain: campaigns of one organization must not reach each other's people. */
const at = (domain: string) => ({
  include: {
    rule: { all: [{ kind: 'contact' as const, field: 'email', operator: 'ends_with', value: `@${domain}` }] },
  },
})

/** How long a small campaign takes from its launch to its last mail. */
async function latencyOf(org: TestOrganization, domain: string, audience?: object): Promise<number> {
  const launchedMs = h.clock.now().getTime()
  await testLaunch(org.systemCtx, audience === undefined ? {} : { audience })
  await work(() => of(domain) >= SMALL)
  expect(of(domain)).toBe(SMALL)
  return (last.get(domain) ?? 0) - launchedMs
}

async function soloLatency(): Promise<number> {
  const org = await h.organization()
  await people(org, 'solo.example', SMALL)
  return latencyOf(org, 'solo.example')
}

test('NFR-001.3 campaigns due at the same instant all begin within a turn each, before any of the large ones is resolved whole', async () => {
  const LARGE = 3
  const names = ['Large 0', 'Large 1', 'Large 2', 'Small 0', 'Small 1', 'Small 2', 'Small 3']
  const org = await h.organization()
  const { systemCtx: ctx } = org
  await people(org, 'few.example', 50)
  await people(org, 'many.example', 24_000)
  const runIds: RunId[] = []
  for (const name of names) {
    const audience = name.startsWith('Small') ? { audience: at('few.example') } : {}
    runIds.push((await testLaunch(ctx, { mail: { subject: name }, ...audience })).runId)
  }
  const dueMs = h.clock.now().getTime()
  const resolvedWhole = async (): Promise<number> =>
    (
      await ctx.db.query(
        'select 1 from run where org_id = $1 and resolved_at is not null and audience_size > 1000',
        [ctx.orgId],
      )
    ).length
  await work(() => firstOf.size > 0)
  expect(await resolvedWhole()).toBe(0)
  await work(() => firstOf.size === names.length)
  const latest = Math.max(...names.map((name) => firstOf.get(name) ?? Number.POSITIVE_INFINITY))
  // A turn is a second of hand-over, and each had one at most before the last began.
  expect(latest - dueMs).toBeLessThanOrEqual(names.length * 1_100)
  expect(await resolvedWhole()).toBeLessThan(LARGE)
  for (const runId of runIds) await cancelRun(ctx, runId)
})

test('FR-007.4 a small campaign of an organization takes at most twice as long beside another organization’s hot one', async () => {
  const soloMs = await soloLatency()
  const [hot, small] = [await h.organization(), await h.organization()]
  await people(hot, 'hot.example', HOT)
  await people(small, 'small.example', SMALL)
  await testLaunch(hot.systemCtx)
  await work(() => of('hot.example') >= 300)
  const besideMs = await latencyOf(small, 'small.example')
  expect(of('hot.example')).toBeLessThan(HOT)
  expect(besideMs / soloMs).toBeLessThanOrEqual(2)
})

test('FR-007.4 a small campaign takes at most twice as long beside a hot one of its own organization, launched before it', async () => {
  const soloMs = await soloLatency()
  const org = await h.organization()
  await people(org, 'busy.example', HOT)
  await people(org, 'quick.example', SMALL)
  await testLaunch(org.systemCtx, { audience: at('busy.example') })
  await work(() => of('busy.example') >= 300)
  const besideMs = await latencyOf(org, 'quick.example', at('quick.example'))
  expect(of('busy.example')).toBeLessThan(HOT)
  expect(besideMs / soloMs).toBeLessThanOrEqual(2)
})
