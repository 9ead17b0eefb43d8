/** All SQL of the room content. */
import type { Ctx } from '../platform/context.ts'
import type { ContactId, Id, MailVersionId, RunId } from '../platform/ids.ts'
import type { MessageSource } from './message-schema.ts'
import type { CompiledMessage } from './rules/compile-message.ts'
import type { CompiledMail } from './rules/compiled-mail.ts'
import type { MailContact, OwnField } from './rules/variables.ts'
import type { MailSource } from './schema.ts'

export type TemplateId = Id<'template'>

/** A template as it lies in its table. */
export interface TemplateRow {
  id: TemplateId
  name: string
  description: string
  source: MailSource
  version: number
  createdAt: Date
  updatedAt: Date
}

/** A template without its body, for lists. */
export type TemplateEntry = Omit<TemplateRow, 'source' | 'version'> & {
  subject: string
  language: 'en' | 'fr'
}

/** The written part of a template. */
export type TemplateDraft = Pick<TemplateRow, 'name' | 'description' | 'source'>

const TEMPLATE = 'id, name, description, source, version, created_at, updated_at'

/** A page after the given position, last changed first. The body stays in the database. */
export const templatePage = (
  ctx: Ctx,
  page: { limit: number; after: { updatedAt: Date; id: string } | null; q: string | null },
): Promise<TemplateEntry[]> =>
  ctx.db.named<TemplateEntry>(
    'content_template_page',
    `
    select id, name, description, source ->> 'subject' as subject, locale as language, created_at, updated_at
    from template
    where org_id = $1 and deleted_at is null
      and ($2::timestamptz is null or (updated_at, id) < ($2, $3::uuid))
      and ($4::text is null or position(lower($4) in lower(name)) > 0)
    order by updated_at desc, id desc
    limit $5`,
    [ctx.orgId, page.after?.updatedAt ?? null, page.after?.id ?? null, page.q, page.limit],
  )

export const readTemplate = async (ctx: Ctx, id: TemplateId): Promise<TemplateRow | null> =>
  (
    await ctx.db.named<TemplateRow>(
      'content_template_read',
      `select ${TEMPLATE} from template where org_id = $1 and id = $2 and deleted_at is null`,
      [ctx.orgId, id],
    )
  )[0] ?? null

export const insertTemplate = async (
  ctx: Ctx,
  id: TemplateId,
  draft: TemplateDraft,
  by: string,
): Promise<void> => {
  await ctx.db.named(
    'content_template_insert',
    `
    insert into template (org_id, id, name, description, locale, source, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
    [
      ctx.orgId,
      id,
      draft.name,
      draft.description,
      draft.source.language,
      JSON.stringify(draft.source),
      by,
      ctx.now(),
    ],
  )
}

/** @returns false when the template is gone or was changed since `version` */
export const updateTemplate = async (
  ctx: Ctx,
  id: TemplateId,
  draft: TemplateDraft,
  version: number,
): Promise<boolean> => {
  const rows = await ctx.db.named(
    'content_template_update',
    `
    update template set name = $4, description = $5, locale = $6, source = $7, version = version + 1, updated_at = $8
    where org_id = $1 and id = $2 and version = $3 and deleted_at is null
    returning id`,
    [
      ctx.orgId,
      id,
      version,
      draft.name,
      draft.description,
      draft.source.language,
      JSON.stringify(draft.source),
      ctx.now(),
    ],
  )
  return rows.length > 0
}

/** @returns false when there was nothing to delete or restore */
export const setTemplateDeleted = async (
  ctx: Ctx,
  id: TemplateId,
  deletedAt: Date | null,
): Promise<boolean> => {
  const rows = await ctx.db.named(
    deletedAt === null ? 'content_template_restore' : 'content_template_delete',
    `
    update template set deleted_at = $3
    where org_id = $1 and id = $2 and deleted_at is ${deletedAt === null ? 'not null' : 'null'}
    returning id`,
    [ctx.orgId, id, deletedAt],
  )
  return rows.length > 0
}

/** A version as it lies in its table. */
export interface MailVersionRow {
  id: MailVersionId
  source: MailSource
  compiled: CompiledMail
  /** Of the campaign it was frozen for; empty for none. */
  campaignName: string
}

export const insertMailVersion = async (
  ctx: Ctx,
  version: MailVersionRow & { contentHash: Buffer; by: string },
): Promise<void> => {
  await ctx.db.named(
    'content_mail_version_insert',
    `
    insert into mail_version (org_id, id, source, compiled, campaign_name, content_hash, created_by, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ctx.orgId,
      version.id,
      JSON.stringify(version.source),
      JSON.stringify(version.compiled),
      version.campaignName,
      version.contentHash,
      version.by,
      ctx.now(),
    ],
  )
}

export const readMailVersion = async (ctx: Ctx, id: MailVersionId): Promise<MailVersionRow | null> =>
  (
    await ctx.db.named<MailVersionRow>(
      'content_mail_version_read',
      'select id, source, compiled, campaign_name from mail_version where org_id = $1 and id = $2',
      [ctx.orgId, id],
    )
  )[0] ?? null

/** A version of a message of another channel, as it lies in its table. */
export interface MessageVersionRow {
  id: MailVersionId
  source: MessageSource
  compiled: CompiledMessage
  campaignName: string
}

