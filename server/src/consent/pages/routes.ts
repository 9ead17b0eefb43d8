/** The public addresses: a token proves itself; whatever is wrong answers alike. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/context.ts'
import type { Locale } from '../../platform/context.ts'
import type { TokenPurpose } from '../../tracking/index.ts'
import { escapeHtml, publicPage } from '../../platform/public-page.ts'
import { personOf, type PagePerson } from './person.ts'
import { preferencesPage, savePreferences } from './preferences.ts'
import { TEXTS } from './texts.ts'
import { unsubscribe, unsubscribedPage, unsubscribePage } from './unsubscribe.ts'

interface Asked {
  params: { token: string }
  request: FastifyRequest
  reply: FastifyReply
}

/** GET and HEAD of the unsubscribe address. */
export const showUnsubscribe = (ctx: Ctx, asked: Asked): Promise<string> =>
  answer(ctx, asked, 'unsubscribe', unsubscribePage)

/** POST of it, by the page's button or a mailbox program's. Never redirects. */
export const doUnsubscribe = (ctx: Ctx, asked: Asked): Promise<string> =>
  answer(ctx, asked, 'unsubscribe', async (person) => {
    return unsubscribedPage(person, await unsubscribe(person, await formOf(asked.request)))
  })

/** GET of the preference address. */
export const showPreferences = (ctx: Ctx, asked: Asked): Promise<string> =>
  answer(ctx, asked, 'preferences', (person) => preferencesPage(person, null))

/** POST of it. */
export const doPreferences = (ctx: Ctx, asked: Asked): Promise<string> =>
  answer(ctx, asked, 'preferences', async (person) =>
    preferencesPage(person, await savePreferences(person, await formOf(asked.request))),
  )

async function answer(
  ctx: Ctx,
  { params, reply }: Asked,
  purpose: TokenPurpose,
  show: (person: PagePerson) => Promise<string>,
): Promise<string> {
  reply
    .header('cache-control', 'no-store, private')
    .header('referrer-policy', 'no-referrer')
    .header('x-robots-tag', 'noindex, nofollow')
  const person = await personOf(ctx.platform, params.token, purpose, {
    requestId: ctx.requestId,
    addressPrefix: ctx.addressPrefix,
  })
  if (person) return show(person)
  reply.status(404)
  return NOT_FOUND
}

const paragraphs = (locale: Locale): string =>
  `<h1 lang="${locale}">${escapeHtml(TEXTS[locale].notFoundTitle)}</h1>\n<p lang="${locale}">${escapeHtml(TEXTS[locale].notFoundBody)}</p>`

/** In both languages and always the same, whatever is wrong with a token. Source: PC-16 */
const NOT_FOUND = publicPage('en', '404', '', `${paragraphs('en')}\n${paragraphs('fr')}`)

/** More than our own forms have. */
const FIELDS_MAX = 80

/** The fields of a form, sent in either of the two ways that RFC 8058 §3.1 allows. */
export async function formOf(request: FastifyRequest): Promise<Record<string, string>> {
  const fields: Record<string, string> = {}
  if (request.isMultipart()) {
    for await (const part of request.parts({
      limits: { fields: FIELDS_MAX, fieldSize: 1_000, files: 1, fileSize: 1_000 },
    })) {
      if (part.type === 'field') fields[part.fieldname] = String(part.value)
      else part.file.resume()
    }
    return fields
  }
  if (typeof request.body !== 'object' || request.body === null) return fields
  for (const [name, value] of Object.entries(request.body).slice(0, FIELDS_MAX)) fields[name] = String(value)
  return fields
}
