/** Passwords: proving, changing and resetting them. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newSecret, SYSTEM_ORG } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { errors } from '../errors.ts'
import { findPerson, findPersonByEmail, updatePassword, type Person } from '../queries/people.ts'
import { deleteSessionsOf } from '../queries/sessions.ts'
import { tryVerification, useVerification, voidVerifications } from '../queries/verifications.ts'
import { emailKeyOf } from '../rules/email.ts'
import { hashPassword, verifyPassword } from '../rules/password-hash.ts'
import { isEasyToGuess } from '../rules/password-strength.ts'
import { hashToken } from '../rules/tokens.ts'
import { sendPasswordReset } from '../jobs.ts'
import { onInstallation, personOf } from './acting.ts'
import { closeStreamsOf } from './streams.ts'
import { noteFailure, refuseWhileThrottled } from './throttle.ts'

/** Opening a link is not guessing, yet a link needs no more than that. */
const RESET_ATTEMPTS_MAX = 10

/** Hashes a password that is good enough. @throws team.password_weak */
export async function acceptPassword(password: string, email: string, path: string): Promise<string> {
  if (isEasyToGuess(password, email))
    throw errors.password_weak(
      {},
      {
        problems: [
          { path, message: 'Many people use this password. Three or four unrelated words are better.' },
        ],
      },
    )
  return hashPassword(password)
}

/** Lets the caller prove themselves again before something grave. @throws team.wrong_password, team.too_many_attempts */
export async function confirmPassword(ctx: Ctx, password: string): Promise<Person> {
  const person = await findPerson(ctx.db, personOf(ctx))
  if (!person) throw errors.session_not_found()
  const account = emailKeyOf(person.email)
  await refuseWhileThrottled(ctx, account)
  if (await verifyPassword(password, person.passwordHash)) return person
  await noteFailure(ctx, account)
  throw errors.wrong_password()
}

/** Changes the caller's own password and ends their other sessions. */
export async function changePassword(
  ctx: Ctx,
  change: { currentPassword: string; newPassword: string },
  currentHash: Buffer | null,
): Promise<void> {
  const person = await confirmPassword(ctx, change.currentPassword)
  const passwordHash = await acceptPassword(change.newPassword, person.email, 'newPassword')
  await inTransaction(ctx, async (ctx) => {
    await updatePassword(ctx.db, person.id, passwordHash, ctx.now())
    const ended = await deleteSessionsOf(ctx.db, person.id, currentHash)
    closeStreamsOf(ctx, ended)
    audit(ctx, 'account.password_changed', { kind: 'person', id: person.id }, { sessionsEnded: ended.length })
  })
}

/** Asks for a mail with a link; says nothing about whether anybody has this address, and takes no longer if so. */
export async function forgetPassword(ctx: Ctx, email: string): Promise<void> {
  const person = await findPersonByEmail(ctx.db, emailKeyOf(email))
  if (!person || person.disabledAt) return
  await enqueue(onInstallation(ctx), sendPasswordReset, { personId: person.id }, { key: person.id })
}

/** Sets a new password by the link that was mailed; every session ends. @throws team.reset_link_over */
export async function resetPassword(ctx: Ctx, reset: { token: string; password: string }): Promise<void> {
  const now = ctx.now()
  const tokenHash = hashToken(reset.token)
  const personId = await tryVerification(ctx.db, {
    tokenHash,
    purpose: 'password_reset',
    attemptsMax: RESET_ATTEMPTS_MAX,
    now,
  })
  const person = personId === undefined ? undefined : await findPerson(ctx.db, personId)
  if (!person || person.disabledAt) throw errors.reset_link_over()
  const passwordHash = await acceptPassword(reset.password, person.email, 'password')
  await inTransaction(ctx, async (ctx) => {
    if (!(await useVerification(ctx.db, tokenHash, now))) throw errors.reset_link_over()
    await voidVerifications(ctx.db, person.id, 'password_reset', now)
    await updatePassword(ctx.db, person.id, passwordHash, now)
    closeStreamsOf(ctx, await deleteSessionsOf(ctx.db, person.id, null))
    audit(ctx, 'account.password_reset', { kind: 'person', id: person.id })
  })
}

/**
 * Gives a person a new password, as the operator of the installation asks for on the command line; every session ends.
 * @returns the password, to be shown once
 * @throws team.person_not_found
 */
export async function setPasswordFor(platform: Platform, email: string): Promise<string> {
  const ctx = platform.systemCtx(SYSTEM_ORG)
  const person = await findPersonByEmail(ctx.db, emailKeyOf(email))
  if (!person) throw errors.person_not_found()
  const password = newSecret()
  const passwordHash = await hashPassword(password)
  await inTransaction(ctx, async (ctx) => {
    await voidVerifications(ctx.db, person.id, 'password_reset', ctx.now())
    await updatePassword(ctx.db, person.id, passwordHash, ctx.now())
    const ended = await deleteSessionsOf(ctx.db, person.id, null)
    closeStreamsOf(ctx, ended)
    audit(
      ctx,
      'account.password_set_by_operator',
      { kind: 'person', id: person.id },
      { sessionsEnded: ended.length },
    )
  })
  return password
}
