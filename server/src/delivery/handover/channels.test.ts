import { describe, expect, test } from 'vitest'
import { checkFigures, channelFigures } from '../../analytics/index.ts'
import { costsOf } from '../../budgets/index.ts'
import { createContact } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { recordConsents, suppress } from '../../consent/index.ts'
import { anyJob, runDueJobs } from '../../platform/jobs/index.ts'
import { resolveRunJob } from '../resolve/resolve-run.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import { ledgerTotals, messagesOf } from '../../tracking/index.ts'
import { estimateRun, runProgress } from '../index.ts'
import { audienceSchema } from '../../segments/index.ts'
import { EVERYONE } from '../../testing/launch.ts'

// Everything but the network: whatever is handed over counts as sent.
const h = await harness({ env: { SMTP_URL: 'smtp://discard.invalid' } })

type Channel = 'email' | 'sms' | 'whatsapp' | 'in_app'

/** A person with addresses, who agreed to some channels. */
async function person(
  ctx: Ctx,
  name: string,
  agreed: readonly Channel[],
  more: { phone?: string | null; preferred?: string | string[] } = {},
): Promise<ContactId> {
  const { id } = await createContact(
    ctx,
    {
      email: `${name}@example.net`,
      ...(more.phone === null ? {} : { phone: more.phone ?? `+3361234${String(1_000 + people++)}` }),
    },
    'manual',
  )
  if (more.preferred !== undefined)
    await ctx.db.query('update contact set attributes = $3::jsonb where org_id = $1 and id = $2', [
      ctx.orgId,
      id,
      JSON.stringify({ preferred_channel: more.preferred }),
    ])
  if (agreed.length > 0)
    await recordConsents(
      ctx,
      { source: 'member' },
      agreed.map((channel) => ({
        contactId: id,
        channel,
        purpose: 'marketing' as const,
        state: 'granted' as const,
        occurredAt: ctx.now(),
      })),
    )
  return id
}
let people = 0

/** Channel → state or state.reason, of one person's latest run. */
async function received(ctx: Ctx, id: ContactId): Promise<Record<string, string>> {
  const { items } = await messagesOf(ctx, id, { limit: 20 })
  return Object.fromEntries(
    items.map(({ channel, state, reason }) => [channel, reason === null ? state : `${state}.${reason}`]),
  )
}

