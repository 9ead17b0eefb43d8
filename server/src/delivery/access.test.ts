import { expect, test } from 'vitest'
import { createMailVersion } from '../content/index.ts'
import { mailSource } from '../content/schema.ts'
import { inTransaction } from '../platform/db/index.ts'
import { type ContactId, fromWire, newId } from '../platform/ids.ts'
import { audienceSchema } from '../segments/index.ts'
import { harness } from '../testing/harness.ts'
import { EVERYONE } from '../testing/launch.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'
import { recordMessages } from '../tracking/index.ts'
import { readMails } from './access.ts'
import { startRun } from './index.ts'

const sink = await startSmtpSink({ onMail: () => {} })
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })

const source = (subject: string) =>
  mailSource.parse({
    subject,
    fromName: 'Atelier Test',
    fromEmail: 'hello@shop.example',
    format: 'html',
    body: '<p>Hello</p>',
  })

test('PC-44 the archive holds the mail that the person got: of their variant, and of a message sent by itself', async () => {
  const org = await h.organization()
  const { body: made } = await org.owner.post('/api/contacts', { email: 'reader@example.net' })
  const contactId = fromWire('contact', made.id) as ContactId
  const ctx = org.systemCtx
  const campaignId = newId<'campaign'>(ctx.now())
  const run = await inTransaction(ctx, async (ctx) => {
    const versions = [
      await createMailVersion(ctx, source('Spring')),
      await createMailVersion(ctx, source('Summer')),
    ]
    return startRun(ctx, {
      campaignId,
      contents: versions.map(({ id }, variant) => ({ channel: 'email', variant, versionId: id })),
      reach: 'all',
      purpose: 'marketing',
      audience: audienceSchema.parse(EVERYONE),
      plannedAt: ctx.now(),
      timing: {},
    })
  })
  const subject = { campaignId, runId: run.id, channel: 'email', month: '2026-11-01' }
  await recordMessages(ctx, subject, 1, [{ contactId, state: 'sent', reason: null, variant: 1 }])
  const { body: template } = await org.owner.post('/api/content/templates', {
    name: 'Receipt',
    source: source('Your order'),
  })
  h.clock.advance(1_000)
  await org.key.post('/api/messages', { content: { templateId: template.id }, to: { contactId: made.id } })
  await h.drain()
  const mails = await Array.fromAsync(readMails(ctx, contactId))
  expect(mails.flat().map(({ subject }) => subject)).toEqual(['Summer', 'Your order'])
})
