import { describe, expect, test } from 'vitest'
import { harness } from '../../testing/harness.ts'
import { isPublic } from '../channels/email/smtp-client/dial.ts'
import { checkRecords, expectedRecords } from './dns-check.ts'
import { judgeDmarc } from './dmarc.ts'
import { readSmtpAccount, type DnsFinding } from './queries.ts'
import { settingsOf } from './transports.ts'

const h = await harness()

const server = {
  host: 'smtp.shop.example',
  port: 587,
  security: 'starttls',
  username: 'ada',
  password: 'se:cret',
}

describe('an organization’s mail server', () => {
  test('is set by admins, shown without its password, kept sealed, and leaves a trace', async () => {
    const { ctx, admin, editor, viewer } = await h.organization()
    expect((await editor.put('/api/sending/smtp', server)).status).toBe(403)
    const { body } = await admin.put('/api/sending/smtp', server)
    expect(body.account).toMatchObject({ host: 'smtp.shop.example', username: 'ada', hasPassword: true })
    expect(JSON.stringify((await viewer.get('/api/sending/smtp')).body)).not.toContain('se:cret')
    expect((await viewer.get('/api/sending/outlet')).body).toEqual({
      kind: 'organization',
      host: 'smtp.shop.example',
      port: 587,
    })
    const row = await readSmtpAccount(ctx)
    expect(row?.passwordSealed?.toString('latin1')).not.toContain('se:cret')
    expect(row && (await settingsOf(ctx, row)).credentials).toEqual({ username: 'ada', password: 'se:cret' })
    const trace = await ctx.db.query<{ action: string; change: unknown }>(
      "select action, change from audit_entry where org_id = $1 and action = 'smtp_account.set'",
      [ctx.orgId],
    )
    expect(trace).toHaveLength(1)
    expect(JSON.stringify(trace)).not.toContain('se:cret')
  })

  test('a stored password stays when none is given, and follows to no other server', async () => {
    const { ctx, admin } = await h.organization()
    await admin.put('/api/sending/smtp', server)
    const { password: _password, ...rest } = server
    await admin.put('/api/sending/smtp', { ...rest, port: 2525 })
    expect((await readSmtpAccount(ctx))?.passwordSealed).not.toBeNull()
    await admin.put('/api/sending/smtp', { ...rest, host: 'elsewhere.example' })
    expect((await readSmtpAccount(ctx))?.passwordSealed).toBeNull()
  })

  test('reaches no private address of the operator’s network', async () => {
    const { admin } = await h.organization()
    const { body } = await admin.post('/api/sending/smtp/test', { host: '127.0.0.1', port: 25 })
    expect(body.trouble).toMatchObject({
      kind: 'unreachable',
      text: expect.stringContaining('does not lead to a public address'),
    })
    for (const address of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', '::ffff:10.0.0.1', 'fd00::1'])
      expect(isPublic(address)).toBe(false)
    expect(isPublic('93.184.216.34')).toBe(true)
  })

  test('wrong input names the field, and nobody without a session is answered', async () => {
    const { admin } = await h.organization()
    const refused = await admin.put('/api/sending/smtp', { host: 'not a host', port: 70_000 })
    expect(refused.status).toBe(400)
    expect(refused.body.errors.map(({ path }: { path: string }) => path)).toEqual(['host', 'port'])
    expect((await h.request({ url: '/api/sending/smtp' })).statusCode).toBe(401)
  })

  test('comes after the provider of mails, and a launch says that mail stays here only where it does', async () => {
    const { admin, editor, viewer } = await h.organization()
    const notice = async (channel: string): Promise<string | null> => {
      const { body } = await editor.post('/api/campaigns', { name: 'Sale', channels: [channel] })
      return (await viewer.get(`/api/campaigns/${body.id}/launch-summary`)).body.notice
    }
    expect(await notice('email')).toMatch(/stays in this installation’s mailbox/)
    expect(await notice('sms')).toBeNull()
    await admin.put('/api/sending/smtp', server)
    expect(await notice('email')).toBeNull()
    await admin.post('/api/providers', {
      name: 'Mails',
      kind: 'sendgrid',
      settings: {},
      secrets: { apiKey: 'SG.key' },
    })
    expect((await viewer.get('/api/sending/outlet')).body).toEqual({
      kind: 'provider',
      host: 'SendGrid',
      port: null,
    })
    expect(await notice('email')).toBeNull()
  })

  test('removing it goes back to the installation’s', async () => {
    const { admin, viewer } = await h.organization()
    await admin.put('/api/sending/smtp', server)
    expect((await admin.delete('/api/sending/smtp')).status).toBe(204)
    expect((await viewer.get('/api/sending/outlet')).body.kind).toBe('mailbox')
  })
})

describe('sending domains', () => {
  test('a domain gets two keys and names the records to publish', async () => {
    const { admin, viewer } = await h.organization()
    const { status, body } = await admin.post('/api/sending/domains', { domain: 'Shop.Example' })
    expect(status).toBe(201)
    expect(body.domain).toBe('shop.example')
    expect(body.records.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`)).toEqual([
      'dkim fanfare1._domainkey.shop.example',
      'dkim fanfare2._domainkey.shop.example',
      'spf shop.example',
      'dmarc _dmarc.shop.example',
    ])
    expect(JSON.stringify((await viewer.get('/api/sending/domains')).body)).not.toContain('PRIVATE')
    expect((await admin.post('/api/sending/domains', { domain: 'shop.example' })).body.code).toBe(
      'delivery.domain_exists',
    )
  })

  test('another organization can neither see nor remove it', async () => {
    const [one, other] = [await h.organization(), await h.organization()]
    const { body } = await one.admin.post('/api/sending/domains', { domain: 'mine.example' })
    expect((await other.admin.get('/api/sending/domains')).body.items).toEqual([])
    expect((await other.admin.delete(`/api/sending/domains/${body.id}`)).status).toBe(404)
    expect((await one.viewer.delete(`/api/sending/domains/${body.id}`)).status).toBe(403)
    expect((await one.admin.delete(`/api/sending/domains/${body.id}`)).status).toBe(204)
  })

  test('the DNS check knows the right key from another, one SPF record from two, and a parent’s policy', async () => {
    const records = expectedRecords('news.shop.example', [
      { selector: 's1', record: 'v=DKIM1; k=rsa; p=AAAA' },
      { selector: 's2', record: 'v=DKIM1; k=ed25519; p=BBBB' },
    ])
    const zone: Record<string, string[]> = {
      's1._domainkey.news.shop.example': ['v=DKIM1; k=rsa; p=AA AA'],
      's2._domainkey.news.shop.example': ['v=DKIM1; k=ed25519; p=CCCC'],
      'news.shop.example': ['v=spf1 include:a.example ~all', 'v=spf1 -all', 'unrelated'],
      '_dmarc.shop.example': ['v=DMARC1; p=reject'],
    }
    const found = await checkRecords(records, (_type, name) => Promise.resolve(zone[name] ?? []))
    expect(found.map(({ kind, isRight }) => [kind, isRight])).toEqual([
      ['dkim', true],
      ['dkim', false],
      ['spf', false],
      ['dmarc', true],
    ])
  })
})

describe('DMARC', () => {
  const dkim: DnsFinding = { kind: 'dkim', type: 'TXT', name: 'k', expected: '', found: 'p=A', isRight: true }
  const spf: DnsFinding = { ...dkim, kind: 'spf', found: 'v=spf1 -all' }
  const policy = (found: string, foundAt: string): DnsFinding => ({ ...dkim, kind: 'dmarc', found, foundAt })

  test('PC-12 a return path of the same owner is aligned, unless the policy wants the exact name', () => {
    const judged = (record: string, host: string | null) =>
      judgeDmarc('news.shop.co.uk', host, [dkim, spf, policy(record, 'shop.co.uk')])
    expect(judged('v=DMARC1; p=reject; rua=mailto:d@shop.co.uk', 'bounces.shop.co.uk')).toMatchObject({
      policy: 'reject',
      spf: { isAligned: true },
      advice: [],
    })
    expect(judged('v=DMARC1; p=reject; aspf=s; rua=mailto:d@x', 'bounces.shop.co.uk')).toMatchObject({
      spf: { mode: 'strict', isAligned: false },
      advice: ['spf_unaligned'],
    })
    // Names below the same registry have nothing in common.
    expect(judged('v=DMARC1; p=none', 'other.co.uk')).toMatchObject({
      spf: { isAligned: false },
      advice: ['spf_unaligned', 'policy_none', 'no_reports'],
    })
  })

  test('below the domain that publishes it, the policy for subdomains holds', () => {
    const judged = (record: string, domain = 'news.example.com') =>
      judgeDmarc(domain, null, [dkim, spf, policy(`${record}; rua=mailto:d@x`, 'example.com')])
    const open = 'v=DMARC1; p=reject; sp=none'
    expect(judged(open)).toMatchObject({ policy: 'none', advice: ['policy_none'] })
    expect(judged(open, 'example.com')).toMatchObject({ policy: 'reject', advice: [] })
    expect(judged('v=DMARC1; p=none; sp=reject')).toMatchObject({ policy: 'reject', advice: [] })
    expect(judged('v=DMARC1; p=quarantine').policy).toBe('quarantine')
    expect(judged('v=DMARC1; p=quarantine; sp=often').policy).toBe('none')
  })

  test('without a policy, a key or an SPF record, what is missing is said first', () => {
    const nothing = judgeDmarc('shop.example', null, [])
    expect(nothing).toMatchObject({ policy: null, spf: { domain: 'shop.example', isAligned: true } })
    expect(nothing.advice).toEqual(['no_policy', 'dkim_missing', 'nothing_aligned'])
    expect(
      judgeDmarc('shop.example', null, [
        spf,
        policy('v=DMARC1; p=quarantine; rua=mailto:d@x', 'shop.example'),
      ]).advice,
    ).toEqual(['dkim_missing'])
  })

  test('an SPF record that lets everybody send, and a return path without a mail server, are wrong', async () => {
    const records = expectedRecords('shop.example', [], 'b.shop.example')
    expect(records.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'spf b.shop.example',
      'return_path b.shop.example',
      'dmarc _dmarc.shop.example',
    ])
    const look = (zone: Record<string, string[]>) =>
      checkRecords(records, async (type, name) => zone[`${type} ${name}`] ?? [])
    const rightOf = async (zone: Record<string, string[]>) => (await look(zone)).map(({ isRight }) => isRight)
    expect(await rightOf({ 'TXT b.shop.example': ['v=spf1 +all'] })).toEqual([false, false, false])
    expect(
      await rightOf({
        'TXT b.shop.example': ['v=spf1 include:x -all'],
        'MX b.shop.example': ['mx.x.example'],
      }),
    ).toEqual([true, true, false])
  })
})

test('senders are added once, listed by name, and removed', async () => {
  const { admin, viewer } = await h.organization()
  const sender = { name: 'Atelier', email: 'hello@shop.example' }
  const { status, body } = await admin.post('/api/sending/senders', sender)
  expect(status).toBe(201)
  expect((await admin.post('/api/sending/senders', sender)).status).toBe(409)
  expect((await viewer.get('/api/sending/senders')).body.items).toMatchObject([{ ...sender, replyTo: null }])
  expect((await viewer.post('/api/sending/senders', sender)).status).toBe(403)
  expect((await admin.post('/api/sending/senders', { name: '', email: 'x' })).body.errors).toHaveLength(2)
  expect((await admin.delete(`/api/sending/senders/${body.id}`)).status).toBe(204)
  expect((await viewer.get('/api/sending/senders')).body.items).toEqual([])
})