describe('all channels', () => {
  test('PC-07 consent for e-mail only: the e-mail leaves, the text message is skipped with its reason', async () => {
    const { systemCtx: ctx } = await h.organization()
    const ada = await person(ctx, 'ada', ['email'])
    const { runId } = await testLaunch(ctx, { channels: ['email', 'sms'] })
    await h.drain()
    expect(await received(ctx, ada)).toEqual({ email: 'sent', sms: 'skipped.never_asked' })
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'completed',
      audience: 2,
      counts: { sent: 1, 'skipped.never_asked': 1 },
      channels: [
        { channel: 'email', audience: 1, counts: { sent: 1 } },
        { channel: 'sms', audience: 1, counts: { 'skipped.never_asked': 1 } },
      ],
    })
  })

  test('CS-001.3 CS-012.1 CS-012.3 FR-006.1 five channels in one run, each with its own figures that equal the ledger', async () => {
    const { systemCtx: ctx } = await h.organization()
    for (let n = 0; n < 30; n++) await person(ctx, `all${n}`, ['email', 'sms', 'whatsapp', 'in_app'])
    for (let n = 0; n < 20; n++) await person(ctx, `none${n}`, [], { phone: null })
    const { runId, campaignId } = await testLaunch(ctx, {
      channels: ['email', 'sms', 'whatsapp', 'in_app', 'webhook'],
    })
    await h.drain()
    expect(await runProgress(ctx, runId)).toMatchObject({ state: 'completed', audience: 250, waiting: 0 })
    const figures = await channelFigures(ctx, campaignId)
    for (const { channel, figures: of } of figures) {
      const { byState } = await ledgerTotals(ctx, runId, channel)
      expect({ channel, sent: of.handedOver, skipped: of.skipped, audience: of.audience }).toEqual({
        channel,
        sent: byState.sent,
        skipped: byState.skipped,
        audience: 50,
      })
      expect(await checkFigures(ctx, runId, channel)).toEqual([])
    }
    expect(figures.map(({ channel, figures: of }) => [channel, of.handedOver])).toEqual([
      ['email', 30],
      ['in_app', 30],
      ['sms', 30],
      // A webhook calls a system of the organization's own: only those who want nothing at all are left out.
      ['webhook', 50],
      ['whatsapp', 30],
    ])
  })

  test('CB-9.2 MA-7.2 text messages are priced by the country of their number, and by the channel’s price elsewhere', async () => {
    const { systemCtx: ctx, owner } = await h.organization()
    await person(ctx, 'fr', ['sms'], { phone: '+33612345678' })
    await person(ctx, 'de', ['sms'], { phone: '+4915112345678' })
    await person(ctx, 'gb', ['sms'], { phone: '+447400123456' })
    await owner.put('/api/message-prices', { prices: [{ channel: 'sms', price: 0.5 }] })
    const validFrom = new Date(ctx.now().getTime() - 3_600_000).toISOString()
    for (const [country, price] of [
      ['FR', 7],
      ['GB', 0.01],
    ] as const)
      await owner.put('/api/message-prices/special', { channel: 'sms', country, price, validFrom })
    const { runId, campaignId } = await testLaunch(ctx, { channels: ['sms'] })
    await h.drain()
    expect((await costsOf(ctx, [campaignId])).get(campaignId)?.channels).toEqual([
      { channel: 'sms', messagesMinor: 751, spendsMinor: 0, totalMinor: 751 },
    ])
    expect(await checkFigures(ctx, runId)).toEqual([])
  })

  test('PC-06 a transactional run ignores marketing words and never a hard suppression, on every channel', async () => {
    const { systemCtx: ctx } = await h.organization()
    const out = await person(ctx, 'out', [])
    await recordConsents(ctx, { source: 'member' }, [
      { contactId: out, channel: 'all', purpose: 'marketing', state: 'withdrawn', occurredAt: ctx.now() },
    ])
    const gone = await person(ctx, 'gone', [])
    const [row] = await ctx.db.query<{ emailHash: Buffer; phoneHash: Buffer }>(
      'select email_hash, phone_hash from contact where org_id = $1 and id = $2',
      [ctx.orgId, gone],
    )
    for (const [channel, addressHash] of [
      ['email', row?.emailHash],
      ['sms', row?.phoneHash],
    ] as const)
      if (addressHash)
        await suppress(ctx, [
          { channel, addressHash, reason: 'hard', scope: 'all', source: 'test', contactId: gone },
        ])
    await testLaunch(ctx, { channels: ['email', 'sms'], purpose: 'transactional' })
    await h.drain()
    expect(await received(ctx, out)).toEqual({ email: 'sent', sms: 'sent' })
    expect(await received(ctx, gone)).toEqual({
      email: 'skipped.suppressed_hard',
      sms: 'skipped.suppressed_hard',
    })
  })
})

