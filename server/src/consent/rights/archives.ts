/** Archives of access requests on disk, and the signed links that lead to them. */
import { timingSafeEqual } from 'node:crypto'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { EraseStep } from '../../platform/room.ts'
import { forgetArchives, forgetNotes, selectArchives, type PrivacyRequestId } from './queries.ts'

/** Days for which an archive lies ready. Long enough for a letter, short enough for a mailbox that is read by others. */
export const ARCHIVE_DAYS = 7
const DAY_MS = 86_400_000
const PURPOSE = 'privacy-archive'
const MAC_BYTES = 16
const UUID_BYTES = 16

/** Where the archive of a request lies. */
export const archiveFileOf = (id: PrivacyRequestId): string => `archives/${id}.zip`

/** When an archive that is made now can be fetched no more. */
export const archiveExpiry = (now: Date): Date => new Date(now.getTime() + ARCHIVE_DAYS * DAY_MS)

/** The archive's bytes; null when there are none (any more). */
export async function readArchive(ctx: Ctx, id: PrivacyRequestId): Promise<Readable | null> {
  const { storage } = ctx.platform
  return (await storage.size(ctx.orgId, archiveFileOf(id))) === null
    ? null
    : storage.read(ctx.orgId, archiveFileOf(id))
}

/**
 * The link to an archive for its person: opens without an account until it expires, and names nobody.
 * Organization, request and a signature, 48 bytes; when it ends stands in the request's row.
 */
export function archiveLinkOf({ platform, orgId }: Ctx, id: PrivacyRequestId): string {
  const named = Buffer.concat([bytesOf(orgId), bytesOf(id)])
  const token = Buffer.concat([named, macOf(platform, named)]).toString('base64url')
  return `${platform.config.publicUrl}/privacy/archives/${token}`
}

/** What a token of such a link names; null for every token that is not ours. */
export function readArchiveToken(
  platform: Platform,
  token: string,
): { orgId: OrgId; id: PrivacyRequestId } | null {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== 2 * UUID_BYTES + MAC_BYTES || bytes.toString('base64url') !== token) return null
  const named = bytes.subarray(0, 2 * UUID_BYTES)
  if (!timingSafeEqual(bytes.subarray(2 * UUID_BYTES), macOf(platform, named))) return null
  return {
    orgId: uuidOf(named.subarray(0, UUID_BYTES)) as OrgId, // we signed it
    id: uuidOf(named.subarray(UUID_BYTES)) as PrivacyRequestId, // likewise
  }
}

/** Archives hold everything about the person, notes may name them. */
export const forgetArchivesOf: EraseStep = async (ctx, contactId: ContactId) => {
  await removeArchives(ctx, await selectArchives(ctx, { contactId }))
  await forgetNotes(ctx, contactId)
}

/** Removes archives whose link has run out. */
export async function removeExpiredArchives(ctx: Ctx): Promise<void> {
  await removeArchives(ctx, await selectArchives(ctx, { expiredBefore: ctx.now() }))
}

async function removeArchives(ctx: Ctx, requests: readonly { id: PrivacyRequestId }[]): Promise<void> {
  if (requests.length === 0) return
  for (const { id } of requests) await ctx.platform.storage.remove(ctx.orgId, archiveFileOf(id))
  await forgetArchives(
    ctx,
    requests.map(({ id }) => id),
  )
}

const macOf = (platform: Platform, named: Buffer): Buffer =>
  platform.secrets.sign(PURPOSE, named).subarray(0, MAC_BYTES)

const bytesOf = (uuid: string): Buffer => Buffer.from(z.uuid().parse(uuid).replaceAll('-', ''), 'hex')

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
