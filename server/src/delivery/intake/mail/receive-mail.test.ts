import { afterAll, describe, expect, test } from 'vitest'
import { campaignFigures } from '../../../analytics/index.ts'
import { createContact } from '../../../contacts/index.ts'
import { isSuppressed, recordConsents } from '../../../consent/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import { toWire, type CampaignId, type ContactId } from '../../../platform/ids.ts'
import { harness } from '../../../testing/harness.ts'
import { testLaunch } from '../../../testing/launch.ts'
import { startSmtpSink } from '../../../testing/smtp-sink.ts'
import { messagesOf } from '../../../tracking/index.ts'

const tokens: { to: string; token: string }[] = []
const sink = await startSmtpSink({
  onMail: ({ messageId, to }) =>
    void tokens.push({ to, token: messageId.split('@')[0]?.replace('<', '') ?? '' }),
})
afterAll(() => sink.close())
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })

async function sentTo(
  ctx: Ctx,
  name: string,
): Promise<{ id: ContactId; token: string; address: string; campaignId: CampaignId }> {
  const address = `${name}@example.net`
  const { id } = await createContact(ctx, { email: address }, 'manual')
  await recordConsents(ctx, { source: 'member' }, [
    { contactId: id, channel: 'email', purpose: 'marketing', state: 'granted', occurredAt: h.clock.now() },
  ])
  const { campaignId } = await testLaunch(ctx)
  await h.drain()
  return { id, address, campaignId, token: tokens.find(({ to }) => to === address)?.token ?? '' }
}

const post = (lines: readonly string[]): Promise<number> =>
  h
    .request({
      method: 'POST',
      url: '/hooks/mail',
      headers: { 'content-type': 'message/rfc822' },
      payload: lines.join('\r\n'),
    })
    .then(({ statusCode }) => statusCode)

const dsn = (to: string, status: string, said: string, action = 'failed'): string[] => [
  'Return-Path: <>',
  'From: MAILER-DAEMON@mx.example.net',
  `To: ${to}`,
  'Subject: Undelivered Mail Returned to Sender',
  'Content-Type: multipart/report; report-type=delivery-status; boundary=cut',
  '',
  '--cut',
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mx.example.net',
  '',
  'Final-Recipient: rfc822; somebody@example.net',
  `Action: ${action}`,
  `Status: ${status}`,
  `Diagnostic-Code: smtp; ${said}`,
  '',
  '--cut--',
]

const stateOf = async (ctx: Ctx, id: ContactId): Promise<string> => {
  const [item] = (await messagesOf(ctx, id, { limit: 1 })).items
  return `${item?.state ?? ''}.${item?.reason ?? ''}`
}
const suppressed = async (ctx: Ctx, address: string): Promise<string | undefined> =>
  (await isSuppressed(ctx, 'email', (await h.platform.secrets.of(ctx)).addressHash('email', address)))?.reason

test('PC-19 a bounce that comes by mail, known by the signed return path, suppresses at once', async () => {
  const { systemCtx: ctx } = await h.organization()
  const { id, token, address } = await sentTo(ctx, 'gone')
  const mail = dsn(`b-${token}@bounces.shop.example`, '5.1.1', '550 5.1.1 User unknown')
  // A warning is no bounce: the sending system goes on trying.
  expect(await post(dsn(`b-${token}@bounces.shop.example`, '4.4.1', 'Connection timed out', 'delayed'))).toBe(
    204,
  )
  expect(await stateOf(ctx, id)).toBe('sent.')
  expect(await post(mail)).toBe(204)
  expect(await post(mail)).toBe(204)
  await h.drain()
  expect(await stateOf(ctx, id)).toBe('bounced.invalid_recipient')
  expect(await suppressed(ctx, address)).toBe('hard')
  // The report names another address: whoever has a token could write one, so only the message's own counts.
  expect(await suppressed(ctx, 'somebody@example.net')).toBeUndefined()
})

test('PC-22 a complaint with a redacted recipient finds its person by the signed Message-ID, and counts once', async () => {
  const { systemCtx: ctx } = await h.organization()
  const { token, address, id } = await sentTo(ctx, 'cross')
  const arf = [
    'From: fbl@provider.example',
    'To: fbl@shop.example',
    'Subject: FW: Hello',
    'Content-Type: multipart/report; report-type=feedback-report; boundary=cut',
    '',
    '--cut',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'Original-Rcpt-To: redacted',
    '',
    '--cut',
    'Content-Type: message/rfc822',
    '',
    `Message-ID: <${token}@shop.example>`,
    'To: redacted',
    '',
    '--cut--',
  ]
  expect(await post(arf)).toBe(204)
  expect(await post(arf)).toBe(204)
  await h.drain()
  expect(await suppressed(ctx, address)).toBe('complaint')
  const [row] = await ctx.db.query<{ n: number }>(
    `select count(*)::int as n from event where org_id = $1 and type = 'message.complained' and contact_id = $2`,
    [ctx.orgId, id],
  )
  expect(row?.n).toBe(1)
})

