/** The public addresses of forms: a token proves itself; whatever is wrong with one answers alike. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { formFields, organizationName } from '../../consent/index.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import { escapeHtml, publicPage } from '../../platform/public-page.ts'
import { formDefinition } from '../schema.ts'
import { selectForm, selectVersion, type FormRow } from '../forms/queries.ts'
import { formToken, readConfirmToken, readFormToken } from '../forms/token.ts'
import { confirm, lookAt, type Confirmation } from '../submissions/confirm.ts'
import { submitForm } from '../submissions/submit.ts'
import { askPage, formPage, pageLocale, saysPage, wordingOf, type FormView } from './page.ts'
import { isFollowedByProgram } from './program.ts'
import { FORM_TEXTS } from './texts.ts'

interface Asked {
  params: { token: string }
  request: FastifyRequest
  reply: FastifyReply
}

/** GET of a form's page. */
export async function showForm(ctx: Ctx, asked: Asked): Promise<string> {
  embeddable(asked.reply)
  const found = await formOf(ctx, asked)
  if (!found) return nowhere(asked.reply, ctx.locale)
  return formPage(await viewOf(found.ctx, found.form, wantedLocale(ctx, asked.request)))
}

/** POST of it. */
export async function sendForm(ctx: Ctx, asked: Asked): Promise<string> {
  embeddable(asked.reply)
  const found = await formOf(ctx, asked)
  if (!found) return nowhere(asked.reply, ctx.locale)
  const values = await formFields(asked.request)
  const given = values['lang']
  const locale = given === 'en' || given === 'fr' ? given : wantedLocale(ctx, asked.request)
  const view = await viewOf(found.ctx, found.form, locale, values['version'])
  const outcome = await submitForm(found.ctx, {
    formId: found.form.id,
    version: view.version,
    definition: view.definition,
    locale: view.locale,
    values,
  })
  const t = FORM_TEXTS[view.locale]
  switch (outcome.kind) {
    case 'wrong':
      asked.reply.status(400)
      return formPage(view, { values, problems: outcome.problems })
    case 'too_many':
      asked.reply.status(429).header('retry-after', '600')
      return saysPage(view, { title: t.tooManyTitle, paragraphs: [t.tooMany] })
    case 'taken': {
      // The author's own thanks may speak of a subscription, which this is not.
      if (!outcome.hasTicked && view.definition.boxes.length > 0)
        return saysPage(view, {
          title: t.thanksTitle,
          paragraphs: [t.nothingTicked],
          link: { url: `${pageUrl(found.ctx, found.form)}?lang=${view.locale}`, text: t.backToForm },
        })
      const thanks = view.definition.thanks?.[view.locale] ?? ''
      return saysPage(view, {
        title: outcome.asksToConfirm ? t.checkTitle : t.thanksTitle,
        paragraphs: [
          ...(outcome.asksToConfirm ? [t.check(outcome.address)] : []),
          ...(thanks === '' ? (outcome.asksToConfirm ? [] : [t.thanks]) : [thanks]),
        ],
      })
    }
  }
}

/** GET of a link to confirm: confirms for people, asks once more where a program may have followed it. */
export async function followConfirmation(ctx: Ctx, asked: Asked): Promise<string> {
  const { request } = asked
  return answerConfirmation(ctx, asked, async (person, submissionId) => {
    const found = await lookAt(person, submissionId)
    if (found.kind !== 'open') return found
    const isAsking = found.definition.confirmBy === 'button' || isFollowedByProgram(request)
    return isAsking ? found : confirm(person, submissionId)
  })
}

/** POST of it, by the page's button. */
export const pressConfirmation = (ctx: Ctx, asked: Asked): Promise<string> =>
  answerConfirmation(ctx, asked, confirm)

