/**
 * Addresses of public pages: organization, thing and a signature. They need no lookup over organizations, cannot be
 * guessed, and stay the same for ever.
 */
import { timingSafeEqual } from 'node:crypto'
import type { OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { FormId } from './queries.ts'

const MAC_BYTES = 12
const UUID_BYTES = 16
const NUMBER_BYTES = 8

/** The token of a form's page. */
export function formToken(platform: Platform, orgId: OrgId, id: FormId): string {
  return signed(platform, 'form', Buffer.concat([uuidBytes(orgId), uuidBytes(id)]))
}

/** What a form's token names; null for every token that is not ours. */
export function readFormToken(platform: Platform, token: string): { orgId: OrgId; id: FormId } | null {
  const named = verified(platform, 'form', token, 2 * UUID_BYTES)
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
  return signed(platform, 'form-confirm', Buffer.concat([uuidBytes(orgId), number]))
}

/** What a confirmation's token names. */
export function readConfirmToken(
  platform: Platform,
  token: string,
): { orgId: OrgId; submissionId: string } | null {
  const named = verified(platform, 'form-confirm', token, UUID_BYTES + NUMBER_BYTES)
  if (!named) return null
  return {
    orgId: uuidOf(named.subarray(0, UUID_BYTES)) as OrgId, // we signed it
    submissionId: named.readBigUInt64BE(UUID_BYTES).toString(),
  }
}

function signed(platform: Platform, purpose: string, named: Buffer): string {
  return Buffer.concat([named, macOf(platform, purpose, named)]).toString('base64url')
}

function verified(platform: Platform, purpose: string, token: string, bytesNamed: number): Buffer | null {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== bytesNamed + MAC_BYTES || bytes.toString('base64url') !== token) return null
  const named = bytes.subarray(0, bytesNamed)
  return timingSafeEqual(bytes.subarray(bytesNamed), macOf(platform, purpose, named)) ? named : null
}

const macOf = (platform: Platform, purpose: string, named: Buffer): Buffer =>
  platform.secrets.sign(purpose, named).subarray(0, MAC_BYTES)

const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
