/**
 * What happens at a planned instant: one mail to each recipient, however many workers look and however often the job is
 * repeated. The report's row is locked and names the instant that is next; whoever comes second finds another one there.
 */
import { escapeHtml } from '../../platform/public-page.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { paperPdf, type Paper } from '../../platform/document/index.ts'
import { toWire } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/index.ts'
import type { Notice } from '../../platform/mail.ts'
import { labelled } from '../../platform/in-words.ts'
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
    const papers = new Map<Locale, Written>()
    for (const member of left) {
      const localized = { ...ctx, locale: member.locale }
      const written = papers.get(member.locale) ?? (await writtenFor(localized, report))
      papers.set(member.locale, written)
      await ctx.platform.mail.send(reportMail(ctx, report, member, written))
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

/** A report in one language. */
interface Written {
  paper: Paper
  pdf: Buffer
}

async function writtenFor(ctx: Ctx, report: SavedRow): Promise<Written> {
  const paper = await answerPaper(ctx, questionOf(report))
  return { paper, pdf: await paperPdf(paper) }
}

const WORDS = {
  en: {
    subject: (name: string) => `Report: ${name}`,
    attached: 'The whole report is attached as PDF.',
    look: 'Look at it with the figures of now',
    change: 'Change it, or stop these mails',
    link: (label: string, url: string) => `${label}:\n${url}`,
  },
  fr: {
    subject: (name: string) => `Rapport : ${name}`,
    attached: 'Le rapport entier est joint en PDF.',
    look: 'Le voir avec les chiffres de maintenant',
    change: 'Le modifier ou arrêter ces envois',
    link: (label: string, url: string) => `${label} :\n${url}`,
  },
} as const

/** The figures in the mail itself, so that a glance is enough; everything else on the paper. */
function reportMail(ctx: Ctx, report: SavedRow, to: Notified, { paper, pdf }: Written): Notice {
  const name = report.name.replaceAll(/\s+/g, ' ')
  const t = WORDS[to.locale]
  const figures = paper.blocks.flatMap((block) => (block.kind === 'figures' ? block.items : []))
  const links = [
    [t.look, liveUrl(ctx, report)],
    [t.change, savedUrl(ctx, report.id)],
  ] as const
  return {
    to: to.email,
    subject: t.subject(name),
    text: [
      `${paper.title}\n${paper.subtitle}`,
      figures
        .map(({ label, value, note }) =>
          labelled(to.locale, label, note === undefined ? value : `${value} (${note})`),
        )
        .join('\n'),
      t.attached,
      ...links.map(([label, url]) => t.link(label, url)),
      '— Fanfare',
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
    html: htmlOf(paper, figures, t.attached, links),
    headers: { 'X-Fanfare-Organization': ctx.orgId },
    attachments: [{ filename: `${fileName(name)}.pdf`, contentType: 'application/pdf', content: pdf }],
  }
}

/** Plain enough for every mail program: styles on their elements, no pictures. */
function htmlOf(
  { title, subtitle, locale }: Paper,
  figures: readonly { label: string; value: string; note?: string }[],
  attached: string,
  links: readonly (readonly [label: string, url: string])[],
): string {
  const muted = 'color:#57534e;font-size:13px'
  const rows = figures.map(
    ({ label, value, note }) =>
      `<tr><td style="padding:6px 16px 6px 0">${escapeHtml(label)}</td><td style="padding:6px 16px 6px 0;text-align:right;font-weight:600">${escapeHtml(value)}</td><td style="padding:6px 0;${muted}">${escapeHtml(note ?? '')}</td></tr>`,
  )
  return [
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`,
    '<body style="margin:0;padding:24px;font:15px/1.5 Arial,Helvetica,sans-serif;color:#1c1917;background:#ffffff">',
    `<h1 style="margin:0 0 4px;font-size:20px">${escapeHtml(title)}</h1><p style="margin:0 0 16px;${muted}">${escapeHtml(subtitle)}</p>`,
    rows.length === 0
      ? ''
      : `<table style="border-collapse:collapse;margin:0 0 16px">${rows.join('')}</table>`,
    `<p style="margin:0 0 16px">${escapeHtml(attached)}</p>`,
    ...links.map(
      ([label, url]) =>
        `<p style="margin:0 0 8px"><a href="${escapeHtml(url)}" style="color:#4f46e5">${escapeHtml(label)}</a></p>`,
    ),
    `<p style="margin:16px 0 0;${muted}">— Fanfare</p></body></html>`,
  ].join('\n')
}

/** Where the same is seen as it stands now. */
function liveUrl({ platform }: Ctx, report: SavedRow): string {
  const question = questionOf(report)
  const { publicUrl } = platform.config
  switch (question.kind) {
    case 'overview':
      return `${publicUrl}/reports`
    case 'campaign':
      return `${publicUrl}/campaigns/${toWire('campaign', question.campaignId)}`
    case 'comparison': {
      const ids = question.campaignIds.map((id) => toWire('campaign', id))
      return `${publicUrl}/reports/compare?ids=${encodeURIComponent(JSON.stringify(ids))}`
    }
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