test('PC-19 a forged bounce moves nothing', async () => {
  const { systemCtx: ctx } = await h.organization()
  const { id, token, address } = await sentTo(ctx, 'safe')
  const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
  for (const to of [
    `b-${forged}@bounces.shop.example`,
    'news@shop.example',
    `b-${'x'.repeat(40)}@shop.example`,
  ])
    expect(await post(dsn(to, '5.1.1', '550 5.1.1 User unknown'))).toBe(204)
  expect(await stateOf(ctx, id)).toBe('sent.')
  expect(await suppressed(ctx, address)).toBeUndefined()
})

test('PC-21 a refusal of our domain blames no recipient, and alarms its owner', async () => {
  const org = await h.organization()
  const { systemCtx: ctx } = org
  const { id, token } = await sentTo(ctx, 'fine')
  await post(
    dsn(
      `b-${token}@bounces.shop.example`,
      '5.7.515',
      '550 5.7.515 Access denied, sending domain shop.example does not meet the required authentication level.',
    ),
  )
  await h.drain()
  expect(await stateOf(ctx, id)).toBe('failed.authentication')
  expect(await suppressed(ctx, 'fine@example.net')).toBeUndefined()
  const { items } = (await org.viewer.get('/api/sending/alerts')).body as { items: unknown[] }
  expect(items).toMatchObject([
    { domain: 'shop.example', receiver: 'example.net', reason: 'authentication', times: 1 },
  ])
  expect(
    (await org.owner.post('/api/sending/alerts/end', { domain: 'shop.example', receiver: 'example.net' }))
      .status,
  ).toBe(204)
})

describe('what people write back', () => {
  const reply = (token: string, lines: readonly string[], headers: readonly string[] = []): string[] => [
    'From: Ada <ada@example.net>',
    'To: hello@shop.example',
    'Subject: Re: Hello',
    'Message-ID: <own-1@example.net>',
    'In-Reply-To: <other@example.net>',
    `References: <${token}@shop.example> <other@example.net>`,
    ...headers,
    '',
    ...lines,
  ]
  const repliesTo = async (ctx: Ctx, campaignId: CampaignId): Promise<number> => {
    await h.drain()
    return (await campaignFigures(ctx, campaignId)).replied.times
  }

  test('MA-5.3 FR-006.1 a mail that answers one of ours counts once for it; an answering machine’s and a forged one do not', async () => {
    const { systemCtx: ctx } = await h.organization()
    const { token, campaignId, address } = await sentTo(ctx, 'answering')
    const question = ['Do you ship to Ghent?', '', '> Our spring sale', '> STOP']
    expect(await post(reply(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, question))).toBe(204)
    expect(await post(reply(token, question, ['Auto-Submitted: auto-replied']))).toBe(204)
    expect(await repliesTo(ctx, campaignId)).toBe(0)
    for (let again = 0; again < 2; again++) expect(await post(reply(token, question))).toBe(204)
    expect(await repliesTo(ctx, campaignId)).toBe(1)
    expect(await suppressed(ctx, address)).toBeUndefined()
  })

  test('MA-5.3 FR-006.1 one that says no more than yes counts as an answer', async () => {
    const { systemCtx: ctx } = await h.organization()
    const { token, campaignId } = await sentTo(ctx, 'agreeing')
    expect(await post(reply(token, ['Oui', '', '> On se voit mardi ?']))).toBe(204)
    expect(await repliesTo(ctx, campaignId)).toBe(1)
  })

  test('PC-43 one that says no more than stop is taken for that, and is no answer', async () => {
    const org = await h.organization()
    const { token, campaignId, id } = await sentTo(org.systemCtx, 'leaving')
    expect(await post(reply(token, ['', 'Unsubscribe, please.', '', '> Our spring sale']))).toBe(204)
    expect(await repliesTo(org.systemCtx, campaignId)).toBe(0)
    const consents = await org.viewer.get(`/api/contacts/${toWire('contact', id)}/consents`)
    expect(JSON.stringify(consents.body)).toContain('withdrawn')
  })
})
