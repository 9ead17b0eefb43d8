/** Statements over what was sent in. */
import type { Ctx, Locale } from '../../platform/context.ts'
import type { ContactId, Id } from '../../platform/ids.ts'
import type { FormId } from '../forms/queries.ts'

export type SubmissionId = Id<'form_submission'>

/**
 * `recorded`: taken as it is. `pending`: waits for the confirmation. `blocked`: the address is never to be used, so
 * that nothing was kept of what was typed.
 */
export const SUBMISSION_STATES = ['recorded', 'pending', 'confirmed', 'expired', 'blocked'] as const
export type SubmissionState = (typeof SUBMISSION_STATES)[number]

/** How many of each state. */
export type SubmissionCounts = Record<SubmissionState, number>

/** What was sent in, as it is stored. */
export interface SubmissionRow {
  id: SubmissionId
  formId: FormId
  version: number
  contactId: ContactId | null
  state: SubmissionState
  locale: Locale
  boxes: string[]
  fieldValues: Record<string, string> | null
  submittedAt: Date
  mailedAt: Date | null
  confirmedAt: Date | null
  expiresAt: Date | null
}

const COLUMNS =
  's.id, s.form_id, s.version, s.contact_id, s.state, s.locale, s.boxes, s.field_values, s.submitted_at, s.mailed_at, s.confirmed_at, s.expires_at'

/** A new submission. */
export interface NewSubmission {
  formId: FormId
  version: number
  contactId: ContactId | null
  state: SubmissionState
  locale: Locale
  boxes: readonly string[]
  fieldValues: Readonly<Record<string, string>> | null
  addressHash: Buffer
  expiresAt: Date | null
}

/** @returns its number */
export async function insertSubmission(ctx: Ctx, submission: NewSubmission): Promise<SubmissionId> {
  const [row] = await ctx.db.named<{ id: SubmissionId }>(
    'pages_submission_insert',
    `
    insert into form_submission (org_id, form_id, version, contact_id, state, locale, boxes, field_values, address_hash,
      address_prefix, submitted_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    returning id`,
    [
      ctx.orgId,
      submission.formId,
      submission.version,
      submission.contactId,
      submission.state,
      submission.locale,
      submission.boxes,
      submission.fieldValues === null ? null : JSON.stringify(submission.fieldValues),
      submission.addressHash,
      ctx.addressPrefix,
      ctx.now(),
      submission.expiresAt,
    ],
  )
  return row?.id ?? ('' as SubmissionId) // an insert without conflict returns its row
}

/** What has come in lately: of one address anywhere, of it by one form with the same boxes, and of one neighbourhood by that form. */
export async function countLately(
  ctx: Ctx,
  about: {
    formId: FormId
    addressHash: Buffer
    /** Keys of the boxes that are ticked, in the order of the form. */
    boxes: readonly string[]
    mailsSince: Date
    formSince: Date
    neighbourhoodSince: Date
  },
): Promise<{ mails: number; byForm: number; neighbourhood: number }> {
  const [row] = await ctx.db.named<{ mails: number; byForm: number; neighbourhood: number }>(
    'pages_submissions_lately',
    `
    select
      (select count(*)::int from form_submission s
        where s.org_id = $1 and s.address_hash = $3 and s.submitted_at > $4 and s.expires_at is not null) as mails,
      (select count(*)::int from form_submission s
        where s.org_id = $1 and s.address_hash = $3 and s.form_id = $2 and s.submitted_at > $5
          and s.boxes = $8::text[]) as by_form,
      (select count(*)::int from form_submission s
        where s.org_id = $1 and s.form_id = $2 and s.address_prefix = $7 and s.submitted_at > $6) as neighbourhood`,
    [
      ctx.orgId,
      about.formId,
      about.addressHash,
      about.mailsSince,
      about.formSince,
      about.neighbourhoodSince,
      ctx.addressPrefix,
      about.boxes,
    ],
  )
  return row ?? { mails: 0, byForm: 0, neighbourhood: 0 }
}

/** One submission. */
export async function selectSubmission(ctx: Ctx, id: string): Promise<SubmissionRow | undefined> {
  const [row] = await ctx.db.named<SubmissionRow>(
    'pages_submission_select',
    `select ${COLUMNS} from form_submission s where s.org_id = $1 and s.id = $2`,
    [ctx.orgId, id],
  )
  return row
}

