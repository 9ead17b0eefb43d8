/** Statements over requests for access and erasure. */
import type { Ctx } from '../../platform/context.ts'
import type { Mention } from '../../platform/forget.ts'
import type { ContactId, Id } from '../../platform/ids.ts'

export type PrivacyRequestId = Id<'privacy_request'>

/** What people may ask for. */
export const REQUEST_KINDS = ['access', 'erasure'] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

/** `open` waits for a member, `running` for the job. */
export const REQUEST_STATES = ['open', 'running', 'completed', 'rejected'] as const
export type RequestState = (typeof REQUEST_STATES)[number]

/** A request as it is stored, with the present name of the person; null once they are gone. */
export interface PrivacyRequestRow {
  id: PrivacyRequestId
  kind: RequestKind
  state: RequestState
  contactId: ContactId
  contactName: string | null
  note: string
  receivedAt: Date
  dueAt: Date
  createdBy: string
  createdAt: Date
  startedBy: string | null
  startedAt: Date | null
  endedAt: Date | null
  endedBy: string | null
  rejectedBecause: string | null
  archiveBytes: string | null
  archiveExpiresAt: Date | null
  downloads: number
  downloadedAt: Date | null
  mentions: Mention[] | null
}

const COLUMNS = `
  r.id, r.kind, r.state, r.contact_id, r.note, r.received_at, r.due_at, r.created_by, r.created_at, r.started_by,
  r.started_at, r.ended_at, r.ended_by, r.rejected_because, r.archive_bytes, r.archive_expires_at, r.downloads,
  r.downloaded_at, r.mentions,
  case when c.id is null then null
    else coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email, c.phone, '') end as contact_name`

/** A new request. */
export interface NewRequest {
  id: PrivacyRequestId
  kind: RequestKind
  contactId: ContactId
  note: string
  receivedAt: Date
  dueAt: Date
  by: string
}

export const insertRequest = (ctx: Ctx, request: NewRequest): Promise<unknown> =>
  ctx.db.named(
    'consent_request_insert',
    `
    insert into privacy_request (org_id, id, kind, state, contact_id, note, received_at, due_at, created_by, created_at, updated_at)
    values ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $9)`,
    [
      ctx.orgId,
      request.id,
      request.kind,
      request.contactId,
      request.note,
      request.receivedAt,
      request.dueAt,
      request.by,
      ctx.now(),
    ],
  )

/** One request. */
export async function selectRequest(ctx: Ctx, id: PrivacyRequestId): Promise<PrivacyRequestRow | null> {
  const [found] = await ctx.db.named<PrivacyRequestRow>(
    'consent_request_select',
    `
    select ${COLUMNS}
    from privacy_request r
    left join contact c on c.org_id = $1 and c.id = r.contact_id
    where r.org_id = $1 and r.id = $2`,
    [ctx.orgId, id],
  )
  return found ?? null
}

/** Makes changes to one request wait for each other. */
export async function lockRequest(ctx: Ctx, id: PrivacyRequestId): Promise<PrivacyRequestRow | null> {
  await ctx.db.named(
    'consent_request_lock',
    'select id from privacy_request where org_id = $1 and id = $2 for update',
    [ctx.orgId, id],
  )
  return selectRequest(ctx, id)
}

/** A page of requests, latest first. */
export const selectRequests = (
  ctx: Ctx,
  wanted: {
    kind: RequestKind | null
    state: RequestState | null
    contactId: ContactId | null
    after: { at: Date; id: string } | null
    limit: number
  },
): Promise<PrivacyRequestRow[]> =>
  ctx.db.named(
    'consent_requests_page',
    `
    select ${COLUMNS}
    from privacy_request r
    left join contact c on c.org_id = $1 and c.id = r.contact_id
    where r.org_id = $1 and ($2::text is null or r.kind = $2) and ($3::text is null or r.state = $3)
      and ($4::bigint is null or r.contact_id = $4)
      and ($5::timestamptz is null or (r.created_at, r.id) < ($5, $6::uuid))
    order by r.created_at desc, r.id desc
    limit $7`,
    [
      ctx.orgId,
      wanted.kind,
      wanted.state,
      wanted.contactId,
      wanted.after?.at ?? null,
      wanted.after?.id ?? null,
      wanted.limit,
    ],
  )

export const markRunning = (ctx: Ctx, id: PrivacyRequestId, by: string): Promise<unknown> =>
  ctx.db.named(
    'consent_request_running',
    `
    update privacy_request set state = 'running', started_at = $3, started_by = $4, updated_at = $3
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, ctx.now(), by],
  )

export const markRejected = (ctx: Ctx, id: PrivacyRequestId, by: string, because: string): Promise<unknown> =>
  ctx.db.named(
    'consent_request_rejected',
    `
    update privacy_request set state = 'rejected', ended_at = $3, ended_by = $4, rejected_because = $5, updated_at = $3
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, ctx.now(), by, because],
  )

export const markArchived = (
  ctx: Ctx,
  id: PrivacyRequestId,
  archive: { bytes: number; expiresAt: Date },
): Promise<unknown> =>
  ctx.db.named(
    'consent_request_archived',
    `
    update privacy_request
    set state = 'completed', ended_at = $3, ended_by = started_by, archive_bytes = $4, archive_expires_at = $5, updated_at = $3
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, ctx.now(), archive.bytes, archive.expiresAt],
  )

export const markErased = (ctx: Ctx, id: PrivacyRequestId): Promise<unknown> =>
  ctx.db.named(
    'consent_request_erased',
    `
    update privacy_request set state = 'completed', ended_at = $3, ended_by = started_by, updated_at = $3
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, ctx.now()],
  )

export const storeMentions = (
  ctx: Ctx,
  id: PrivacyRequestId,
  mentions: readonly Mention[],
): Promise<unknown> =>
  ctx.db.named(
    'consent_request_mentions',
    'update privacy_request set mentions = $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, JSON.stringify(mentions), ctx.now()],
  )

export const countDownload = (ctx: Ctx, id: PrivacyRequestId): Promise<unknown> =>
  ctx.db.named(
    'consent_request_downloaded',
    `
    update privacy_request set downloads = downloads + 1, downloaded_at = $3, updated_at = $3
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, ctx.now()],
  )

/** Archives whose link has run out, and all those of a person. */
export const selectArchives = (
  ctx: Ctx,
  of: { expiredBefore: Date } | { contactId: ContactId },
): Promise<{ id: PrivacyRequestId }[]> =>
  ctx.db.named(
    'consent_request_archives',
    `
    select id from privacy_request
    where org_id = $1 and archive_bytes is not null
      and ($2::timestamptz is null or archive_expires_at <= $2) and ($3::bigint is null or contact_id = $3)
    order by archive_expires_at, id
    limit 1000`,
    [ctx.orgId, 'expiredBefore' in of ? of.expiredBefore : null, 'contactId' in of ? of.contactId : null],
  )

export const forgetArchives = (ctx: Ctx, ids: readonly PrivacyRequestId[]): Promise<unknown> =>
  ctx.db.named(
    'consent_request_archives_forget',
    'update privacy_request set archive_bytes = null, updated_at = $3 where org_id = $1 and id = any($2::uuid[])',
    [ctx.orgId, ids, ctx.now()],
  )

/** Notes may name the person: they go with them. */
export const forgetNotes = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named(
    'consent_request_notes_forget',
    `
    update privacy_request set note = '', rejected_because = case when rejected_because is null then null else '' end, updated_at = $3
    where org_id = $1 and contact_id = $2`,
    [ctx.orgId, contactId, ctx.now()],
  )
