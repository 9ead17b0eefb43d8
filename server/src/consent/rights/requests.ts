/** Requests of people: written down, carried out, turned down, each step with who did it. */
import type { Readable } from 'node:stream'
import { audit } from '../../platform/audit/index.ts'
import { identityOf } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { actorHolds } from '../../platform/http/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type ContactId } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { archiveLinkOf, readArchive, readArchiveToken } from './archives.ts'
import {
  countDownload,
  insertRequest,
  lockRequest,
  markRejected,
  markRunning,
  selectRequest,
  selectRequests,
  type PrivacyRequestId,
  type PrivacyRequestRow,
  type RequestKind,
  type RequestState,
} from './queries.ts'
import { eraseWork, makeArchiveWork } from './work.ts'

/** A clock may be a little ahead of ours. */
const AHEAD_MS = 5 * 60_000

/** A request as callers see it. */
export interface PrivacyRequest extends Omit<PrivacyRequestRow, 'archiveBytes'> {
  /** The link opens without an account, so that whoever may not fetch the archive does not get it: null. */
  archive: { bytes: number; expiresAt: Date; url: string | null } | null
  isOverdue: boolean
}

/** What a new request says. */
export interface NewPrivacyRequest {
  kind: RequestKind
  contactId: ContactId
  note: string
  /** When the person asked; now unless given. The month of the law runs from here. */
  receivedAt?: Date | undefined
}

/**
 * Writes a request down. An archive is begun at once; an erasure waits until a member carries it out.
 * @throws consent.contact_not_found, consent.invalid
 */
export function openRequest(ctx: Ctx, given: NewPrivacyRequest): Promise<PrivacyRequest> {
  const receivedAt = given.receivedAt ?? ctx.now()
  if (receivedAt.getTime() > ctx.now().getTime() + AHEAD_MS)
    throw errors.invalid(
      {},
      { problems: [{ path: 'receivedAt', message: 'Nobody has asked yet: give a moment in the past.' }] },
    )
  return inTransaction(ctx, async (ctx) => {
    const { kind, contactId, note } = given
    if (!(await identityOf(ctx, contactId))) throw errors.contact_not_found({ contactId })
    const id = newId<'privacy_request'>(ctx.now())
    await insertRequest(ctx, {
      id,
      kind,
      contactId,
      note,
      receivedAt,
      dueAt: dueFrom(receivedAt),
      by: byOf(ctx),
    })
    audit(ctx, 'privacy_request.opened', { kind: 'privacy_request', id }, { kind, contactId })
    if (kind === 'access') await begin(ctx, id, kind)
    return readRequest(ctx, id)
  })
}

/** One month, as calendars count it: asked on 31 January, due on 28 February. Source: GDPR 12(3) */
export function dueFrom(receivedAt: Date): Date {
  const due = Temporal.Instant.fromEpochMilliseconds(receivedAt.getTime())
    .toZonedDateTimeISO('UTC')
    .add({ months: 1 })
  return new Date(due.epochMilliseconds)
}

/**
 * Carries a request out: erases, or makes the archive anew.
 * @throws consent.request_not_found, consent.request_ended
 */
export function carryOut(ctx: Ctx, id: PrivacyRequestId): Promise<PrivacyRequest> {
  return inTransaction(ctx, async (ctx) => {
    const request = await lockRequest(ctx, id)
    if (!request) throw errors.request_not_found({ id })
    const isAgain = request.kind === 'access' && request.state === 'completed'
    if (request.state !== 'open' && !isAgain)
      throw errors.request_ended({}, { extra: { state: request.state } })
    await begin(ctx, id, request.kind)
    return readRequest(ctx, id)
  })
}

/** Writes an erasure down and begins it, for callers that have decided. @throws consent.contact_not_found */
export function eraseContact(ctx: Ctx, contactId: ContactId, note: string): Promise<PrivacyRequest> {
  return inTransaction(ctx, async (ctx) => {
    const { id } = await openRequest(ctx, { kind: 'erasure', contactId, note })
    return carryOut(ctx, id)
  })
}

/** Turns a request down, for a stated reason. @throws consent.request_not_found, consent.request_ended */
export function rejectRequest(ctx: Ctx, id: PrivacyRequestId, because: string): Promise<PrivacyRequest> {
  return inTransaction(ctx, async (ctx) => {
    const request = await lockRequest(ctx, id)
    if (!request) throw errors.request_not_found({ id })
    if (request.state !== 'open') throw errors.request_ended({}, { extra: { state: request.state } })
    await markRejected(ctx, id, byOf(ctx), because)
    audit(ctx, 'privacy_request.rejected', { kind: 'privacy_request', id }, { because })
    return readRequest(ctx, id)
  })
}

