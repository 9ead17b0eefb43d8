/** The second factor: an authenticator app, and recovery codes for the day the telephone is lost. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newSecret, type PersonId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { findPerson } from '../queries/people.ts'
import {
  confirmTwoFactor,
  deleteTwoFactor,
  findTwoFactor,
  replaceRecoveryCodes,
  startTwoFactor,
  useRecoveryCode,
  useStep,
} from '../queries/two-factors.ts'
import { base32, newBase32Secret } from '../rules/tokens.ts'
import { matchTotp, totpUri } from '../rules/totp.ts'
import { onInstallation, personOf } from './acting.ts'
import { confirmPassword } from './passwords.ts'

const RECOVERY_CODES = 10
/** 16 characters of base32: 80 bits, kept as a keyed hash. */
const RECOVERY_CODE_LENGTH = 16

export async function describeSecondFactor(
  ctx: Ctx,
): Promise<{ enabledAt: Date | null; recoveryCodesLeft: number }> {
  const twoFactor = await findTwoFactor(ctx.db, personOf(ctx))
  if (!twoFactor?.confirmedAt) return { enabledAt: null, recoveryCodesLeft: 0 }
  return { enabledAt: twoFactor.confirmedAt, recoveryCodesLeft: twoFactor.recoveryCodesLeft }
}

/** Makes a secret that counts once a first code has confirmed it. @throws team.second_factor_already_on */
export async function beginSecondFactor(
  ctx: Ctx,
  password: string,
): Promise<{ secret: string; uri: string }> {
  const person = await confirmPassword(ctx, password)
  const secret = Buffer.from(newSecret(), 'base64url')
  const keys = await ctx.platform.secrets.of(onInstallation(ctx))
  const sealed = keys.seal(sealedPlace(person.id), secret.toString('base64'))
  if (!(await startTwoFactor(ctx.db, person.id, sealed, ctx.now()))) throw errors.second_factor_already_on()
  return { secret: base32(secret), uri: totpUri(secret, person.email) }
}

/** @returns recovery codes, to be shown once  @throws team.wrong_code, team.second_factor_off */
export async function confirmSecondFactor(ctx: Ctx, code: string): Promise<string[]> {
  const personId = personOf(ctx)
  if (!(await isTotp(ctx, personId, code))) throw errors.wrong_code()
  const codes = newRecoveryCodes()
  await inTransaction(ctx, async (ctx) => {
    const hashes = codes.map((one) => recoveryHash(ctx, one))
    if (!(await confirmTwoFactor(ctx.db, personId, hashes, ctx.now())))
      throw errors.second_factor_already_on()
    audit(ctx, 'account.second_factor_turned_on', { kind: 'person', id: personId })
  })
  return codes
}

/** @returns new recovery codes, to be shown once; the old ones stop working */
export async function renewRecoveryCodes(ctx: Ctx, password: string): Promise<string[]> {
  const { id } = await confirmPassword(ctx, password)
  const codes = newRecoveryCodes()
  await inTransaction(ctx, async (ctx) => {
    const hashes = codes.map((one) => recoveryHash(ctx, one))
    if (!(await replaceRecoveryCodes(ctx.db, id, hashes))) throw errors.second_factor_off()
    audit(ctx, 'account.recovery_codes_renewed', { kind: 'person', id })
  })
  return codes
}

export async function turnOffSecondFactor(ctx: Ctx, password: string): Promise<void> {
  const { id } = await confirmPassword(ctx, password)
  await inTransaction(ctx, async (ctx) => {
    if (!(await deleteTwoFactor(ctx.db, id))) throw errors.second_factor_off()
    audit(ctx, 'account.second_factor_turned_off', { kind: 'person', id })
  })
}

/** Whether this is a present code of the person's app, or one of their recovery codes; uses it up. */
export async function isSecondFactor(ctx: Ctx, personId: PersonId, code: string): Promise<boolean> {
  const person = await findPerson(ctx.db, personId)
  if (!person) return false
  if (await isTotp(ctx, personId, code.replaceAll(/\s/g, ''))) return true
  return useRecoveryCode(ctx.db, personId, recoveryHash(ctx, code))
}

async function isTotp(ctx: Ctx, personId: PersonId, code: string): Promise<boolean> {
  const twoFactor = await findTwoFactor(ctx.db, personId)
  if (!twoFactor) return false
  const keys = await ctx.platform.secrets.of(onInstallation(ctx))
  const secret = Buffer.from(keys.open(sealedPlace(personId), twoFactor.secret), 'base64')
  const step = matchTotp(secret, code, ctx.now(), Number(twoFactor.lastStep))
  return step !== null && useStep(ctx.db, personId, step)
}

const sealedPlace = (personId: PersonId): string => `two_factor.secret:${personId}`

const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () =>
    newBase32Secret()
      .slice(0, RECOVERY_CODE_LENGTH)
      .replaceAll(/(.{4})(?!$)/g, '$1-'),
  )

/** The code as it is compared: people type it with or without the dashes. */
function recoveryHash(ctx: Ctx, code: string): Buffer {
  const plain = code.toLowerCase().replaceAll(/[^a-z2-7]/g, '')
  return ctx.platform.secrets.sign('recovery_code', Buffer.from(plain))
}
