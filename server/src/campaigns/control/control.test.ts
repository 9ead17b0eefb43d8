import { describe, expect, test } from 'vitest'
import { checkFigures } from '../../analytics/index.ts'
import { recordConsents } from '../../consent/index.ts'
import { deadLetters } from '../../delivery/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { fromWire, toWire, type CampaignId, type ContactId, type RunId } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { ledgerTotals } from '../../tracking/index.ts'

const arrived: string[] = []
const sink = await startSmtpSink({ onMail: ({ to }) => arrived.push(to) })
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const everyone = { include: { rule: { all: [] } } }
const MINUTE_MS = 60_000

/** A campaign of everybody, launched and sent as far as it goes. @returns its path and its run */
async function launched(
  org: TestOrganization,
  more: Record<string, unknown> = {},
): Promise<{ path: string; id: string; runId: RunId }> {
  const { path, id } = await written(org, more)
  const { body } = await org.owner.post(`${path}/launch`)
  await h.drain()
  return { path, id, runId: fromWire('run', String(body.runId)) as RunId }
}

async function written(
  org: TestOrganization,
  more: Record<string, unknown> = {},
): Promise<{ path: string; id: string }> {
  const { body } = await org.owner.post('/api/campaigns', {
    name: 'Noël',
    audience: everyone,
    content: {
      email: {
        subject: 'Hello',
        fromName: 'Atelier',
        fromEmail: 'hello@atelier.example',
        format: 'html',
        body: '<html><body><p>Hello</p></body></html>',
      },
    },
    ...more,
  })
  return { path: `/api/campaigns/${body.id}`, id: body.id }
}

const people = (ctx: Ctx, emails: readonly string[]): Promise<ContactId[]> => testContacts(ctx, { emails })
const timesAt = (address: string): number => arrived.filter((to) => to === address).length

describe('the desk of a campaign', () => {
  test('CS-009.4 CS-010.7 says who did what and when, how fast it may go, and what holds now', async () => {
    const org = await h.organization()
    await people(org.systemCtx, ['desk@example.net'])
    const { path } = await launched(org, { timing: { perMinute: 100 } })
    expect((await org.viewer.get(`${path}/desk`)).body).toMatchObject({
      run: { state: 'completed', audience: 1, waiting: 0 },
      limits: { perMinute: 100, perHour: null },
      canLimit: false,
      acts: [
        { action: 'completed' },
        { action: 'launched', by: { kind: 'member', name: expect.any(String) } },
      ],
    })
  })

  test('CS-009.4 pausing, limiting and resuming stand there with name and instant, newest first', async () => {
    const org = await h.organization()
    await people(org.systemCtx, ['soft-once-452-4.2.2.acts@example.net'])
    const { path } = await launched(org)
    const pausedAt = h.clock.now().toISOString()
    await org.owner.post(`${path}/pause`)
    h.clock.advance(MINUTE_MS)
    await org.editor.put(`${path}/limits`, { perMinute: 60, perHour: null })
    await org.owner.post(`${path}/resume`)
    const { body } = await org.viewer.get(`${path}/desk`)
    expect(body).toMatchObject({ canLimit: true, limits: { perMinute: 60 }, run: { limitPerMinute: 60 } })
    expect(body.acts.map(({ action }: { action: string }) => action)).toEqual([
      'resumed',
      'limited',
      'paused',
      'launched',
    ])
    expect(body.acts[1]).toMatchObject({ perMinute: 60, perHour: null })
    expect(body.acts[2]).toMatchObject({ at: pausedAt, by: { kind: 'member' } })
  })

  test('PC-20 what was refused for now stands in the queue of retries with its instant, and the words beside it', async () => {
    const org = await h.organization()
    await people(org.systemCtx, ['soft-once-452-4.2.2.queue@example.net', 'fine-queue@example.net'])
    const { path } = await launched(org)
    const refused = (await org.viewer.get(`${path}/desk`)).body
    expect(refused.run).toMatchObject({
      state: 'running',
      waiting: 1,
      deferred: 1,
      retries: [
        {
          kind: 'refused',
          channel: 'email',
          attempt: 2,
          people: 1,
          nextAt: new Date(h.clock.now().getTime() + MINUTE_MS).toISOString(),
        },
      ],
      refusals: [{ provider: '', code: '452 4.2.2', reason: 'mailbox_full', isFinal: false, people: 1 }],
    })
    h.clock.advance(MINUTE_MS)
    await h.drain()
    expect((await org.viewer.get(`${path}/desk`)).body).toMatchObject({
      run: { state: 'completed', retries: [] },
      deadLetters: [],
    })
  })
})