/** @throws consent.request_not_found */
export async function readRequest(ctx: Ctx, id: PrivacyRequestId): Promise<PrivacyRequest> {
  const row = await selectRequest(ctx, id)
  if (!row) throw errors.request_not_found({ id })
  return shown(ctx, row)
}

/** A page of requests, latest first. */
export async function listRequests(
  ctx: Ctx,
  wanted: {
    kind?: RequestKind | undefined
    state?: RequestState | undefined
    contactId?: ContactId | undefined
    cursor?: string | undefined
    limit: number
  },
): Promise<{ items: PrivacyRequest[]; nextCursor: string | null }> {
  const [at, id] = decodeCursor(wanted.cursor ?? '') ?? []
  const instant = new Date(String(at))
  const rows = await selectRequests(ctx, {
    kind: wanted.kind ?? null,
    state: wanted.state ?? null,
    contactId: wanted.contactId ?? null,
    after: typeof id === 'string' && !Number.isNaN(instant.getTime()) ? { at: instant, id } : null,
    limit: wanted.limit + 1,
  })
  const items = rows.slice(0, wanted.limit)
  const last = rows.length > wanted.limit ? items.at(-1) : undefined
  return {
    items: items.map((row) => shown(ctx, row)),
    nextCursor: last ? encodeCursor([last.createdAt.toISOString(), last.id]) : null,
  }
}

/**
 * The archive of a request, for a member. Every fetch is audited, under the member's name.
 * @throws consent.request_not_found, consent.archive_gone
 */
export async function fetchArchive(ctx: Ctx, id: PrivacyRequestId): Promise<Readable> {
  const request = await selectRequest(ctx, id)
  if (!request) throw errors.request_not_found({ id })
  return hand(ctx, request)
}

/**
 * The archive behind the person's own link. Every token that is not ours answers alike; a link that has run out says so.
 * @throws consent.archive_not_found, consent.archive_gone
 */
export async function fetchArchiveByLink(ctx: Ctx, token: string): Promise<Readable> {
  const named = readArchiveToken(ctx.platform, token)
  if (!named) throw errors.archive_not_found()
  const request = await selectRequest(ctx.platform.systemCtx(named.orgId), named.id)
  if (!request) throw errors.archive_not_found()
  const person = ctx.platform.ctx(
    named.orgId,
    { kind: 'contact', id: request.contactId },
    { requestId: ctx.requestId, addressPrefix: ctx.addressPrefix },
  )
  return hand(person, request)
}

async function hand(ctx: Ctx, request: PrivacyRequestRow): Promise<Readable> {
  const isThere =
    request.archiveBytes !== null && request.archiveExpiresAt !== null && request.archiveExpiresAt > ctx.now()
  const archive = isThere ? await readArchive(ctx, request.id) : null
  if (archive === null) throw errors.archive_gone()
  await inTransaction(ctx, async (ctx) => {
    await countDownload(ctx, request.id)
    audit(
      ctx,
      'privacy_request.archive_downloaded',
      { kind: 'privacy_request', id: request.id },
      { contactId: request.contactId },
    )
  })
  return archive
}

async function begin(ctx: Ctx, id: PrivacyRequestId, kind: RequestKind): Promise<void> {
  await markRunning(ctx, id, byOf(ctx))
  audit(ctx, 'privacy_request.begun', { kind: 'privacy_request', id }, { kind })
  await enqueue(ctx, kind === 'access' ? makeArchiveWork : eraseWork, { requestId: id }, { key: id })
}

function shown(ctx: Ctx, { archiveBytes, ...row }: PrivacyRequestRow): PrivacyRequest {
  const isOpen = row.state === 'open' || row.state === 'running'
  const isThere = archiveBytes !== null && row.archiveExpiresAt !== null && row.archiveExpiresAt > ctx.now()
  const url = actorHolds(ctx.actor, 'privacy.write') ? archiveLinkOf(ctx, row.id) : null
  return {
    ...row,
    isOverdue: isOpen && row.dueAt <= ctx.now(),
    archive:
      isThere && row.archiveExpiresAt !== null
        ? { bytes: Number(archiveBytes), expiresAt: row.archiveExpiresAt, url }
        : null,
  }
}

const byOf = (ctx: Ctx): string => `${ctx.actor.kind}:${ctx.actor.id}`
