/** Signing in: a password, and a second factor where there is one. */
import type { Ctx } from '../../platform/context.ts'
import { newSecret } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { findPerson, findPersonByEmail, type Person } from '../queries/people.ts'
import { findTwoFactor } from '../queries/two-factors.ts'
import { insertVerification, tryVerification, useVerification } from '../queries/verifications.ts'
import { emailKeyOf } from '../rules/email.ts'
import { verifyPassword } from '../rules/password-hash.ts'
import { hashToken } from '../rules/tokens.ts'
import { isSecondFactor } from './second-factor.ts'
import { openSession, type Browser, type OpenedSession } from './sessions.ts'
import { forgetFailuresOf, noteFailure, refuseWhileThrottled } from './throttle.ts'

/** How long a right password waits for its code. */
const CHALLENGE_MS = 5 * 60_000
const CHALLENGE_ATTEMPTS_MAX = 5

/** A session, or the challenge to prove a second factor for one. */
export type SignInOutcome =
  | { status: 'signed_in'; session: OpenedSession }
  | { status: 'second_factor'; challenge: string }

/**
 * Wrong passwords, unknown addresses and disabled people answer alike, and take as long.
 * @throws team.wrong_credentials, team.too_many_attempts
 */
export async function signIn(
  ctx: Ctx,
  credentials: { email: string; password: string },
  browser: Browser,
): Promise<SignInOutcome> {
  const account = emailKeyOf(credentials.email)
  await refuseWhileThrottled(ctx, account)
  const person = await findPersonByEmail(ctx.db, account)
  const isRight = await verifyPassword(credentials.password, person?.passwordHash ?? null)
  if (!person || !isRight || person.disabledAt) {
    await noteFailure(ctx, account)
    throw errors.wrong_credentials()
  }
  return admit(ctx, person, browser)
}

/** @throws team.wrong_code, team.challenge_over, team.too_many_attempts */
export async function provideSecondFactor(
  ctx: Ctx,
  proof: { challenge: string; code: string },
  browser: Browser,
): Promise<SignInOutcome> {
  const now = ctx.now()
  const tokenHash = hashToken(proof.challenge)
  const personId = await tryVerification(ctx.db, {
    tokenHash,
    purpose: 'second_factor',
    attemptsMax: CHALLENGE_ATTEMPTS_MAX,
    now,
  })
  const person = personId === undefined ? undefined : await findPerson(ctx.db, personId)
  if (!person || person.disabledAt) throw errors.challenge_over()
  const account = emailKeyOf(person.email)
  await refuseWhileThrottled(ctx, account)
  if (!(await isSecondFactor(ctx, person.id, proof.code))) {
    await noteFailure(ctx, account)
    throw errors.wrong_code()
  }
  if (!(await useVerification(ctx.db, tokenHash, now))) throw errors.challenge_over()
  await forgetFailuresOf(ctx, account)
  return { status: 'signed_in', session: await openSession(ctx, person, browser) }
}

async function admit(ctx: Ctx, person: Person, browser: Browser): Promise<SignInOutcome> {
  const twoFactor = await findTwoFactor(ctx.db, person.id)
  if (!twoFactor?.confirmedAt) {
    await forgetFailuresOf(ctx, emailKeyOf(person.email))
    return { status: 'signed_in', session: await openSession(ctx, person, browser) }
  }
  const challenge = newSecret()
  await insertVerification(ctx.db, {
    tokenHash: hashToken(challenge),
    purpose: 'second_factor',
    personId: person.id,
    now: ctx.now(),
    expiresAt: new Date(ctx.now().getTime() + CHALLENGE_MS),
  })
  return { status: 'second_factor', challenge }
}
