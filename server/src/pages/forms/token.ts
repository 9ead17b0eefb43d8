/** Addresses of public pages: organization, thing and a signature. */
import type { OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { signToken, UUID_BYTES, uuidBytes, uuidOf, verifyToken } from '../../platform/signed-token.ts'
import type { FormId } from './queries.ts'

const NUMBER_BYTES = 8

/** The token of a form's page. */
export function formToken(platform: Platform, orgId: OrgId, id: FormId): string {
  return signToken(platform, 'form', Buffer.concat([uuidBytes(orgId), uuidBytes(id)]))
}

/** What a form's token names; null for every token that is not ours. */
export function readFormToken(platform: Platform, token: string): { orgId: OrgId; id: FormId } | null {
  const named = verifyToken(platform, 'form', token, 2 * UUID_BYTES)
  if (!named) return null
  return {
    orgId: uuidOf(named.subarray(0, UUID_BYTES)) as OrgId, // we signed it
    id: uuidOf(named.subarray(UUID_BYTES)) as FormId, // likewise
  }
}

/** The token of the link by which somebody confirms what they sent in. @param submissionId a bigint as text */
export function confirmToken(platform: Platform, orgId: OrgId, submissionId: string): string {
  const number = Buffer.alloc(NUMBER_BYTES)
  number.writeBigUInt64BE(BigInt(submissionId))
  return signToken(platform, 'form-confirm', Buffer.concat([uuidBytes(orgId), number]))
}

/** What a confirmation's token names. */
export function readConfirmToken(
  platform: Platform,
  token: string,
): { orgId: OrgId; submissionId: string } | null {
  const named = verifyToken(platform, 'form-confirm', token, UUID_BYTES + NUMBER_BYTES)
  if (!named) return null
  return {
    orgId: uuidOf(named.subarray(0, UUID_BYTES)) as OrgId, // we signed it
    submissionId: named.readBigUInt64BE(UUID_BYTES).toString(),
  }
}
