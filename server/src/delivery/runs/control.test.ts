/** A person presses a button while a worker is in the middle of its transaction: neither waits for the other for good. */
import { afterAll, expect, test } from 'vitest'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { RunId } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { cancelRun, pauseRun, resumeRun, runProgress } from '../index.ts'
import { lockRun } from './queries.ts'

const mails: string[] = []
const sink = await startSmtpSink({ onMail: ({ to }) => void mails.push(to) })
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
afterAll(() => sink.close())

const PEOPLE = 3

/** One mail has left, the others wait for their places. */
async function throttled(): Promise<{ org: TestOrganization; runId: RunId }> {
  const org = await h.organization()
  await testContacts(org.systemCtx, {
    emails: Array.from({ length: PEOPLE }, (_, n) => `p${n}@${org.orgId}.example`),
  })
  const { runId } = await testLaunch(org.systemCtx, { timing: { limits: { perMinute: 1, perHour: null } } })
  await h.drain()
  return { org, runId }
}

/** What a worker holds, then the person's step, then the run, which workers lock last. */
async function meanwhile(
  { org, runId }: { org: TestOrganization; runId: RunId },
  hold: (ctx: Ctx) => Promise<unknown>,
  step: () => Promise<void>,
): Promise<void> {
  let pressed: Promise<void> | undefined
  await inTransaction(org.systemCtx, async (ctx) => {
    await hold(ctx)
    pressed = step()
    await untilSomebodyWaits(org)
    await lockRun(ctx, runId)
  })
  await pressed
}

async function untilSomebodyWaits(org: TestOrganization): Promise<void> {
  for (;;) {
    const [row] = await org.systemCtx.db.query<{ waiting: number }>(
      'select count(*)::int as waiting from pg_locks where not granted and $1::uuid is not null',
      [org.orgId],
    )
    if (row && row.waiting > 0) return
  }
}

test('CS-009.4 a run that is resumed while a worker holds one of its jobs goes on', async () => {
  const run = await throttled()
  await pauseRun(run.org.systemCtx, run.runId)
  await meanwhile(
    run,
    (ctx) =>
      ctx.db.query(
        `update work set updated_at = updated_at where org_id = $1 and state in ('ready', 'leased')`,
        [ctx.orgId],
      ),
    () => resumeRun(run.org.systemCtx, run.runId),
  )
  for (let minutes = 0; minutes < PEOPLE; minutes++) {
    h.clock.advance(60_000)
    await h.drain()
  }
  expect((await runProgress(run.org.systemCtx, run.runId)).state).toBe('completed')
  expect(mails.filter((to) => to.endsWith(`@${run.org.orgId}.example`))).toHaveLength(PEOPLE)
})

test('CS-009.6 a run that is cancelled while a worker holds one of its chunks ends', async () => {
  const run = await throttled()
  await meanwhile(
    run,
    (ctx) => ctx.db.query('update chunk set updated_at = updated_at where org_id = $1', [ctx.orgId]),
    () => cancelRun(run.org.systemCtx, run.runId),
  )
  h.clock.advance(600_000)
  await h.drain()
  expect(await runProgress(run.org.systemCtx, run.runId)).toMatchObject({ state: 'cancelled', cancelled: 2 })
})
