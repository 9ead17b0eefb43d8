import { afterAll, describe, expect, test } from 'vitest'
import { toWire } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { mailReport } from './mail.ts'
import { nextMailing } from './plan.ts'

const DAY_MS = 86_400_000
const taken: { to: string; mail: string }[] = []
const sink = await startSmtpSink({ onMail: ({ to }, mail) => void taken.push({ to, mail: mail.toString() }) })
afterAll(() => sink.close())
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })

const OVERVIEW = { kind: 'overview', days: 7 }
const mailsTo = (address: string): string[] => taken.flatMap(({ to, mail }) => (to === address ? [mail] : []))

describe('saved reports', () => {
  test('MA-7.4 a report is kept, looked at as PDF, changed and removed, each written down', async () => {
    const org = await h.organization()
    const { status, body } = await org.editor.post('/api/reports/saved', {
      name: 'Weekly',
      question: OVERVIEW,
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'Weekly', schedule: null, nextAt: null })
    const pdf = await h.request({
      url: `/api/reports/saved/${body.id}/pdf`,
      headers: { ...org.viewer.headers },
    })
    expect(pdf.rawPayload.toString('latin1', 0, 8)).toBe('%PDF-1.7')
    await org.editor.put(`/api/reports/saved/${body.id}`, { name: 'Every week', question: OVERVIEW })
    expect((await org.viewer.get('/api/reports/saved')).body.items).toMatchObject([{ name: 'Every week' }])
    expect((await org.viewer.post('/api/reports/saved', { name: 'No', question: OVERVIEW })).status).toBe(403)
    expect((await org.editor.delete(`/api/reports/saved/${body.id}`)).status).toBe(204)
    const actions = (await org.owner.get('/api/audit?limit=50')).body.items.map(
      ({ action }: { action: string }) => action,
    )
    expect(actions).toEqual(expect.arrayContaining(['reports.saved', 'reports.changed', 'reports.removed']))
  })

  test('MA-7.4 one that was removed is saved again as the list told it, with its mails', async () => {
    const org = await h.organization()
    await org.editor.post('/api/reports/saved', {
      name: 'Weekly',
      question: OVERVIEW,
      schedule: { every: 'weekly', weekday: 1, time: '08:00' },
    })
    const [told] = (await org.viewer.get('/api/reports/saved')).body.items
    await org.editor.delete(`/api/reports/saved/${told.id}`)
    const { name, question, schedule, recipients } = told
    await org.editor.post('/api/reports/saved', { name, question, schedule, recipients })
    const { id: _id, createdAt: _made, ...again } = (await org.viewer.get('/api/reports/saved')).body.items[0]
    expect(told).toMatchObject(again)
  })

  test('only members are mailed, and only what is there can be asked', async () => {
    const [org, other] = [await h.organization(), await h.organization()]
    const foreign = await org.editor.post('/api/reports/saved', {
      name: 'x',
      question: OVERVIEW,
      schedule: { every: 'daily', time: '08:00' },
      recipients: [toWire('person', other.editor.personId)],
    })
    expect([foreign.status, foreign.body.code]).toEqual([400, 'reports.recipients_invalid'])
    const { id } = (await other.editor.post('/api/campaigns', { name: 'Theirs' })).body
    const asked = await org.editor.post('/api/reports/saved', {
      name: 'x',
      question: { kind: 'campaign', campaignId: id },
    })
    expect(asked.status).toBe(404)
  })

  test('MA-7.4 TK-18.3 a daily report is mailed once per planned instant, each recipient in their language, however often the job runs', async () => {
    const org = await h.organization({ timeZone: 'Europe/Paris' })
    await org.systemCtx.db.query(`update person set locale = 'fr' where id = $1`, [org.viewer.personId])
    const { body } = await org.editor.post('/api/reports/saved', {
      name: 'Daily',
      question: OVERVIEW,
      schedule: { every: 'daily', time: '08:00' },
      recipients: [org.editor, org.viewer].map(({ personId }) => toWire('person', personId)),
    })
    const first = new Date(body.nextAt)
    expect(first.getTime() - h.clock.now().getTime()).toBeLessThanOrEqual(DAY_MS)
    h.clock.advance(first.getTime() - h.clock.now().getTime() - 1)
    await h.drain()
    expect(mailsTo(org.editor.email)).toHaveLength(0)
    h.clock.advance(1)
    await h.drain()
    const [row] = await org.systemCtx.db.query<{ id: string }>(
      'select id from saved_report where org_id = $1',
      [org.orgId],
    )
    const payload = { reportId: row?.id ?? '', plannedAt: first.toISOString() }
    const nobody = (): Promise<void> => Promise.resolve()
    const lease = { jobId: 'x', attempt: 1, stopping: false, fence: nobody, releaseKey: nobody }
    for (let n = 0; n < 2; n++) await mailReport.handle(org.systemCtx, payload, lease)
    const [mail, ...more] = mailsTo(org.editor.email)
    expect(more).toEqual([])
    expect(mail).toContain('Subject: Report: Daily')
    expect(mail).toContain('Content-Type: application/pdf; name=daily.pdf')
    // Its figures stand in the mail itself, as text and as HTML, with the way to the page and to these mails.
    const read = (text = ''): string => text.replaceAll('=\r\n', '').replaceAll('=3D', '=')
    expect(read(mail)).toMatch(/\r\nCampaigns launched: 0 \(before: 0\)\r\n/)
    expect(read(mail)).toContain('>Campaigns launched</td>')
    expect(read(mail)).toContain(`href="${h.platform.config.publicUrl}/reports"`)
    expect(read(mail)).toContain(`/reports/saved#${body.id}"`)
    expect(mail).toContain(`\r\n${Buffer.from('%PDF-1.7').toString('base64').slice(0, 10)}`)
    expect(mailsTo(org.viewer.email).map((text) => text.includes('Subject: Rapport : Daily'))).toEqual([true])
    h.clock.advance(DAY_MS)
    await h.drain()
    expect(mailsTo(org.editor.email)).toHaveLength(2)
  })

  test('after a downtime of days one mail makes up for what was missed', async () => {
    const org = await h.organization()
    await org.editor.post('/api/reports/saved', {
      name: 'Daily',
      question: OVERVIEW,
      schedule: { every: 'daily', time: '08:00' },
    })
    h.clock.advance(5 * DAY_MS)
    await h.drain()
    await h.drain()
    expect(mailsTo(org.editor.email)).toHaveLength(1)
  })

  test('where the mail server refuses one recipient for a while, the others are not mailed twice', async () => {
    const org = await h.organization()
    const late = `soft-once-451-4.7.1.${org.editor.email}`
    await org.systemCtx.db.query('update person set email = $2 where id = $1', [org.editor.personId, late])
    const members = [org.owner, org.admin, org.editor]
    const { body } = await org.owner.post('/api/reports/saved', {
      name: 'Daily',
      question: OVERVIEW,
      schedule: { every: 'daily', time: '08:00' },
      recipients: members.map(({ personId }) => toWire('person', personId)),
    })
    h.clock.advance(new Date(body.nextAt).getTime() - h.clock.now().getTime())
    await h.drain()
    expect(mailsTo(late)).toHaveLength(0)
    h.clock.advance(DAY_MS / 2)
    await h.drain()
    for (const address of [org.owner.email, org.admin.email, late]) expect(mailsTo(address)).toHaveLength(1)
  })

  test('each planned day has one instant, also on the nights of the clock change and at ends of months', () => {
    const count = (from: string, to: string, plan: Parameters<typeof nextMailing>[0]): string[] => {
      const found: string[] = []
      for (
        let at = nextMailing(plan, 'Europe/Paris', new Date(from));
        at && at < new Date(to);
        at = nextMailing(plan, 'Europe/Paris', at)
      )
        found.push(at.toISOString())
      return found
    }
    const nightly = { every: 'daily', time: '02:30', weekday: 1, day: 1 } as const
    expect(count('2026-03-28T00:00:00Z', '2026-03-31T00:00:00Z', nightly)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ])
    expect(count('2026-10-24T00:00:00Z', '2026-10-27T00:00:00Z', nightly)).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ])
    expect(
      count('2027-01-01T00:00:00Z', '2027-04-01T00:00:00Z', {
        every: 'monthly',
        time: '08:00',
        weekday: 1,
        day: 31,
      }),
    ).toEqual(['2027-01-31T07:00:00.000Z', '2027-02-28T07:00:00.000Z', '2027-03-31T06:00:00.000Z'])
    expect(
      count('2026-11-23T08:00:00Z', '2026-12-08T00:00:00Z', {
        every: 'weekly',
        time: '09:00',
        weekday: 1,
        day: 1,
      }),
    ).toEqual(['2026-11-30T08:00:00.000Z', '2026-12-07T08:00:00.000Z'])
  })
})
