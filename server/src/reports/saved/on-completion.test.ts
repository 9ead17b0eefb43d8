import { afterAll, expect, test } from 'vitest'
import { toWire } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'

const MINUTE_MS = 60_000
const taken: { to: string; mail: string }[] = []
const sink = await startSmtpSink({ onMail: ({ to }, mail) => void taken.push({ to, mail: mail.toString() }) })
afterAll(() => sink.close())
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })

test('CS-012.7 GOAL-2 within a minute of its end a campaign’s final report is there as JSON, CSV and PDF, and has been mailed to those who asked', async () => {
  const org = await h.organization()
  await testContacts(org.systemCtx, { emails: ['one@example.net', 'two@example.net', 'three@example.net'] })
  const { id } = (
    await org.owner.post('/api/campaigns', {
      name: 'Łukasz wyprzedaż',
      audience: { include: { rule: { all: [] } } },
      content: {
        email: {
          subject: 'Hello',
          fromName: 'Atelier',
          fromEmail: 'hello@atelier.example',
          format: 'html',
          body: '<html><body><p>Hello</p></body></html>',
        },
      },
    })
  ).body
  const asked = {
    name: 'At the end',
    question: { kind: 'campaign', campaignId: id },
    schedule: { every: 'completion', time: '08:00' },
    recipients: [org.editor, org.viewer].map(({ personId }) => toWire('person', personId)),
  }
  const saved = await org.editor.post('/api/reports/saved', asked)
  expect([saved.status, saved.body.nextAt]).toEqual([201, null])
  expect((await org.owner.post(`/api/campaigns/${id}/launch`)).status).toBe(200)
  await h.drain()

  const { status, completedAt } = (await org.viewer.get(`/api/campaigns/${id}`)).body
  expect(status).toBe('completed')
  const endsAt = new Date(completedAt).getTime() + MINUTE_MS
  const report = async (format: string) =>
    h.request({ url: `/api/campaigns/${id}/report?format=${format}`, headers: { ...org.viewer.headers } })
  const [json, csv, pdf] = [await report('json'), await report('csv'), await report('pdf')]
  expect(json.json()).toMatchObject({ status: 'completed', figures: { audience: 3, handedOver: 3 } })
  expect(csv.headers['content-type']).toContain('text/csv')
  expect(csv.payload).toContain('3')
  expect(pdf.rawPayload.toString('latin1', 0, 8)).toBe('%PDF-1.7')

  const mails = (address: string): string[] => taken.flatMap(({ to, mail }) => (to === address ? [mail] : []))
  for (const { email } of [org.editor, org.viewer]) {
    const [mail, ...more] = mails(email)
    expect(mail).toContain('Content-Type: application/pdf; name=at-the-end.pdf')
    expect(more).toEqual([])
  }
  // All of it has happened by the simulated clock, which stands before that minute is over.
  expect(h.clock.now().getTime()).toBeLessThanOrEqual(endsAt)
  h.clock.advance(MINUTE_MS)
  await h.drain()
  expect(mails(org.editor.email)).toHaveLength(1)
  const [kept] = (await org.viewer.get('/api/reports/saved')).body.items
  expect(kept.lastMailedAt).not.toBeNull()
  expect(new Date(kept.lastMailedAt).getTime()).toBeLessThanOrEqual(endsAt)
})

test('only the report of one campaign can wait for an end', async () => {
  const org = await h.organization()
  const { status, body } = await org.editor.post('/api/reports/saved', {
    name: 'Never',
    question: { kind: 'overview' },
    schedule: { every: 'completion', time: '08:00' },
  })
  expect([status, body.errors?.[0]?.path]).toEqual([400, 'schedule.every'])
})