export const insertMessageVersion = async (
  ctx: Ctx,
  version: MessageVersionRow & { contentHash: Buffer; by: string },
): Promise<void> => {
  await ctx.db.named(
    'content_message_version_insert',
    `
    insert into message_version (org_id, id, channel, source, compiled, campaign_name, content_hash, created_by, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ctx.orgId,
      version.id,
      version.source.channel,
      JSON.stringify(version.source),
      JSON.stringify(version.compiled),
      version.campaignName,
      version.contentHash,
      version.by,
      ctx.now(),
    ],
  )
}

export const readMessageVersion = async (ctx: Ctx, id: MailVersionId): Promise<MessageVersionRow | null> =>
  (
    await ctx.db.named<MessageVersionRow>(
      'content_message_version_read',
      'select id, source, compiled, campaign_name from message_version where org_id = $1 and id = $2',
      [ctx.orgId, id],
    )
  )[0] ?? null

/** A version without campaign that holds the same content. */
export const findMessageVersion = async (ctx: Ctx, contentHash: Buffer): Promise<MailVersionId | null> =>
  (
    await ctx.db.named<{ id: MailVersionId }>(
      'content_message_version_find',
      `select id from message_version where org_id = $1 and content_hash = $2 and campaign_name = '' limit 1`,
      [ctx.orgId, contentHash],
    )
  )[0]?.id ?? null

/** Reads a template and holds it until the transaction ends. */
export const lockTemplate = async (
  ctx: Ctx,
  id: TemplateId,
): Promise<(TemplateRow & { frozenId: MailVersionId | null; frozenVersion: number | null }) | null> =>
  (
    await ctx.db.named<TemplateRow & { frozenId: MailVersionId | null; frozenVersion: number | null }>(
      'content_template_lock',
      `
      select ${TEMPLATE}, frozen_id, frozen_version from template
      where org_id = $1 and id = $2 and deleted_at is null for update`,
      [ctx.orgId, id],
    )
  )[0] ?? null

export const setTemplateFrozen = (
  ctx: Ctx,
  id: TemplateId,
  frozenId: MailVersionId,
  version: number,
): Promise<unknown> =>
  ctx.db.named(
    'content_template_frozen',
    'update template set frozen_id = $3, frozen_version = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, frozenId, version],
  )

/** Templates of one organization that messages were made of. */
const FROZEN_MAX = 10_000

export const listFrozenTemplates = (ctx: Ctx): Promise<{ id: TemplateId; versionId: MailVersionId }[]> =>
  ctx.db.named(
    'content_templates_frozen',
    `
    select id, frozen_id as version_id from template
    where org_id = $1 and frozen_id is not null order by id limit ${FROZEN_MAX}`,
    [ctx.orgId],
  )

/** What a mail says of its sender. */
export interface SenderRow {
  name: string
  postalAddress: string | null
}

export const readSender = async (ctx: Ctx): Promise<SenderRow> => {
  const [row] = await ctx.db.named<SenderRow>(
    'content_sender_read',
    'select name, postal_address from organization where id = $1',
    [ctx.orgId],
  )
  return row ?? { name: '', postalAddress: null }
}

/** The organization's own contact fields in use. */
export const readOwnFields = (ctx: Ctx): Promise<OwnField[]> =>
  ctx.db.named<OwnField>(
    'content_own_fields',
    'select key, name, type from custom_field where org_id = $1 and archived_at is null order by position, name, id',
    [ctx.orgId],
  )

export const readMailContact = async (ctx: Ctx, id: ContactId): Promise<MailContact | null> =>
  (
    await ctx.db.named<MailContact>(
      'content_mail_contact',
      `
      select email, phone, first_name, last_name, language, time_zone, country, city, birthday, subscription_tier,
        subscription_status, tags, attributes
      from contact
      where org_id = $1 and id = $2`,
      [ctx.orgId, id],
    )
  )[0] ?? null

// Whoever is added to a run is added once; a repetition changes nothing.
export const insertEventData = (
  ctx: Ctx,
  runId: RunId,
  rows: readonly { contactId: ContactId; data: unknown }[],
): Promise<unknown> =>
  ctx.db.named(
    'content_insert_event_data',
    `
    insert into event_data (org_id, run_id, contact_id, data, created_at, updated_at)
    select $1, $2, d.contact_id, d.data, $3, $3
    from unnest($4::bigint[], $5::jsonb[]) as d (contact_id, data)
    on conflict (org_id, run_id, contact_id) do nothing`,
    [
      ctx.orgId,
      runId,
      ctx.now(),
      rows.map(({ contactId }) => contactId),
      rows.map(({ data }) => JSON.stringify(data)),
    ],
  )

export const selectEventData = (
  ctx: Ctx,
  runId: RunId,
  contactIds: readonly ContactId[],
): Promise<{ contactId: ContactId; data: Record<string, unknown> }[]> =>
  ctx.db.named(
    'content_select_event_data',
    'select contact_id, data from event_data where org_id = $1 and run_id = $2 and contact_id = any($3::bigint[])',
    [ctx.orgId, runId, contactIds],
  )

export const forgetEventData = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named('content_forget_event_data', 'delete from event_data where org_id = $1 and contact_id = $2', [
    ctx.orgId,
    contactId,
  ])

export const pruneEventData = (ctx: Ctx, before: Date, limit: number): Promise<unknown> =>
  ctx.db.named(
    'content_prune_event_data',
    `
    delete from event_data
    where org_id = $1 and (run_id, contact_id) in (
      select run_id, contact_id from event_data where org_id = $1 and created_at < $2 order by created_at limit $3)`,
    [ctx.orgId, before, limit],
  )