/** One submission, whose confirmations wait for each other. */
export async function lockSubmission(ctx: Ctx, id: string): Promise<SubmissionRow | undefined> {
  const [row] = await ctx.db.named<SubmissionRow>(
    'pages_submission_lock',
    `select ${COLUMNS} from form_submission s where s.org_id = $1 and s.id = $2 for update`,
    [ctx.orgId, id],
  )
  return row
}

export const markMailed = (ctx: Ctx, id: SubmissionId): Promise<unknown> =>
  ctx.db.named(
    'pages_submission_mailed',
    'update form_submission set mailed_at = $3 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now()],
  )

/** Confirmed: what was held goes over into the profile, and is held here no more. */
export const markConfirmed = (ctx: Ctx, id: SubmissionId, contactId: ContactId): Promise<unknown> =>
  ctx.db.named(
    'pages_submission_confirmed',
    `
    update form_submission set state = 'confirmed', confirmed_at = $3, contact_id = $4, field_values = null
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, ctx.now(), contactId],
  )

/** Questions that nobody answered in time. */
export const expirePending = (ctx: Ctx): Promise<unknown> =>
  ctx.db.named(
    'pages_submissions_expire',
    `
    update form_submission set state = 'expired', field_values = null
    where org_id = $1 and state = 'pending' and expires_at <= $2`,
    [ctx.orgId, ctx.now()],
  )

export const deleteExpired = (ctx: Ctx, before: Date): Promise<unknown> =>
  ctx.db.named(
    'pages_submissions_delete',
    `delete from form_submission where org_id = $1 and state = 'expired' and expires_at < $2`,
    [ctx.orgId, before],
  )

/** Addresses of callers serve against floods only: they are kept as long as those last. */
export const forgetNeighbourhoods = (ctx: Ctx, before: Date): Promise<unknown> =>
  ctx.db.named(
    'pages_submissions_forget_prefixes',
    `
    update form_submission set address_prefix = null
    where org_id = $1 and address_prefix is not null and submitted_at < $2`,
    [ctx.orgId, before],
  )

export const deleteOfContact = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named(
    'pages_submissions_forget',
    'delete from form_submission where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )

/** How many of each state a form has. */
export async function countByState(ctx: Ctx, formId: FormId): Promise<SubmissionCounts> {
  const rows = await ctx.db.named<{ state: SubmissionState; n: number }>(
    'pages_submissions_count',
    'select state, count(*)::int as n from form_submission where org_id = $1 and form_id = $2 group by state',
    [ctx.orgId, formId],
  )
  const counts: SubmissionCounts = { recorded: 0, pending: 0, confirmed: 0, expired: 0, blocked: 0 }
  for (const { state, n } of rows) counts[state] = n
  return counts
}

/** What was sent in, as members see it. */
export interface ShownSubmission extends Omit<SubmissionRow, 'fieldValues'> {
  contactName: string | null
}

/** A page of what came in by a form, latest first. */
export const selectSubmissions = (
  ctx: Ctx,
  wanted: { formId: FormId; before: string | null; limit: number },
): Promise<ShownSubmission[]> =>
  ctx.db.named(
    'pages_submissions_page',
    `
    select s.id, s.form_id, s.version, s.contact_id, s.state, s.locale, s.boxes, s.submitted_at, s.mailed_at, s.confirmed_at,
      s.expires_at,
      case when c.id is null then null
        else coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email, c.phone, '') end as contact_name
    from form_submission s
    left join contact c on c.org_id = $1 and c.id = s.contact_id
    where s.org_id = $1 and s.form_id = $2 and ($3::bigint is null or s.id < $3)
    order by s.id desc
    limit $4`,
    [ctx.orgId, wanted.formId, wanted.before, wanted.limit],
  )

/** The name, language and address that a confirmation mail needs. */
export async function selectAddressee(
  ctx: Ctx,
  contactId: ContactId,
): Promise<{ organization: string; email: string | null } | undefined> {
  const [row] = await ctx.db.named<{ organization: string; email: string | null }>(
    'pages_addressee',
    `
    select o.name as organization, c.email
    from organization o
    join contact c on c.org_id = o.id and c.id = $2
    where o.id = $1 and c.org_id = $1`,
    [ctx.orgId, contactId],
  )
  return row
}
