import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { addDeltas } from '../../analytics/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { fromWire, newId, toWire, type CampaignId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { lookForUnusual } from './watch.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const taken: { to: string; mail: string }[] = []
const sink = await startSmtpSink({ onMail: ({ to }, mail) => void taken.push({ to, mail: mail.toString() }) })
afterAll(() => sink.close())
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
let org: TestOrganization
beforeEach(async () => {
  org = await h.organization()
})

const LIST = '/api/analytics/anomalies'
const mailsTo = (address: string): string[] => taken.flatMap(({ to, mail }) => (to === address ? [mail] : []))

/** A campaign whose run on e-mail ended within its first hour, six hours after the one before. */
async function ran(counts: Record<string, number>, variants: Record<string, number>[] = []): Promise<string> {
  h.clock.advance(6 * HOUR_MS)
  const { id } = (await org.editor.post('/api/campaigns', { name: `Of ${h.clock.now().toISOString()}` })).body
  const campaignId = fromWire('campaign', id) as CampaignId
  const runId = newId<'run'>(h.clock.now())
  await inTransaction(org.systemCtx, async (ctx) => {
    const now = ctx.now()
    await ctx.db.query(
      `insert into run (org_id, id, campaign_id, run_no, month, channel, state, audience, version_id, planned_at, started_at,
        first_handover_at, completed_at, created_at, updated_at)
       values ($1, $2, $3, 1, date_trunc('month', $4::timestamptz)::date, 'email', 'completed', '{}', $2, $4, $4, $4, $4, $4, $4)`,
      [org.orgId, runId, campaignId, now],
    )
    await addDeltas(ctx, { campaignId, runId, channel: 'email' }, counts)
    for (const [at, own] of variants.entries())
      await addDeltas(ctx, { campaignId, runId, channel: 'email', variant: at + 1 }, own)
  })
  return id
}

/** A dozen runs like each other. */
async function quietly(): Promise<void> {
  for (let n = 0; n < 12; n++)
    await ran({
      delivered: 990 + n,
      'bounced.inactive_mailbox': 8 + (n % 4),
      measured: 990 + n,
      opened: 220 + 3 * n,
      clicked: 30 + (n % 6),
      unsubscribed: 2 + (n % 3),
    })
}

const BROKEN = { delivered: 500, measured: 500, opened: 110, clicked: 16, 'bounced.inactive_mailbox': 5 }

