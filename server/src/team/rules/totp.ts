/** Time-based one-time passwords. Source: RFC 6238 (SHA-1, 6 digits, 30 s), RFC 4226 §5.3 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { base32 } from './tokens.ts'

const STEP_S = 30
const DIGITS = 6
/** Steps that a clock may be off, either way. */
const DRIFT_STEPS = 1

/** The code of a step. */
export function totpCode(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = mac.readUInt8(mac.length - 1) & 0x0f
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS
  return String(number).padStart(DIGITS, '0')
}

/** The step that an instant lies in. */
export function totpStep(now: Date): number {
  return Math.floor(now.getTime() / 1_000 / STEP_S)
}

/**
 * The step that a code belongs to, or null. A step is used once: the caller keeps the last one.
 * @param afterStep  the last step that was used
 */
export function matchTotp(secret: Buffer, code: string, now: Date, afterStep: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const present = totpStep(now)
  let matched: number | null = null
  for (let step = present - DRIFT_STEPS; step <= present + DRIFT_STEPS; step++) {
    const isSame = timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(code))
    if (isSame && step > afterStep) matched = step
  }
  return matched
}

/** What an authenticator app reads from the picture. */
export function totpUri(secret: Buffer, email: string): string {
  const label = encodeURIComponent(`Fanfare:${email}`)
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=Fanfare&algorithm=SHA1&digits=${DIGITS}&period=${STEP_S}`
}
