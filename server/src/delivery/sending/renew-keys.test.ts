import { describe, expect, test } from 'vitest'
import { fromWire } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { checkDomain, renewDomainKeys, sendingDomains, tendDomains } from './domains.ts'
import { sendingIdentity } from './identity.ts'
import type { SendingDomainId } from './queries.ts'
import { KEPT_DAYS, KEY_AGE_DAYS } from './renew-keys.ts'

const reminders: string[] = []
const sink = await startSmtpSink({
  onMail: (_to, mail) => void reminders.push(mail.toString('latin1')),
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })

describe('renewing the keys of a domain', () => {
  const DAY_MS = 86_400_000
  type Shown = { name: string; expected: string; keyState: string | null }

  /** A domain, and a DNS that publishes what is put into its zone. */
  async function published() {
    const org = await h.organization()
    const { body } = await org.admin.post('/api/sending/domains', { domain: 'shop.example' })
    const id = fromWire('sending_domain', body.id) as SendingDomainId
    const zone = new Map<string, string[]>()
    const publish = (records: readonly Shown[]): void => {
      for (const { name, expected } of records) zone.set(name, [expected])
    }
    publish(body.records)
    const lookup = async (_type: string, name: string): Promise<string[]> => zone.get(name) ?? []
    const shown = async (): Promise<Shown[]> =>
      (await sendingDomains(org.ctx)).flatMap(({ records }) =>
        records.filter(({ keyState }) => keyState !== null),
      )
    const signing = async (): Promise<string[]> =>
      (await sendingIdentity(org.ctx, 'shop.example')).keys.map(({ selector }) => selector)
    return { ...org, id, wireId: body.id as string, publish, lookup, shown, signing }
  }

  test('new keys sign only once their records are seen, and the old stay published until mails have arrived', async () => {
    const of = await published()
    const renewed = await of.admin.post(`/api/sending/domains/${of.wireId}/renew-keys`)
    expect(renewed.status).toBe(200)
    expect((await of.shown()).map(({ name, keyState }) => [name.split('.')[0], keyState])).toEqual([
      ['fanfare1', 'signing'],
      ['fanfare3', 'waiting'],
      ['fanfare2', 'signing'],
      ['fanfare4', 'waiting'],
    ])
    await checkDomain(of.ctx, of.id, of.lookup)
    expect(await of.signing()).toEqual(['fanfare1', 'fanfare2'])

    of.publish((await of.shown()).filter(({ name }) => name.startsWith('fanfare3')))
    await checkDomain(of.ctx, of.id, of.lookup)
    expect(await of.signing()).toEqual(['fanfare3', 'fanfare2'])
    of.publish(await of.shown())
    await tendDomains(of.systemCtx, of.lookup)
    expect(await of.signing()).toEqual(['fanfare3', 'fanfare4'])
    expect((await of.shown()).filter(({ keyState }) => keyState === 'replaced')).toHaveLength(2)

    h.clock.advance(KEPT_DAYS * DAY_MS - 1)
    await tendDomains(of.systemCtx, of.lookup)
    expect(await of.shown()).toHaveLength(4)
    h.clock.advance(1)
    await tendDomains(of.systemCtx, of.lookup)
    expect((await of.shown()).map(({ keyState }) => keyState)).toEqual(['signing', 'signing'])
    const rest = await of.ctx.db.query<{ bytes: number }>(
      'select length(private_sealed) as bytes from dkim_key where org_id = $1 and retired_at is not null',
      [of.orgId],
    )
    expect(rest).toEqual([{ bytes: 0 }, { bytes: 0 }])
    const trace = await of.ctx.db.query<{ action: string }>(
      "select action from audit_entry where org_id = $1 and action like 'sending_domain.key%' order by seq",
      [of.orgId],
    )
    expect(trace.map(({ action }) => action)).toEqual([
      'sending_domain.keys_made',
      'sending_domain.keys_switched',
      'sending_domain.keys_switched',
      'sending_domain.key_retired',
      'sending_domain.key_retired',
    ])
  })

  test('is refused while new keys wait, to editors, and to other organizations', async () => {
    const of = await published()
    const path = `/api/sending/domains/${of.wireId}/renew-keys`
    expect((await of.editor.post(path)).status).toBe(403)
    expect((await (await h.organization()).admin.post(path)).status).toBe(404)
    expect((await of.admin.post(path)).status).toBe(200)
    expect((await of.admin.post(path)).body.code).toBe('delivery.renewal_under_way')
  })

  test('is asked for on the screen and by mail when keys are old, once a month', async () => {
    const of = await published()
    const areKeysDue = async (): Promise<boolean | undefined> => (await sendingDomains(of.ctx))[0]?.areKeysDue
    await tendDomains(of.systemCtx, of.lookup)
    expect([await areKeysDue(), reminders.length]).toEqual([false, 0])
    h.clock.advance(KEY_AGE_DAYS * DAY_MS)
    await tendDomains(of.systemCtx, of.lookup)
    await tendDomains(of.systemCtx, of.lookup)
    expect([await areKeysDue(), reminders.length]).toEqual([true, 1])
    expect(reminders[0]).toContain('shop.example')
    h.clock.advance(29 * DAY_MS)
    await tendDomains(of.systemCtx, of.lookup)
    expect(reminders).toHaveLength(1)
    h.clock.advance(DAY_MS)
    await tendDomains(of.systemCtx, of.lookup)
    expect(reminders).toHaveLength(2)
    await renewDomainKeys(of.ctx, of.id)
    await tendDomains(of.systemCtx, of.lookup)
    expect([await areKeysDue(), reminders.length]).toEqual([false, 2])
  })
})
