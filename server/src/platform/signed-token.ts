/**
 * Tokens of public addresses: what they name and a signature. They need no lookup over organizations, cannot be guessed,
 * and stay the same for ever; what they name may be gone or forbidden by the time somebody comes.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Platform } from './platform.ts'

const MAC_BYTES = 12
/** Bytes of a uuid. */
export const UUID_BYTES = 16

/** @param purpose  a token of one purpose is none of another */
export function signToken(platform: Platform, purpose: string, named: Buffer): string {
  return Buffer.concat([named, macOf(platform, purpose, named)]).toString('base64url')
}

/** What a token names; null for every token that is not ours. */
export function verifyToken(
  platform: Platform,
  purpose: string,
  token: string,
  bytesNamed: number,
): Buffer | null {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== bytesNamed + MAC_BYTES || bytes.toString('base64url') !== token) return null
  const named = bytes.subarray(0, bytesNamed)
  return timingSafeEqual(bytes.subarray(bytesNamed), macOf(platform, purpose, named)) ? named : null
}

/** A uuid as bytes. */
export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')

/** Bytes as a uuid. */
export function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const macOf = (platform: Platform, purpose: string, named: Buffer): Buffer =>
  platform.secrets.sign(purpose, named).subarray(0, MAC_BYTES)