describe('dead letters', () => {
  test('are listed with reason, the server’s words and the person', async () => {
    const org = await h.organization()
    const [contactId] = await people(org.systemCtx, ['refuse-550-5.7.1.listed@example.net'])
    const { path } = await launched(org)
    const { body } = await org.owner.get(`${path}/dead-letters`)
    expect(body.items).toEqual([
      expect.objectContaining({
        contactId: toWire('contact', contactId ?? ''),
        channel: 'email',
        state: 'failed',
        code: '550 5.7.1',
        words: expect.stringMatching(/./),
        attempts: 1,
        withheldReason: null,
        isWaitingAgain: false,
        email: 'refuse-550-5.7.1.listed@example.net',
      }),
    ])
    expect((await org.owner.get(`${path}/dead-letters?reason=mailbox_full`)).body.items).toEqual([])
  })

  test('sent again, the answer takes the place of the one before: nobody is counted twice, figures equal the ledger', async () => {
    const org = await h.organization()
    const once = 'soft-once-550-5.7.1.again@example.net'
    await people(org.systemCtx, [once, 'refuse-550-5.7.1.never@example.net', 'fine-again@example.net'])
    const { path, runId } = await launched(org)
    expect((await org.owner.post(`${path}/send-again`, {})).body).toEqual({ people: 2 })
    // Whoever asks once more while they wait asks for nothing.
    const repeated = await org.owner.post(`${path}/send-again`, {})
    expect(repeated).toMatchObject({ status: 409, body: { code: 'delivery.nothing_to_send_again' } })
    expect((await org.viewer.get(`${path}/desk`)).body.run.retries).toMatchObject([
      { kind: 'again', attempt: 1, people: 2 },
    ])
    await h.drain()
    expect(timesAt(once)).toBe(1)
    expect(timesAt('fine-again@example.net')).toBe(1)
    const { rows, byState } = await ledgerTotals(org.systemCtx, runId)
    expect({ rows, sent: byState.sent, failed: byState.failed }).toEqual({ rows: 3, sent: 2, failed: 1 })
    expect(await checkFigures(org.systemCtx, runId)).toEqual([])
    const { body } = await org.viewer.get(`${path}/report`)
    expect(body.figures).toMatchObject({ audience: 3, handedOver: 2, failed: 1 })
    expect((await org.owner.get(`${path}/dead-letters`)).body.items).toMatchObject([
      { email: 'refuse-550-5.7.1.never@example.net', attempts: 2 },
    ])
    const desk = (await org.viewer.get(`${path}/desk`)).body
    expect(desk.acts[0]).toMatchObject({ action: 'sent_again', people: 2, by: { kind: 'member' } })
    expect(desk.run).toMatchObject({ state: 'completed', waiting: 0, retries: [] })
  })

  test('NFR-002.2 whose server never answered stands there at the end, and is sent again only by that reason', async () => {
    const org = await h.organization()
    const silent = 'drop-after.silent@elsewhere.example'
    await people(org.systemCtx, [silent, 'refuse-550-5.7.1.beside@example.net'])
    const { path, runId } = await launched(org)
    // Until it was tried a second time, nobody has given it up.
    expect((await org.owner.get(`${path}/dead-letters`)).body.items).toHaveLength(1)
    expect(await org.owner.post(`${path}/send-again`, { reason: 'outcome_unknown' })).toMatchObject({
      status: 409,
    })
    h.clock.advance(2 * MINUTE_MS)
    await h.drain()
    expect(timesAt(silent)).toBe(2)
    expect((await org.viewer.get(`${path}/desk`)).body).toMatchObject({
      run: { state: 'completed' },
      deadLetters: [
        { state: 'failed', people: 1 },
        { state: 'unknown', reason: 'outcome_unknown', people: 1 },
      ],
    })
    // It may have arrived: who asks for all that failed does not ask for it.
    expect((await org.owner.post(`${path}/send-again`, {})).body).toEqual({ people: 1 })
    await h.drain()
    expect(timesAt(silent)).toBe(2)
    const asked = await org.owner.post(`${path}/send-again`, { reason: 'outcome_unknown' })
    expect(asked.body).toEqual({ people: 1 })
    await h.drain()
    expect(timesAt(silent)).toBe(3)
    expect((await org.owner.get(`${path}/dead-letters?reason=outcome_unknown`)).body.items).toMatchObject([
      { email: silent, state: 'unknown', isWaitingAgain: false },
    ])
    const { rows, byState } = await ledgerTotals(org.systemCtx, runId)
    expect({ rows, unknown: byState.unknown, failed: byState.failed }).toEqual({
      rows: 2,
      unknown: 1,
      failed: 1,
    })
    expect(await checkFigures(org.systemCtx, runId)).toEqual([])
  })

  test('NFR-002.2 one that is answered when it is sent again says for ever that it may have arrived twice', async () => {
    const org = await h.organization()
    const late = 'drop-after-thrice.late@example.net'
    const [contactId] = await people(org.systemCtx, [late])
    const { path, runId } = await launched(org)
    h.clock.advance(2 * MINUTE_MS)
    await h.drain()
    await org.systemCtx.db.named(
      'test_readdress',
      "update contact set email = 'late@example.net' where org_id = $1 and id = $2",
      [org.orgId, contactId],
    )
    await org.owner.post(`${path}/send-again`, { reason: 'outcome_unknown' })
    await h.drain()
    expect(timesAt('late@example.net')).toBe(1)
    const { items } = (await org.owner.get(`${path}/people?of=sent&reason=outcome_unknown`)).body
    expect(items).toMatchObject([{ email: 'late@example.net' }])
    expect((await org.owner.get(`${path}/dead-letters`)).body.items).toEqual([])
    expect(await checkFigures(org.systemCtx, runId)).toEqual([])
  })

  test('CS-018.2 who withdrew meanwhile is not written to again, and the reason stands beside the old one', async () => {
    const org = await h.organization()
    const address = 'soft-once-550-5.7.1.withdrew@example.net'
    const [contactId] = await people(org.systemCtx, [address])
    const { path, runId } = await launched(org)
    await recordConsents(org.systemCtx, { source: 'member' }, [
      {
        contactId: contactId ?? ('' as ContactId),
        channel: 'email',
        purpose: 'marketing',
        state: 'withdrawn',
        occurredAt: h.clock.now(),
      },
    ])
    await org.owner.post(`${path}/send-again`, { contactIds: [toWire('contact', contactId ?? '')] })
    await h.drain()
    expect(timesAt(address)).toBe(0)
    expect((await org.owner.get(`${path}/dead-letters`)).body.items).toMatchObject([
      { state: 'failed', withheldReason: 'withdrawn', isWaitingAgain: false },
    ])
    expect(await checkFigures(org.systemCtx, runId)).toEqual([])
  })

  test('after its run has ended, what is sent again rests, goes on and ends by itself; who still waits keeps the old answer', async () => {
    const org = await h.organization()
    const [first, second] = ['soft-once-550-5.7.1.one@example.net', 'soft-once-550-5.7.1.two@example.net']
    const ids = await people(org.systemCtx, [first, second])
    const { path, runId } = await launched(org)
    const letter = (n: number) => ({ contactIds: [toWire('contact', ids[n] ?? '')] })
    const stop = (how: string) => org.owner.post(`${path}/send-again/${how}`)
    expect((await stop('pause')).body.code).toBe('delivery.nothing_waits_again')

    await org.owner.post(`${path}/send-again`, letter(0))
    const pausedAt = h.clock.now().toISOString()
    expect((await stop('pause')).body.again).toEqual({ people: 1, pausedAt })
    expect((await stop('pause')).status).toBe(409)
    await h.drain()
    expect(timesAt(first)).toBe(0)
    expect((await stop('resume')).body.again).toEqual({ people: 1, pausedAt: null })
    await h.drain()
    expect(timesAt(first)).toBe(1)

    await org.owner.post(`${path}/send-again`, letter(1))
    expect((await stop('cancel')).body.again).toBeNull()
    await h.drain()
    expect(timesAt(second)).toBe(0)
    const desk = (await org.viewer.get(`${path}/desk`)).body
    expect(desk.acts.map(({ action }: { action: string }) => action).slice(0, 5)).toEqual([
      'again_cancelled',
      'sent_again',
      'again_resumed',
      'again_paused',
      'sent_again',
    ])
    expect(desk.run).toMatchObject({ state: 'completed', waiting: 0, cancelled: 0, retries: [] })
    expect(await checkFigures(org.systemCtx, runId)).toEqual([])
    expect((await org.owner.get(`${path}/dead-letters`)).body.items).toMatchObject([
      { email: second, isWaitingAgain: false },
    ])
    await org.owner.post(`${path}/send-again`, letter(1))
    await h.drain()
    expect(timesAt(second)).toBe(1)
    expect((await org.viewer.post(`${path}/send-again/pause`)).status).toBe(403)
    expect((await (await h.organization()).owner.post(`${path}/send-again/cancel`)).status).toBe(404)
  })

  test('a pause holds what is sent again as everything else, and resuming lets it go', async () => {
    const org = await h.organization()
    const again = 'soft-once-550-5.7.1.paused@example.net'
    await people(org.systemCtx, [again, 'refuse-452-4.2.2.keeps-it-open@example.net'])
    const { path } = await launched(org)
    await org.owner.post(`${path}/pause`)
    await org.owner.post(`${path}/send-again`, { channel: 'email' })
    await h.drain()
    expect(timesAt(again)).toBe(0)
    await org.owner.post(`${path}/resume`)
    await h.drain()
    expect(timesAt(again)).toBe(1)
  })

  test('what was cancelled stays so', async () => {
    const org = await h.organization()
    await people(org.systemCtx, ['refuse-550-5.7.1.gone@example.net', 'refuse-452-4.2.2.open@example.net'])
    const { path } = await launched(org)
    await org.owner.post(`${path}/cancel`)
    expect((await org.owner.post(`${path}/send-again`, {})).status).toBe(409)
    expect((await org.viewer.get(`${path}/desk`)).body.canSendAgain).toBe(false)
  })

  test('NFR-004.1 a viewer may look and not send again', async () => {
    const org = await h.organization()
    await people(org.systemCtx, ['refuse-550-5.7.1.viewer@example.net'])
    const { path } = await launched(org)
    expect((await org.viewer.post(`${path}/send-again`, {})).status).toBe(403)
  })

  test('pages follow each other and a made-up cursor begins anew', async () => {
    const org = await h.organization()
    await people(
      org.systemCtx,
      Array.from({ length: 5 }, (_, n) => `refuse-550-5.7.1.page${n}@example.net`),
    )
    const { id } = await launched(org)
    const ask = (cursor?: string): ReturnType<typeof deadLetters> =>
      deadLetters(org.systemCtx, fromWire('campaign', id) as CampaignId, {
        channel: null,
        reason: null,
        limit: 2,
        cursor,
      })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await ask(cursor)
      seen.push(...page.items.map(({ contactId }) => contactId))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(new Set(seen).size).toBe(5)
    expect(seen).toHaveLength(5)
    expect((await ask('nonsense')).items).toHaveLength(2)
  })
})