async function answerConfirmation(
  ctx: Ctx,
  { params, reply }: Asked,
  act: (person: Ctx, submissionId: string) => Promise<Confirmation>,
): Promise<string> {
  privateAnswer(reply)
  const named = readConfirmToken(ctx.platform, params.token)
  if (!named) return nowhere(reply, ctx.locale)
  const person = visitorCtx(ctx, named.orgId)
  const found = await act(person, named.submissionId)
  const organization = await organizationName(person)
  const locale = found.submission?.locale ?? ctx.locale
  const t = FORM_TEXTS[locale]
  if (found.kind === 'expired') {
    reply.status(410)
    const form = found.submission && (await selectForm(person, found.submission.formId))
    const again = form?.state === 'published' ? pageUrl(person, form) : null
    const body = `<h1>${escapeHtml(t.expiredTitle)}</h1>\n<p>${escapeHtml(t.expired)}</p>${
      again === null ? '' : `\n<p><a href="${escapeHtml(again)}">${escapeHtml(t.expiredAgain)}</a></p>`
    }`
    return publicPage(locale, t.expiredTitle, organization, body)
  }
  const { submission, definition } = found
  const view = { organization, locale, definition, version: submission.version }
  switch (found.kind) {
    case 'open':
      return askPage(
        view,
        definition.boxes
          .filter(({ key }) => submission.boxes.includes(key))
          .map((box) => wordingOf(box, locale).text),
      )
    case 'already':
      return saysPage(view, { title: t.alreadyTitle, paragraphs: [t.already(organization)] })
    case 'confirmed':
      return saysPage(view, { title: t.confirmedTitle, paragraphs: [t.confirmed(organization)] })
  }
}

async function formOf(ctx: Ctx, { params }: Asked): Promise<{ ctx: Ctx; form: FormRow } | null> {
  const named = readFormToken(ctx.platform, params.token)
  if (!named) return null
  const own = visitorCtx(ctx, named.orgId)
  const form = await selectForm(own, named.id)
  return form?.state === 'published' ? { ctx: own, form } : null
}

/** Acts as a visitor of whom nothing is known yet. */
const visitorCtx = (ctx: Ctx, orgId: Ctx['orgId']): Ctx =>
  ctx.platform.ctx(
    orgId,
    { kind: 'contact', id: 'visitor' },
    { requestId: ctx.requestId, addressPrefix: ctx.addressPrefix, locale: ctx.locale },
  )

/** The form as it is, or in the earlier version that the person had open when they sent it in. */
async function viewOf(ctx: Ctx, form: FormRow, wanted: Locale, shown?: string): Promise<FormView> {
  const asked = /^\d{1,6}$/.test(shown ?? '') ? Number(shown) : form.version
  const version = asked >= 1 && asked <= form.version ? asked : form.version
  const stored = version === form.version ? form.definition : await selectVersion(ctx, form.id, version)
  const definition = formDefinition.parse(stored)
  return {
    organization: await organizationName(ctx),
    version,
    definition,
    locale: pageLocale(definition, wanted),
  }
}

function wantedLocale(ctx: Ctx, request: FastifyRequest): Locale {
  const asked = new URL(request.url, 'http://localhost').searchParams.get('lang')
  return asked === 'fr' || asked === 'en' ? asked : ctx.locale
}

const pageUrl = ({ platform, orgId }: Ctx, form: FormRow): string =>
  `${platform.config.publicUrl}/f/${formToken(platform, orgId, form.id)}`

function nowhere(reply: FastifyReply, locale: Locale): string {
  reply.status(404)
  const t = FORM_TEXTS[locale]
  return publicPage(
    locale,
    t.notFoundTitle,
    '',
    `<h1>${escapeHtml(t.notFoundTitle)}</h1>\n<p>${escapeHtml(t.notFound)}</p>`,
  )
}

/** Forms may stand inside pages of others; nothing else of ours may. */
function embeddable(reply: FastifyReply): void {
  privateAnswer(reply)
  reply
    .removeHeader('x-frame-options')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; form-action 'self'; base-uri 'none'; frame-ancestors *",
    )
}

function privateAnswer(reply: FastifyReply): void {
  reply
    .header('cache-control', 'no-store, private')
    .header('referrer-policy', 'no-referrer')
    .header('x-robots-tag', 'noindex, nofollow')
}
