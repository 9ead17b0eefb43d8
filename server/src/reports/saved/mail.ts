/**
 * What happens at a planned instant: one mail to each recipient, however many workers look and however often the job is
 * repeated. The report's row is locked and names the instant that is next; whoever comes second finds another one there.
 */
import type { Ctx, Locale } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { paperPdf } from '../../platform/document/index.ts'
import { defineJob } from '../../platform/jobs/index.ts'
import type { Notice } from '../../platform/mail.ts'
import { membersOf, organizationOf, type Notified } from '../../team/index.ts'
import { answerPaper } from '../papers/answer.ts'
import { planMailing, questionOf, savedUrl } from './manage.ts'
import { nextMailing } from './plan.ts'
import {
  lockSaved,
  noteMailed,
  openMailing,
  selectMailing,
  selectOneSaved,
  setNextMail,
  type SavedReportId,
  type SavedRow,
} from './queries.ts'
import { mailPlanned } from './work.ts'

/** Mails a saved report at its planned instant. Source: MA-7.4 */
export const mailReport = defineJob({
  ...mailPlanned,
  handle: async (ctx, payload) => {
    const [id, plannedAt] = [payload.reportId as SavedReportId, new Date(payload.plannedAt)] // written by planMailing
    await takeInstant(ctx, id, plannedAt)
    const [report, mailing] = [await selectOneSaved(ctx, id), await selectMailing(ctx, id, plannedAt)]
    if (!report || !mailing || mailing.completedAt) return
    const members = await membersOf(ctx, report.recipients)
    const left = members.filter(({ personId }) => !mailing.mailedTo.includes(personId))
    const papers = new Map<Locale, Buffer>()
    for (const member of left) {
      const localized = { ...ctx, locale: member.locale }
      const pdf =
        papers.get(member.locale) ?? (await paperPdf(await answerPaper(localized, questionOf(report))))
      papers.set(member.locale, pdf)
      await ctx.platform.mail.send(reportMail(ctx, report, member, pdf))
      await noteMailed(ctx, id, plannedAt, member.personId)
    }
    await noteMailed(ctx, id, plannedAt, null)
  },
})

/** Books the instant and plans the next, once. After a downtime one mail makes up for all that were missed. */
function takeInstant(ctx: Ctx, id: SavedReportId, plannedAt: Date): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const report = await lockSaved(ctx, id)
    if (!report?.schedule || report.nextAt?.getTime() !== plannedAt.getTime()) return
    await openMailing(ctx, id, plannedAt)
    const { timeZone } = await organizationOf(ctx)
    const nextAt = nextMailing(report.schedule, timeZone, ctx.now() > plannedAt ? ctx.now() : plannedAt)
    await setNextMail(ctx, id, nextAt)
    if (nextAt) await planMailing(ctx, id, nextAt)
  })
}

function reportMail(ctx: Ctx, report: SavedRow, to: Notified, pdf: Buffer): Notice {
  const name = report.name.replaceAll(/\s+/g, ' ')
  const words = {
    en: {
      subject: `Report: ${name}`,
      text: `The report “${name}” is attached.\n\nChange it, or stop these mails, here:\n${savedUrl(ctx, report.id)}\n\n— Fanfare`,
    },
    fr: {
      subject: `Rapport : ${name}`,
      text: `Le rapport « ${name} » est joint à ce message.\n\nModifiez-le ou arrêtez ces envois ici :\n${savedUrl(ctx, report.id)}\n\n— Fanfare`,
    },
  }[to.locale]
  return {
    to: to.email,
    ...words,
    headers: { 'X-Fanfare-Organization': ctx.orgId },
    attachments: [{ filename: `${fileName(name)}.pdf`, contentType: 'application/pdf', content: pdf }],
  }
}

/** Letters and digits alone: mail programs disagree about everything else. */
const fileName = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .toLowerCase() || 'report'
