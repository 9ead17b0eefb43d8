/** What the room does in the background. */
import { z } from 'zod'
import { personTransaction } from '../platform/db/index.ts'
import { defineJob, defineSchedule } from '../platform/jobs/index.ts'
import { newSecret, type PersonId } from '../platform/ids.ts'
import { passwordResetMail } from './mails.ts'
import { organizationsOfPerson } from './queries/organizations.ts'
import { findPerson } from './queries/people.ts'
import { purgeSessions } from './queries/sessions.ts'
import { purgeThrottles } from './queries/throttles.ts'
import { countVerifications, insertVerification, purgeVerifications } from './queries/verifications.ts'
import { SESSION_IDLE_MS } from './rules/session-limits.ts'
import { THROTTLE_MEMORY_MS } from './rules/throttle.ts'
import { hashToken } from './rules/tokens.ts'

const RESET_MINUTES = 60
const DAY_MS = 86_400_000
/** Nobody's mailbox can be filled by asking again and again. Source: compliance report §4.9 no. 6 */
const RESETS_A_DAY_MAX = 3

/** Mails a link to choose a new password. The link is made here, so that no queue ever holds it. */
export const sendPasswordReset = defineJob({
  kind: 'team.send_password_reset',
  lane: 'transactional',
  payload: z.object({ personId: z.string() }),
  attemptsMax: 5,
  handle: async (ctx, payload) => {
    const now = ctx.now()
    const person = await findPerson(ctx.db, payload.personId as PersonId) // written by forgetPassword
    if (!person || person.disabledAt) return
    const since = new Date(now.getTime() - DAY_MS)
    if ((await countVerifications(ctx.db, person.id, 'password_reset', since)) >= RESETS_A_DAY_MAX) return
    const token = newSecret()
    const mail = passwordResetMail({
      to: person.email,
      locale: person.locale,
      name: person.name,
      // Behind the hash, so that the secret stands in no server's log on the way.
      link: `${ctx.platform.config.publicUrl}/reset-password#${token}`,
      minutesValid: RESET_MINUTES,
    })
    const [only, ...others] = await personTransaction(ctx.platform.database, person.id, (db) =>
      organizationsOfPerson(db, person.id),
    )
    // Where mail stays here, the owners of one's only organization find it in the mailbox and can help. Of somebody
    // who works in several, no owner may open the account: it leads into the others, too.
    const headers: Record<string, string> =
      ctx.platform.config.mailStaysHere && only && others.length === 0
        ? { 'X-Fanfare-Organization': only.id }
        : {}
    await ctx.platform.mail.send({ ...mail, headers })
    // After the mail: a mail that could not be sent is tried again with a new link and does not count.
    await insertVerification(ctx.db, {
      tokenHash: hashToken(token),
      purpose: 'password_reset',
      personId: person.id,
      now,
      expiresAt: new Date(now.getTime() + RESET_MINUTES * 60_000),
    })
  },
})

/** Forgets sessions, single-use secrets and counts that no longer matter. */
export const purgeSignInTraces = defineSchedule({
  name: 'team.purge_sign_in_traces',
  everyMs: 3_600_000,
  perOrganization: false,
  handle: async (ctx) => {
    const now = ctx.now()
    await purgeSessions(ctx.db, now, new Date(now.getTime() - SESSION_IDLE_MS))
    await purgeVerifications(ctx.db, new Date(now.getTime() - DAY_MS))
    await purgeThrottles(ctx.db, new Date(now.getTime() - THROTTLE_MEMORY_MS))
  },
})