describe('anomalies', () => {
  test('a planted one is found with its evidence and cause, and announced once by mail to those who chose it', async () => {
    expect((await org.editor.put(`${LIST}/mail`, { isMailed: true })).body).toEqual({ isMailed: true })
    await quietly()
    const id = await ran(BROKEN, [
      { delivered: 248, 'bounced.inactive_mailbox': 2 },
      { delivered: 150, 'bounced.invalid_domain': 100 },
    ])
    h.clock.advance(4 * HOUR_MS)
    await h.drain()
    const { body } = await org.viewer.get(LIST)
    expect(body).toMatchObject({ nextCursor: null, falseAlarmsPerRun: 0.01, isMailed: false })
    expect(body.items).toMatchObject([
      {
        campaignId: id,
        channel: 'email',
        metric: 'bounce',
        direction: 'high',
        part: 107,
        whole: 1_005,
        usual: { runs: 12 },
        cause: { kind: 'variant', label: '2' },
        headline: 'Unusually many bounces',
        acknowledgedAt: null,
      },
    ])
    const [{ usual, evidence, likelyCause }] = body.items
    expect(usual.low).toBeGreaterThan(0.003)
    expect(usual.high).toBeLessThan(0.03)
    expect(evidence).toMatch(/^10\.6% \(107 \/ 1,005\)\. Usually .*, judging by 12 comparable sendings\./)
    expect(likelyCause).toBe('It comes from variant 2 (40%, 100 / 250); the others are as usual.')
    // The look of the next day sees the same and says nothing twice; neither do more workers.
    h.clock.advance(2 * DAY_MS)
    await h.drain()
    await lookForUnusual(org.systemCtx)
    await h.drain()
    expect((await org.viewer.get(`${LIST}?state=all`)).body.items).toHaveLength(1)
    expect(mailsTo(org.viewer.email)).toEqual([])
    const [mail, ...more] = mailsTo(org.editor.email)
    expect(more).toEqual([])
    expect(mail).toContain('Subject: Unusual: Of ')
    expect(mail).toContain('It comes from variant 2')
  })

  test('CB-8.5 the runs of a day that events fed are judged as one, against earlier days of the same campaign', async () => {
    const { id } = (await org.editor.post('/api/campaigns', { name: 'Thank you' })).body
    const campaignId = fromWire('campaign', id) as CampaignId
    const fed = async (hour: number, runNo: number, counts: Record<string, number>): Promise<void> => {
      h.clock.set(new Date(dayAt + hour * HOUR_MS).toISOString())
      const runId = newId<'run'>(h.clock.now())
      await inTransaction(org.systemCtx, async (ctx) => {
        await ctx.db.query(
          `insert into run (org_id, id, campaign_id, run_no, month, channel, state, audience, version_id, planned_at, started_at,
            first_handover_at, completed_at, created_at, updated_at, is_fed)
           values ($1, $2, $3, $5, date_trunc('month', $4::timestamptz)::date, 'email', 'completed', '{}', $2, $4, $4, $4, $4, $4, $4, true)`,
          [org.orgId, runId, campaignId, ctx.now(), runNo],
        )
        await addDeltas(ctx, { campaignId, runId, channel: 'email' }, counts)
      })
    }
    let dayAt = Math.ceil(h.clock.now().getTime() / DAY_MS) * DAY_MS
    // Neither run of a day has the hundred messages that a rate needs; together they have.
    for (let day = 0; day < 12; day++, dayAt += DAY_MS) {
      await fed(8, 2 * day + 1, {
        delivered: 80,
        measured: 80,
        opened: 40,
        'bounced.inactive_mailbox': day % 2,
      })
      await fed(10, 2 * day + 2, { delivered: 78 + day, measured: 78, opened: 38 })
    }
    await fed(8, 25, { delivered: 60, measured: 60, opened: 30, 'bounced.invalid_domain': 20 })
    await fed(10, 26, { delivered: 61, measured: 61, opened: 30, 'bounced.invalid_domain': 19 })
    h.clock.advance(4 * HOUR_MS)
    await h.drain()
    expect((await org.key.get(LIST)).body.items).toMatchObject([
      {
        campaignId: id,
        metric: 'bounce',
        part: 39,
        whole: 160,
        usual: { runs: 12 },
        cause: { kind: 'reason', label: 'invalid_domain' },
      },
    ])
  })

  test('quiet runs raise nothing, and what happened long ago is no news', async () => {
    await quietly()
    await ran(BROKEN, [{ delivered: 150, 'bounced.invalid_domain': 100 }])
    h.clock.advance(9 * DAY_MS)
    await h.drain()
    expect((await org.key.get(`${LIST}?state=all`)).body.items).toEqual([])
  })

  test('one that was seen leaves the list, written down; said to be usual, later runs are compared with it', async () => {
    await quietly()
    const worse = { delivered: 880, 'bounced.inactive_mailbox': 120 }
    const id = await ran(worse)
    h.clock.advance(4 * HOUR_MS)
    await h.drain()
    const [found] = (await org.viewer.get(`${LIST}?campaignId=${id}`)).body.items
    const said = { note: 'A bought list', isUsual: false }
    expect((await org.viewer.post(`${LIST}/${found.id}/acknowledge`, said)).status).toBe(403)
    const seen = await org.editor.post(`${LIST}/${found.id}/acknowledge`, said)
    expect([seen.status, seen.body.note, seen.body.acknowledgedBy !== null]).toEqual([
      200,
      'A bought list',
      true,
    ])
    expect((await org.viewer.get(LIST)).body.items).toEqual([])
    const audit = await org.owner.get('/api/audit?action=reports.anomaly_acknowledged')
    expect(audit.body.items).toHaveLength(1)
    // It is not compared with: the next one like it is unusual again.
    await ran(worse)
    h.clock.advance(4 * HOUR_MS)
    await h.drain()
    const [again] = (await org.viewer.get(LIST)).body.items
    expect(again).toMatchObject({ metric: 'bounce', usual: { runs: 12 } })
    await org.editor.post(`${LIST}/${again.id}/acknowledge`, { isUsual: true })
    await ran({ delivered: 995, 'bounced.inactive_mailbox': 5, complained: 60 })
    h.clock.advance(4 * HOUR_MS)
    await h.drain()
    expect((await org.viewer.get(LIST)).body.items).toMatchObject([
      { metric: 'complaint', usual: { runs: 14 } },
    ])
  })

  test('another organization sees and acknowledges none of them', async () => {
    await quietly()
    await ran({ delivered: 880, 'bounced.inactive_mailbox': 120 })
    h.clock.advance(4 * HOUR_MS)
    await h.drain()
    const [found] = (await org.viewer.get(LIST)).body.items
    const other = await h.organization()
    expect((await other.owner.get(`${LIST}?state=all`)).body.items).toEqual([])
    expect((await other.owner.post(`${LIST}/${found.id}/acknowledge`, {})).status).toBe(404)
    const made = toWire('anomaly', newId<'anomaly'>(h.clock.now()))
    expect((await org.owner.post(`${LIST}/${made}/acknowledge`, {})).status).toBe(404)
    expect((await org.viewer.get(`${LIST}?cursor=abc`)).body.code).toBe('request.cursor_foreign')
    expect((await org.key.put(`${LIST}/mail`, { isMailed: true })).status).toBe(403)
  })
})
