import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { ledgerTotals } from '../../tracking/index.ts'
import { runProgress } from '../index.ts'

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
