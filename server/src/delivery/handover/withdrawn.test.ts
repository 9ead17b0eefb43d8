/** Withdrawals under fire, judged by those outside who took the messages: a mail server and a provider of texts. */
import { afterAll, expect, test } from 'vitest'
import { upsertContacts } from '../../contacts/index.ts'
import { recordConsents } from '../../consent/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { newId, type ContactId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import { simulate, type Simulator } from '../../testing/simulators/index.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { linkSigner, recordMessages } from '../../tracking/index.ts'
import { runProgress } from '../index.ts'

/** Real calls to two servers, half a minute of simulated seconds: some seconds, on a busy machine many. */
const PATIENCE_MS = 120_000
const PEOPLE = 500
const LEAVING = 100
/** Mails, and as many texts. */
const PER_SECOND = 25
const WITHDRAWN_AFTER_S = 6
/** After a withdrawal was answered, nothing leaves later than this. */
const WITHDRAWN_WITHIN_MS = 1_000

const mails: { to: string; at: number }[] = []
const sink = await startSmtpSink({
  onMail: ({ to }) => void mails.push({ to, at: h.clock.now().getTime() }),
})
const twilio: Simulator = await simulate('twilio', { now: () => h.clock.now() })
const h = await harness({
  env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` },
  egress: { allow: [`127.0.0.1:${twilio.port}`] },
})
afterAll(async () => {
  await sink.close()
  await twilio.close()
})

const emailOf = (n: number): string => `p${n}@example.net`
const phoneOf = (n: number): string => `+336${71_000_001 + n}`

test(
  'PC-04 MA-9.2 CS-018.6 whoever withdraws both channels in the preference centre while a campaign is being sent gets neither any more',
  async () => {
    // A Tuesday morning in France: hours hold nothing.
    h.clock.set('2027-01-12T10:00:00Z')
    const org = await h.organization()
    const ctx = org.systemCtx
    const { status } = await org.owner.post('/api/providers', {
      kind: 'twilio',
      name: 'Twilio',
      settings: { baseUrl: twilio.url, accountSid: 'AC1', from: '+15005550006' },
      secrets: { authToken: twilio.secrets.apiKey },
    })
    expect(status).toBe(201)
    const made = await upsertContacts(
      ctx,
      Array.from({ length: PEOPLE }, (_, n) => ({ email: emailOf(n), phone: phoneOf(n) })),
      { source: 'api', policy: 'skip' },
    )
    const ids = made.flatMap(({ contactId }) => contactId ?? [])
    await recordConsents(
      ctx,
      { source: 'form' },
      ids.flatMap((contactId) =>
        (['email', 'sms'] as const).map((channel) => ({
          contactId,
          channel,
          purpose: 'marketing' as const,
          state: 'granted' as const,
          occurredAt: h.clock.now(),
        })),
      ),
    )
    const leaving = ids.slice(-LEAVING)
    const pages = await preferencePages(ctx, leaving)
    const timing = { limits: { perMinute: PER_SECOND * 60, perHour: null } }
    const runs = {
      email: (await testLaunch(ctx, { channels: ['email'], timing })).runId,
      sms: (await testLaunch(ctx, { channels: ['sms'], timing })).runId,
    }
    await h.drain()
    const second = async (): Promise<void> => {
      h.clock.advance(1_000)
      await h.drain()
    }
    for (let s = 0; s < WITHDRAWN_AFTER_S; s++) await second()
    expect(mails.length).toBeGreaterThan(0)
    expect(twilio.taken().length).toBeGreaterThan(0)

    // While messages leave: nothing is ticked any more, and saved.
    const leftAt = new Map<ContactId, number>()
    const leave = async (id: ContactId): Promise<void> => {
      const answer = await h.request({
        method: 'POST',
        url: pages.get(id) ?? '',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'do=save',
      })
      expect(answer.statusCode).toBeLessThan(400)
      leftAt.set(id, h.clock.now().getTime())
    }
    await Promise.all([...leaving.map(leave), second()])
    for (let s = 0; s < PEOPLE / PER_SECOND; s++) await second()

    const isLate = (at: number, id: ContactId): boolean =>
      at > (leftAt.get(id) ?? Number.POSITIVE_INFINITY) + WITHDRAWN_WITHIN_MS
    const lateMails = mails.filter(({ to, at }) =>
      leaving.some((id) => to === addressOf(ids, id) && isLate(at, id)),
    )
    const lateTexts = twilio
      .taken()
      .filter(({ to, at }) => leaving.some((id) => to === numberOf(ids, id) && isLate(Date.parse(at), id)))
    expect([lateMails, lateTexts]).toEqual([[], []])
    const reached = {
      email: new Set(mails.map(({ to }) => to)),
      sms: new Set(twilio.taken().map(({ to }) => to)),
    }
    for (const [channel, address] of [
      ['email', emailOf],
      ['sms', phoneOf],
    ] as const) {
      const outside = Array.from({ length: PEOPLE }, (_, n) => address(n))
      expect(outside.filter((to) => reached[channel].has(to))).toEqual(outside.slice(0, PEOPLE - LEAVING))
      expect(await runProgress(ctx, runs[channel])).toMatchObject({
        state: 'completed',
        counts: { sent: PEOPLE - LEAVING, 'skipped.withdrawn': LEAVING },
      })
    }
  },
  PATIENCE_MS,
)

const addressOf = (ids: readonly ContactId[], id: ContactId): string => emailOf(ids.indexOf(id))
const numberOf = (ids: readonly ContactId[], id: ContactId): string => phoneOf(ids.indexOf(id))

/** The preference centre of people, as an earlier mail leads to it. */
async function preferencePages(ctx: Ctx, ids: readonly ContactId[]): Promise<ReadonlyMap<ContactId, string>> {
  const now = h.clock.now()
  const run = {
    campaignId: newId<'campaign'>(now),
    runId: newId<'run'>(now),
    channel: 'email',
    month: `${now.toISOString().slice(0, 7)}-01`,
  }
  const signer = await linkSigner(ctx, { ...run, versionId: newId<'mail_version'>(now) }, 0)
  await recordMessages(
    ctx,
    run,
    1,
    ids.map((contactId) => ({ contactId, state: 'sent' as const, reason: null })),
  )
  return new Map(ids.map((id) => [id, new URL(signer.linksFor(id).preferences).pathname]))
}
