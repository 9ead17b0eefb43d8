/** What the room does in the background: mails that ask to confirm, and forgetting what nobody confirmed. */
import { isSuppressed } from '../../consent/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { sendOwnMail } from '../../platform/mail.ts'
import { defineJob, defineSchedule } from '../../platform/jobs/index.ts'
import { formDefinition } from '../schema.ts'
import { selectVersion } from '../forms/queries.ts'
import { confirmToken } from '../forms/token.ts'
import { wordingOf } from '../public/page.ts'
import { confirmationMail } from './mail.ts'
import {
  deleteExpired,
  expirePending,
  forgetNeighbourhoods,
  markMailed,
  selectAddressee,
  selectSubmission,
} from './queries.ts'
import { CONFIRM_DAYS } from './submit.ts'
import { confirmationWork } from './work.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Days after which an unanswered question is forgotten altogether. Source: compliance report §3.1 */
const EXPIRED_KEPT_DAYS = 30
/** Days for which the neighbourhood of a caller is kept. */
const NEIGHBOURHOOD_KEPT_DAYS = 1

/** Mails the link. The token is made here, so that no queue holds it. */
export const sendConfirmation = defineJob({
  ...confirmationWork,
  handle: async (ctx, { submissionId }) => {
    const submission = await selectSubmission(ctx, submissionId)
    if (!submission || submission.state !== 'pending' || submission.mailedAt !== null) return
    if (submission.contactId === null || submission.expiresAt === null) return
    if (submission.expiresAt <= ctx.now()) return
    const addressee = await selectAddressee(ctx, submission.contactId)
    if (!addressee?.email) return
    const keys = await ctx.platform.secrets.of(ctx)
    const barred = await isSuppressed(ctx, 'email', keys.addressHash('email', addressee.email))
    if (barred?.scope === 'all') return
    const definition = formDefinition.parse(await selectVersion(ctx, submission.formId, submission.version))
    const { platform, orgId } = ctx
    const mail = confirmationMail({
      to: addressee.email,
      locale: submission.locale,
      organization: addressee.organization,
      wordings: definition.boxes
        .filter(({ key }) => submission.boxes.includes(key))
        .map((box) => wordingOf(box, submission.locale).text),
      link: `${platform.config.publicUrl}/f/confirm/${confirmToken(platform, orgId, submission.id)}`,
      daysValid: CONFIRM_DAYS,
      replyTo: definition.replyTo,
    })
    await sendOwnMail(ctx, mail)
    await inTransaction(ctx, async (ctx) => void (await markMailed(ctx, submission.id)))
  },
})

/** Every hour: questions run out, and what came of none is forgotten. */
export const forgetUnconfirmed = defineSchedule({
  name: 'pages.forget_unconfirmed',
  everyMs: HOUR_MS,
  perOrganization: true,
  handle: async (ctx) => {
    const before = (days: number): Date => new Date(ctx.now().getTime() - days * DAY_MS)
    await expirePending(ctx)
    await deleteExpired(ctx, before(EXPIRED_KEPT_DAYS))
    await forgetNeighbourhoods(ctx, before(NEIGHBOURHOOD_KEPT_DAYS))
  },
})
