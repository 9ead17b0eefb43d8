import { describe, expect, test } from 'vitest'
import { createContact } from '../../contacts/index.ts'
import { newId, toWire, type ContactId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { recordMessages } from '../../tracking/index.ts'
import { recordConsents } from '../index.ts'

const h = await harness()

/** Six changes of mind and forty messages, a quarter of them left out. */
async function lived(org: TestOrganization): Promise<ContactId> {
  const { id } = await createContact(
    org.systemCtx,
    { email: 'lived@example.net', firstName: 'Łucja' },
    'manual',
  )
  for (let n = 0; n < 6; n++) {
    h.clock.advance(60_000)
    await recordConsents(
      org.systemCtx,
      { source: 'form', wording: { text: `Phrase n° ${n} ✓`, locale: 'fr' } },
      [
        {
          contactId: id,
          channel: 'email',
          purpose: 'marketing',
          state: n % 2 === 0 ? 'granted' : 'withdrawn',
          sourceId: 'frm_x',
          sourceVersion: '2',
        },
      ],
    )
  }
  const { body: campaign } = await org.editor.post('/api/campaigns', { name: 'Soldes d’hiver' })
  for (let n = 0; n < 40; n++) {
    h.clock.advance(60_000)
    const run = {
      campaignId: campaign.id,
      runId: newId<'run'>(h.clock.now()),
      channel: 'email',
      month: '2026-11-01',
    }
    const [row] = await org.systemCtx.db.query<{ id: typeof run.campaignId }>(
      'select id from campaign where org_id = $1',
      [org.orgId],
    )
    await recordMessages(org.systemCtx, { ...run, campaignId: row?.id ?? run.campaignId }, 1, [
      { contactId: id, state: n % 4 === 0 ? 'skipped' : 'sent', reason: n % 4 === 0 ? 'withdrawn' : null },
    ])
  }
  return id
}

describe('PC-10 the proof of one person', () => {
  test('PC-10 MA-9.4 holds six words with their wording and forty messages in order, with reasons and the chain’s verdict, within five seconds', async () => {
    const org = await h.organization()
    const path = `/api/contacts/${toWire('contact', await lived(org))}/proof`
    const startedMs = performance.now()
    const { status, body } = await org.viewer.get(path)
    expect(performance.now() - startedMs).toBeLessThan(5_000)
    expect(status).toBe(200)
    expect(body.consents).toHaveLength(6)
    expect(body.consents.map(({ state }: { state: string }) => state)).toEqual([
      'granted',
      'withdrawn',
      'granted',
      'withdrawn',
      'granted',
      'withdrawn',
    ])
    expect(body.consents[0]).toMatchObject({
      wording: { text: 'Phrase n° 0 ✓', locale: 'fr' },
      source: { kind: 'form', id: 'frm_x', version: '2' },
    })
    expect(body.messages).toHaveLength(40)
    expect(
      body.messages.filter(({ reason }: { reason: string | null }) => reason === 'withdrawn'),
    ).toHaveLength(10)
    expect(body.messages[0].campaignName).toBe('Soldes d’hiver')
    const times = body.messages.map(({ stateAt }: { stateAt: string }) => stateAt)
    expect(times).toEqual(times.toSorted())
    expect(body.auditChain).toMatchObject({ verdict: 'ok' })

    const table = await org.viewer.get(`${path}.csv`)
    const lines: string[] = String(table.body).trimEnd().split('\r\n')
    expect(lines).toHaveLength(1 + 6 + 40 + 1)
    expect(lines[1]).toContain('Phrase n° 0 ✓')
    expect(lines.at(-1)).toContain('audit_chain,,,,ok')
    const moments = lines.slice(1, -1).map((line) => line.split(',')[0] ?? '')
    expect(moments).toEqual(moments.toSorted())
  })

  test('PC-10 is a tagged PDF too, in both languages', async () => {
    const org = await h.organization()
    const path = `/api/contacts/${toWire('contact', await lived(org))}/proof.pdf`
    for (const locale of ['en', 'fr']) {
      const answer = await h.request({ url: `${path}?locale=${locale}`, headers: { ...org.viewer.headers } })
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['content-type']).toBe('application/pdf')
      const text = answer.rawPayload.toString('latin1')
      expect(text.slice(0, 8)).toBe('%PDF-1.7')
      expect(text).toContain('/Marked true')
      expect(text).toMatch(new RegExp(`/Lang \\(${locale}\\)`))
      expect(text).toContain('/StructTreeRoot')
    }
  })

  test('an altered chain is told', async () => {
    const org = await h.organization()
    const id = await lived(org)
    await org.systemCtx.db.query(
      `update audit_entry set change = '{"forged":true}' where org_id = $1 and action = 'consent.recorded'`,
      [org.orgId],
    )
    const { body } = await org.viewer.get(`/api/contacts/${toWire('contact', id)}/proof`)
    expect(body.auditChain.verdict).toBe('broken')
  })

  test('another organization gets none', async () => {
    const [org, other] = [await h.organization(), await h.organization()]
    const path = `/api/contacts/${toWire('contact', await lived(org))}/proof`
    for (const ending of ['', '.csv', '.pdf']) expect((await other.owner.get(path + ending)).status).toBe(404)
  })
})

describe('CS-018.7 the compliance log', () => {
  test('CS-018.7 lists what concerns consent and rights, and its file ends with the verdict on the chain', async () => {
    const org = await h.organization()
    await lived(org)
    await org.admin.post('/api/suppressions', { address: 'barred@example.net' })
    const { body } = await org.viewer.get('/api/privacy/log?limit=2')
    expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
      'suppression.added',
      'consent.recorded',
    ])
    const [person] = await org.systemCtx.db.query<{ name: string }>('select name from person where id = $1', [
      org.admin.personId,
    ])
    expect(body.items[0]).toMatchObject({ actorKind: 'member', actorName: person?.name })
    const next = await org.viewer.get(`/api/privacy/log?limit=100&cursor=${body.nextCursor}`)
    expect(next.body.items).toHaveLength(5)
    expect(next.body.items.every(({ action }: { action: string }) => action === 'consent.recorded')).toBe(
      true,
    )
    const file = await org.viewer.get('/api/privacy/log.csv')
    const lines = String(file.body).trimEnd().split('\r\n')
    expect(lines).toHaveLength(1 + 1 + 7 + 1)
    expect(lines.at(-1)).toContain(',ok,entries,')
  })
})