describe('why a person did not get it', () => {
  const whyOf = async (
    org: TestOrganization,
    path: string,
    contactId: ContactId | undefined,
  ): Promise<{ answers: Record<string, unknown>[] }> =>
    (await org.viewer.get(`${path}/people/${toWire('contact', contactId ?? '')}/why`)).body

  test('PC-03 each outcome with its reason and the provider’s words', async () => {
    const org = await h.organization()
    const ctx = org.systemCtx
    const [fine, refused] = await people(ctx, ['fine-why@example.net', 'refuse-550-5.1.1.why@example.net'])
    const [silent] = await testContacts(ctx, { emails: ['silent-why@example.net'], consent: null })
    const { path } = await launched(org)
    expect((await whyOf(org, path, fine)).answers).toMatchObject([
      { channel: 'email', kind: 'outcome', state: 'sent', reason: null, said: null },
    ])
    expect((await whyOf(org, path, refused)).answers).toMatchObject([
      {
        kind: 'outcome',
        state: 'bounced',
        reason: 'invalid_recipient',
        said: { code: '550 5.1.1', attempts: 1, words: expect.stringMatching(/./) },
      },
    ])
    expect((await whyOf(org, path, silent)).answers).toMatchObject([
      { kind: 'outcome', state: 'skipped', reason: 'never_asked' },
    ])
    // Who came after the launch belongs to the audience now, and did not then.
    const [later] = await people(ctx, ['later-why@example.net'])
    expect((await whyOf(org, path, later)).answers).toMatchObject([{ channel: null, kind: 'joined_later' }])
  })

  test('who waits is told for what: another try, an hour, the pause, or nothing any more', async () => {
    const org = await h.organization()
    const [waiting] = await people(org.systemCtx, ['soft-once-452-4.2.2.why@example.net'])
    const { path } = await launched(org)
    expect((await whyOf(org, path, waiting)).answers).toMatchObject([
      {
        kind: 'refused_for_now',
        until: new Date(h.clock.now().getTime() + MINUTE_MS).toISOString(),
        said: { code: '452 4.2.2' },
      },
    ])
    await org.owner.post(`${path}/pause`)
    expect((await whyOf(org, path, waiting)).answers).toMatchObject([
      { kind: 'paused', at: h.clock.now().toISOString() },
    ])
    await org.owner.post(`${path}/cancel`)
    expect((await whyOf(org, path, waiting)).answers).toMatchObject([{ kind: 'not_reached' }])
  })

  test('held by a send window: until when and why', async () => {
    const org = await h.organization()
    const [held] = await people(org.systemCtx, ['held-why@example.net'])
    const wall = h.clock.now().toISOString().slice(11, 13)
    const from = `${String((Number(wall) + 6) % 24).padStart(2, '0')}:00`
    const to = `${String((Number(wall) + 8) % 24).padStart(2, '0')}:00`
    const { path } = await launched(org, { timing: { window: { from, to } } })
    const [answer] = (await whyOf(org, path, held)).answers
    expect(answer).toMatchObject({ kind: 'held', held: { reason: 'send_window' } })
    expect(new Date(String(answer?.['until'])).getTime()).toBeGreaterThan(h.clock.now().getTime())
    expect((await org.viewer.get(`${path}/desk`)).body.run.held).toMatchObject([
      { people: 1, reason: 'send_window' },
    ])
    await org.owner.post(`${path}/cancel`)
  })

  test('before the launch: who is meant, who may not be written to, and when it would leave', async () => {
    const org = await h.organization()
    const [fine] = await people(org.systemCtx, ['fine-before@example.net'])
    const [withdrawn] = await testContacts(org.systemCtx, {
      emails: ['withdrawn-before@example.net'],
      consent: 'withdrawn',
    })
    const { path } = await written(org)
    expect((await whyOf(org, path, fine)).answers).toMatchObject([
      { channel: 'email', kind: 'would_leave', sentence: expect.stringMatching(/./) },
    ])
    expect((await whyOf(org, path, withdrawn)).answers).toMatchObject([
      { channel: 'email', kind: 'would_not', reason: 'withdrawn' },
    ])
    const { path: nobody } = await written(org, {
      audience: {
        include: {
          rule: { all: [{ kind: 'contact', field: 'country', operator: 'one_of', value: ['JP'] }] },
        },
      },
    })
    expect((await whyOf(org, nobody, fine)).answers).toMatchObject([
      { channel: null, kind: 'not_in_audience' },
    ])
  })
})
