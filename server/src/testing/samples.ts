/**
 * One thing of every kind in an organization, made the way its room makes it. The tests of all routes put their ids
 * into paths and bodies: a kind of id that a route takes and that has no sample here fails them.
 */
import { inTransaction } from '../platform/db/index.ts'
import { fromWire, newId, toWire, type IdKind } from '../platform/ids.ts'
import type { ApiAnswer, TestOrganization } from './organization.ts'

/** Stands in every text of the sample things, so that a leak is seen. */
export type Mark = string

type Factory = (org: TestOrganization, mark: Mark, made: Samples) => Promise<string>

/** Wire ids by kind. */
export type Samples = Partial<Record<IdKind, string>>

/** Kinds in an order in which each finds what it stands on. */
const FACTORIES: Partial<Record<IdKind, Factory>> = {
  organization: async (org) => toWire('organization', org.orgId),
  person: async (org) => toWire('person', org.viewer.personId),
  session: async (org) => (await read(org.owner.get('/api/account/sessions'))).items[0].id,
  invitation: async (org, mark) =>
    (await read(org.owner.post('/api/invitations', { email: `guest@${mark}.example`, role: 'editor' })))
      .invitation.id,
  api_key: async (org, mark) =>
    (await read(org.owner.post('/api/api-keys', { name: mark, scopes: ['contacts.read'] }))).apiKey.id,
  event_source: async (org, mark) =>
    (await read(org.owner.post('/api/event-sources', { name: mark, kind: 'server' }))).id,
  contact: async (org, mark) =>
    (await read(org.owner.post('/api/contacts', { email: `fan@${mark}.example`, firstName: mark }))).id,
  custom_field: async (org, mark) =>
    (await read(org.owner.post('/api/contacts/fields', { name: mark, type: 'text' }))).id,
  contact_import: async (org, mark) => (await read(upload(org, `email\nimported@${mark}.example\n`))).id,
  bulk_change: async (org, _mark, made) =>
    (
      await read(
        org.owner.post('/api/contacts/changes', {
          action: { kind: 'add_tags', tags: ['sampled'] },
          selection: { kind: 'ids', ids: [made.contact] },
        }),
      )
    ).id,
  segment: async (org, mark) =>
    (await read(org.owner.post('/api/segments', { name: mark, kind: 'static' }))).id,
  privacy_request: async (org, _mark, made) =>
    (await read(org.owner.post('/api/privacy/requests', { kind: 'erasure', contactId: made.contact }))).id,
  suppression_import: async (org, mark) =>
    (await read(org.owner.post('/api/suppressions/imports', { source: mark, note: 'sample' }))).id,
  form: async (org, mark) =>
    (
      await read(
        org.owner.post('/api/forms', {
          name: mark,
          definition: {
            languages: ['en'],
            title: { en: mark },
            fields: [{ field: 'email', isRequired: true }],
            boxes: [],
          },
        }),
      )
    ).id,
  template: async (org, mark) =>
    (
      await read(
        org.owner.post('/api/content/templates', {
          name: mark,
          source: { subject: mark, format: 'html', body: `<p>${mark}</p>` },
        }),
      )
    ).id,
  sender: async (org, mark) =>
    (await read(org.owner.post('/api/sending/senders', { name: mark, email: `hello@${mark}.example` }))).id,
  provider: async (org, mark) =>
    (
      await read(
        org.owner.post('/api/providers', {
          kind: 'webhook',
          name: mark,
          secrets: { signingSecret: 'whsec_c2FtcGxlIHNlY3JldA==' },
        }),
      )
    ).id,
  sending_domain: async (org, mark) =>
    (await read(org.owner.post('/api/sending/domains', { domain: `${mark}.example` }))).id,
  campaign: async (org, mark) => (await read(org.owner.post('/api/campaigns', { name: mark }))).id,
  experiment: async (org, mark, made) =>
    (await read(org.owner.post(`/api/campaigns/${made.campaign}/ab-test`, { name: mark }))).testId,
  run: (org) => insertRun(org),
  spend: async (org, mark, made) =>
    (
      await read(
        org.owner.post(`/api/campaigns/${made.campaign}/spends`, {
          amount: 1,
          spentOn: '2026-11-20',
          note: mark,
        }),
      )
    ).id,
  spend_import: async (org, mark) =>
    (
      await read(
        org.owner.post('/api/spends/imports', {
          fileName: `${mark}.csv`,
          text: `date,channel,amount\n2026-11-20,email,2\n`,
        }),
      )
    ).id,
  post_link: async (org, mark, made) =>
    (
      await read(
        org.owner.post(`/api/campaigns/${made.campaign}/links`, {
          destination: 'https://shop.example/',
          platform: 'instagram',
          name: mark,
        }),
      )
    ).id,
  saved_report: async (org, mark) =>
    (await read(org.owner.post('/api/reports/saved', { name: mark, question: { kind: 'overview' } }))).id,
  report_share: async (org, mark) =>
    (await read(org.owner.post('/api/reports/shares', { title: mark, question: { kind: 'overview' } }))).id,
  message: async (org, mark, made) =>
    (
      await read(
        org.owner.post('/api/messages', {
          content: { source: { channel: 'in_app', title: mark } },
          to: { contactId: made.contact },
        }),
      )
    ).items[0].id,
  mailbox_message: (org, mark) => insertMail(org, mark),
  anomaly: (org, mark, made) => insertAnomaly(org, mark, made),
}

