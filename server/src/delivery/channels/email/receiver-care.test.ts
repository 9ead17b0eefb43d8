import { afterAll, expect, test } from 'vitest'
import { recordConsents } from '../../../consent/index.ts'
import { createContact } from '../../../contacts/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import { harness } from '../../../testing/harness.ts'
import { testLaunch } from '../../../testing/launch.ts'
import { startSmtpSink } from '../../../testing/smtp-sink.ts'
import { runProgress } from '../../index.ts'

const sink = await startSmtpSink()
afterAll(() => sink.close())
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })

async function person(ctx: Ctx, email: string): Promise<void> {
  const { id } = await createContact(ctx, { email }, 'manual')
  await recordConsents(ctx, { source: 'member' }, [
    { contactId: id, channel: 'email', purpose: 'marketing', state: 'granted', occurredAt: h.clock.now() },
  ])
}

test('PC-21 a receiver that refuses our domain raises an alert and gets nothing more until it is put right', async () => {
  const org = await h.organization()
  const ctx = org.systemCtx
  await person(ctx, 'refuse-550-5.7.515.ada@strict.example')
  const first = await testLaunch(ctx)
  await h.drain()
  expect((await runProgress(ctx, first.runId)).counts).toEqual({ 'failed.authentication': 1 })
  const alerts = (await org.viewer.get('/api/sending/alerts')).body as { items: unknown[] }
  expect(alerts.items).toMatchObject([
    { domain: 'shop.example', receiver: 'strict.example', reason: 'authentication', times: 1 },
  ])

  await person(ctx, 'bob@strict.example')
  await person(ctx, 'eve@open.example')
  const second = await testLaunch(ctx, { audience: { include: { rule: { all: [] } } } })
  h.clock.advance(6_000)
  await h.drain()
  // The first person's mail and the second's wait; another receiver's leaves.
  expect(await runProgress(ctx, second.runId)).toMatchObject({ counts: { sent: 1 }, waiting: 2 })

  await org.owner.post('/api/sending/alerts/end', { domain: 'shop.example', receiver: 'strict.example' })
  h.clock.advance(61_000)
  await h.drain()
  expect((await runProgress(ctx, second.runId)).counts).toEqual({ sent: 2, 'failed.authentication': 1 })
})