describe('first reachable', () => {
  test('everybody gets one message: by their own order first, then by the campaign’s', async () => {
    const { systemCtx: ctx } = await h.organization()
    const both = await person(ctx, 'both', ['email', 'sms'])
    const smsOnly = await person(ctx, 'sms-only', ['sms'])
    const wantsSms = await person(ctx, 'wants-sms', ['email', 'sms'], { preferred: 'SMS' })
    const wantsList = await person(ctx, 'wants-list', ['email', 'in_app'], {
      preferred: ['In-app', 'E-mail'],
    })
    const nobody = await person(ctx, 'nobody', [])
    const { runId } = await testLaunch(ctx, { channels: ['email', 'sms', 'in_app'], reach: 'first' })
    await h.drain()
    expect(await received(ctx, both)).toEqual({ email: 'sent' })
    expect(await received(ctx, smsOnly)).toEqual({ sms: 'sent' })
    expect(await received(ctx, wantsSms)).toEqual({ sms: 'sent' })
    expect(await received(ctx, wantsList)).toEqual({ in_app: 'sent' })
    expect(await received(ctx, nobody)).toEqual({ email: 'skipped.never_asked' })
    expect(await runProgress(ctx, runId)).toMatchObject({ state: 'completed', audience: 5 })
  })

  test('CS-018.6 who withdraws one channel after the audience was resolved is reached on the next', async () => {
    const { systemCtx: ctx } = await h.organization()
    const late = await person(ctx, 'late', ['email', 'sms'])
    const out = await person(ctx, 'out-of-all', ['email', 'sms'])
    const { runId, campaignId } = await testLaunch(ctx, { channels: ['email', 'sms'], reach: 'first' })
    await runDueJobs(h.platform, new Map([['delivery.resolve_run', anyJob(resolveRunJob)]]))
    await recordConsents(ctx, { source: 'member' }, [
      { contactId: late, channel: 'email', purpose: 'marketing', state: 'withdrawn', occurredAt: ctx.now() },
      { contactId: out, channel: 'all', purpose: 'marketing', state: 'withdrawn', occurredAt: ctx.now() },
    ])
    await h.drain()
    expect(await received(ctx, late)).toEqual({ email: 'skipped.withdrawn', sms: 'sent' })
    expect(await received(ctx, out)).toEqual({ email: 'skipped.opted_out' })
    expect(await runProgress(ctx, runId)).toMatchObject({
      state: 'completed',
      audience: 3,
      channels: [
        { channel: 'email', audience: 2 },
        { channel: 'sms', audience: 1, counts: { sent: 1 } },
      ],
    })
    for (const { channel } of await channelFigures(ctx, campaignId))
      expect(await checkFigures(ctx, runId, channel)).toEqual([])
  })

  test('FR-002.5 an estimate says for each channel who would get a message, and why the others not', async () => {
    const { systemCtx: ctx } = await h.organization()
    await person(ctx, 'estimate-both', ['email', 'sms'])
    await person(ctx, 'estimate-sms', ['sms'])
    await person(ctx, 'estimate-none', [])
    const audience = audienceSchema.parse(EVERYONE)
    const question = { audience, channels: ['email', 'sms'] as const, purpose: 'marketing' as const }
    expect(await estimateRun(ctx, { ...question, reach: 'all' })).toMatchObject({
      matching: 3,
      recipients: 2,
      withheld: [{ reason: 'never_asked', people: 1 }],
      channels: [
        { channel: 'email', recipients: 1, withheld: [{ reason: 'never_asked', people: 2 }] },
        { channel: 'sms', recipients: 2, withheld: [{ reason: 'never_asked', people: 1 }] },
      ],
    })
    expect(await estimateRun(ctx, { ...question, reach: 'first' })).toMatchObject({
      recipients: 2,
      channels: [
        { channel: 'email', recipients: 1 },
        { channel: 'sms', recipients: 1 },
      ],
    })
  })
})

describe('trouble', () => {
  test('a channel without provider rests and says why; the others leave', async () => {
    const own = await harness({ env: { SMTP_URL: 'smtp://127.0.0.1:9' } })
    const { systemCtx: ctx } = await own.organization()
    await person(ctx, 'rests', ['email', 'sms'])
    const { runId } = await testLaunch(ctx, { channels: ['sms', 'email'] })
    await own.drain()
    expect((await runProgress(ctx, runId)).channels).toMatchObject([
      { channel: 'sms', trouble: { kind: 'settings' } },
      { channel: 'email', trouble: { kind: 'unreachable' } },
    ])
  })
})
