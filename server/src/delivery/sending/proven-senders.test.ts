import { afterAll, expect, test } from 'vitest'
import { createContact } from '../../contacts/index.ts'
import { recordConsents } from '../../consent/index.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { runProgress } from '../index.ts'
import { addDomain, checkDomain } from './domains.ts'

const sink = await startSmtpSink()
afterAll(() => sink.close())
const h = await harness({
  env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, FANFARE_SENDERS: 'proven' },
})
const body =
  '<mjml><mj-body><mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section></mj-body></mjml>'

test('FR-003.1 over a server of the operator an organization writes from domains alone whose keys it has published', async () => {
  const { systemCtx: ctx, editor } = await h.organization()
  const { id } = await createContact(ctx, { email: 'ada@example.net' }, 'manual')
  await recordConsents(ctx, { source: 'member' }, [
    { contactId: id, channel: 'email', purpose: 'marketing', state: 'granted', occurredAt: ctx.now() },
  ])
  const test = () =>
    editor.post('/api/content/test-send', {
      source: { language: 'en', subject: 'Hello', fromEmail: 'ceo@shop.example', body },
      to: ['me@example.net'],
    })
  const domain = await addDomain(ctx, 'shop.example')
  const { runId } = await testLaunch(ctx)
  await h.drain()
  expect((await runProgress(ctx, runId))?.trouble).toMatchObject({
    kind: 'sender_refused',
    text: expect.stringContaining('shop.example'),
  })
  expect((await test()).body.code).toBe('delivery.mail_not_taken')
  expect(sink.accepted()).toBe(0)

  await checkDomain(ctx, domain.id, (_type, name) =>
    Promise.resolve(domain.records.flatMap((record) => (record.name === name ? [record.expected] : []))),
  )
  h.clock.advance(60_000)
  await h.drain()
  expect(await runProgress(ctx, runId)).toMatchObject({ state: 'completed', counts: { sent: 1 } })
  expect((await test()).body).toEqual({ sentTo: ['me@example.net'] })
})
