/** The page behind a link: whoever holds it reads a report, and learns nothing about anybody. */
import type { FastifyReply } from 'fastify'
import type { Ctx, Locale } from '../../platform/context.ts'
import { PAPER_STYLE, paperHtml, paperPdf } from '../../platform/document/index.ts'
import { escapeHtml, publicPage } from '../../platform/public-page.ts'
import { dateInWords } from '../../platform/in-words.ts'
import { organizationOf } from '../../team/index.ts'
import { answerTable } from '../papers/answer-table.ts'
import { answerPaper } from '../papers/answer.ts'
import { question as questionSchema } from '../schema.ts'
import { isOpen, readShareToken } from './manage.ts'
import { noteView, selectShare } from './queries.ts'

const TEXTS = {
  en: {
    gone: 'This link shows nothing',
    goneText: 'It has expired, was taken back, or was never made. Ask whoever sent it for another one.',
    pdf: 'As PDF',
    csv: 'As a table (CSV)',
    until: (at: string) => `This link works until ${at}.`,
  },
  fr: {
    gone: 'Ce lien ne montre rien',
    goneText:
      'Il a expiré, a été retiré ou n’a jamais existé. Demandez-en un autre à la personne qui l’a envoyé.',
    pdf: 'En PDF',
    csv: 'En tableau (CSV)',
    until: (at: string) => `Ce lien fonctionne jusqu’au ${at}.`,
  },
} as const

/** GET of a shared report. Whatever is wrong with a token answers alike. Source: MA-7.4 */
export async function showShared(
  ctx: Ctx,
  asked: { params: { token: string }; query: { format: 'html' | 'pdf' | 'csv' }; reply: FastifyReply },
): Promise<string | Buffer> {
  const { reply } = asked
  reply
    .header('cache-control', 'no-store, private')
    .header('referrer-policy', 'no-referrer')
    .header('x-robots-tag', 'noindex, nofollow')
  const named = readShareToken(ctx.platform, asked.params.token)
  const own = named && visitorCtx(ctx, named.orgId)
  const share = own && (await selectShare(own, named.id))
  if (!own || !share || !isOpen(share, ctx.now())) return nothing(reply, ctx.locale)
  const reader = { ...own, locale: share.locale }
  const question = questionSchema.parse(share.question)
  if (asked.query.format === 'csv') {
    const table = await answerTable(reader, question)
    await noteView(own, share.id)
    reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="report.csv"')
    return table
  }
  const paper = { ...(await answerPaper(reader, question)), title: share.title }
  await noteView(own, share.id)
  if (asked.query.format === 'pdf') {
    reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', 'inline; filename="report.pdf"')
    return paperPdf(paper)
  }
  const { name, timeZone } = await organizationOf(own)
  const t = TEXTS[share.locale]
  const until = dateInWords(share.locale, share.expiresAt, { dateStyle: 'long', timeZone })
  return publicPage(
    share.locale,
    share.title,
    name,
    `${paperHtml(paper)}\n<p class="note"><a href="?format=pdf">${t.pdf}</a> · <a href="?format=csv">${t.csv}</a> · ${escapeHtml(t.until(until))}</p>`,
    { accent: null, logoUrl: null, style: PAPER_STYLE },
  )
}

/** Acts as a visitor of whom nothing is known. */
const visitorCtx = (ctx: Ctx, orgId: Ctx['orgId']): Ctx =>
  ctx.platform.ctx(
    orgId,
    { kind: 'contact', id: 'visitor' },
    { requestId: ctx.requestId, addressPrefix: ctx.addressPrefix, locale: ctx.locale },
  )

function nothing(reply: FastifyReply, locale: Locale): string {
  reply.status(404)
  const t = TEXTS[locale]
  return publicPage(locale, t.gone, '', `<h1>${escapeHtml(t.gone)}</h1>\n<p>${escapeHtml(t.goneText)}</p>`)
}