/** Makes one of each; kinds without a factory are absent. */
export async function makeSamples(org: TestOrganization, mark: Mark): Promise<Samples> {
  const made: Samples = {}
  for (const kind of Object.keys(FACTORIES) as IdKind[]) {
    const factory = FACTORIES[kind]
    if (factory)
      made[kind] = await factory(org, mark, made).catch((cause: unknown) => {
        throw new Error(`no sample of the kind ${kind} could be made`, { cause })
      })
  }
  return made
}

// What the API answers is any; each factory names the one field that it reads.
async function read(answer: Promise<ApiAnswer>): Promise<ApiAnswer['body']> {
  const { status, body } = await answer
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

/** Uploads a CSV file as a browser does. */
function upload(org: TestOrganization, csv: string): Promise<ApiAnswer> {
  const boundary = 'sample-boundary'
  const body = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="file"; filename="sample.csv"',
    'Content-Type: text/csv',
    '',
    csv,
    `--${boundary}--`,
    '',
  ].join('\r\n')
  return org.upload('/api/contacts/imports', body, `multipart/form-data; boundary=${boundary}`)
}

/** A run that reached nobody yet. Launching one needs a sender, a mail and people: the row alone is enough here. */
function insertRun(org: TestOrganization): Promise<string> {
  const id = newId<'run'>(org.ctx.now())
  return inTransaction(org.systemCtx, async (ctx) => {
    await ctx.db.query(
      `
      insert into run (org_id, id, campaign_id, run_no, month, channel, state, audience, version_id, planned_at, started_at, created_at, updated_at)
      values ($1, $2, $3, 1, $4, 'email', 'completed', '{}', $5, $6, $6, $6, $6)`,
      [ctx.orgId, id, newId(ctx.now()), '2026-11-01', newId(ctx.now()), ctx.now()],
    )
    return toWire('run', id)
  })
}

function insertAnomaly(org: TestOrganization, mark: Mark, made: Samples): Promise<string> {
  const id = newId<'anomaly'>(org.ctx.now())
  return inTransaction(org.systemCtx, async (ctx) => {
    await ctx.db.query(
      `
      insert into anomaly (org_id, id, campaign_id, run_id, channel, metric, stage, direction, part, whole, usual_median,
        usual_low, usual_high, peers, p, cause, run_started_at, found_at)
      values ($1, $2, $3, $4, 'email', 'bounce', 'day', 'high', 90, 1000, 0.01, 0.005, 0.02, 12, 1e-9, $5, $6, $6)`,
      [
        ctx.orgId,
        id,
        fromWire('campaign', made.campaign ?? ''),
        newId(ctx.now()),
        JSON.stringify({ kind: 'receiver', label: `${mark}.example`, part: 80, whole: 100 }),
        ctx.now(),
      ],
    )
    return toWire('anomaly', id)
  })
}

function insertMail(org: TestOrganization, mark: Mark): Promise<string> {
  return inTransaction(org.systemCtx, async (ctx) => {
    const [row] = await ctx.db.query<{ id: string }>(
      `
      insert into mailbox_message (org_id, received_at, sender, recipient, subject, message_id, source)
      values ($1, $2, $3, $4, $5, $6, $7) returning id`,
      [
        ctx.orgId,
        ctx.now(),
        `hello@${mark}.example`,
        `fan@${mark}.example`,
        mark,
        `<1@${mark}.example>`,
        Buffer.from(`Subject: ${mark}\r\n\r\n${mark}\r\n`),
      ],
    )
    return toWire('mailbox_message', row?.id ?? '')
  })
}
