/**
 * The addresses inside mails, and the way in for events. Addresses inside mails need no session and no schema: a token
 * proves itself, everything else is alike.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Ctx } from '../platform/context.ts'
import { getContact } from '../contacts/index.ts'
import { actorHolds } from '../platform/http/index.ts'
import { publicPage } from '../platform/public-page.ts'
import { handle } from '../platform/room.ts'
import { messagesOf } from './ledger/totals.ts'
import { defineEventType, getDefinition, listDefinitions, markPersonal } from './dictionary/manage.ts'
import { takeEvents } from './intake/own-api.ts'
import { segmentSettings, takeSegmentCall } from './intake/segment.ts'
import { createSource, listSources, renameSource, revokeSource, rotateKey } from './sources/manage.ts'
import type { Source } from './sources/queries.ts'
import { recordHit } from './hits/record-hits.ts'
import { destinationOf } from './links/links.ts'
import { viewRenderer } from './links/view-renderer.ts'
import { routes as specs } from './schema.ts'
import { trackerScript } from './tracker-script.ts'
import {
  checkLinkDomain,
  linkDomainOf,
  probeMark,
  removeLinkDomain,
  setLinkDomain,
} from './link-domain/link-domain.ts'
import { readShortCode, readToken, type MessageToken } from './token/read.ts'
import { linksOfMessage } from './token/signer.ts'
import { countFollowing, readPostCode } from './post-links/follow.ts'

/** One transparent pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** A mail is somebody's text on our address: it may show pictures and follow links, and touch nothing of ours. */
const VIEW_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline' https:; font-src https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export const routes = handle(specs, {
  'GET /c/:token': async (ctx, { params, request, reply }) => {
    const token = await readToken(ctx.platform, params.token, 'click')
    const url = token && (await destinationOf(ctxOf(ctx, token), token))
    if (!token || !url) return deadLink(ctx, reply)
    await keep(ctx, token, request)
    reply.status(302).header('location', url)
    unremembered(reply)
    return ''
  },
  'GET /s/:code': async (ctx, { params, request, reply }) => {
    const post = await readPostCode(ctx.platform, params.code)
    if (post) {
      await keepFollowing(ctx, post, request)
      reply.status(302).header('location', post.url)
      unremembered(reply)
      return ''
    }
    const token = await readShortCode(ctx.platform, params.code)
    const url = token && (await shortTarget(ctxOf(ctx, token), token))
    if (!token || !url) return deadLink(ctx, reply)
    if (token.purpose === 'click') await keep(ctx, token, request)
    reply.status(302).header('location', url)
    unremembered(reply)
    return ''
  },
  'GET /s/about': async (ctx, { request }) =>
    probeMark(ctx.platform, (request.headers.host ?? '').replace(/:\d+$/, '')),
  'GET /api/link-domain': (ctx) => linkDomainOf(ctx),
  'PUT /api/link-domain': (ctx, { body }) => setLinkDomain(ctx, body.host),
  'DELETE /api/link-domain': (ctx) => removeLinkDomain(ctx),
  'POST /api/link-domain/check': (ctx) => checkLinkDomain(ctx),
  'GET /o/:token': async (ctx, { params, request, reply }) => {
    const token = await readToken(ctx.platform, params.token.replace(/\.gif$/, ''), 'open')
    if (!token) return deadLink(ctx, reply)
    if (request.method === 'GET') await keep(ctx, token, request)
    unremembered(reply)
    return PIXEL
  },
  'GET /v/:token': async (ctx, { params, reply }) => {
    const token = await readToken(ctx.platform, params.token, 'view')
    const page = token && (await viewRenderer().view(ctxOf(ctx, token), token.message))
    if (!page) return deadLink(ctx, reply)
    unremembered(reply)
    reply.header('content-security-policy', VIEW_POLICY)
    return page
  },
  'POST /v1/:call': (ctx, { params, request }) => takeSegmentCall(ctx, params.call, request),
  'POST /:call': (ctx, { params, request }) => takeSegmentCall(ctx, params.call, request),
  'GET /v1/projects/:writeKey/settings': (ctx, { params }) => segmentSettings(ctx, params.writeKey),
  'GET /tracker.js': async (_ctx, { request, reply }) => {
    const { plain, packed } = await trackerScript()
    reply.header('cache-control', 'public, max-age=3600').header('vary', 'accept-encoding')
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return plain
    reply.header('content-encoding', 'gzip')
    return packed
  },
  'POST /api/events': (ctx, { request }) => takeEvents(ctx, request),
  'GET /api/event-sources': async (ctx) => ({
    items: (await listSources(ctx)).map((source) => shown(ctx, source)),
  }),
  'POST /api/event-sources': async (ctx, { body }) => shown(ctx, await createSource(ctx, body)),
  'PATCH /api/event-sources/:id': async (ctx, { params, body }) =>
    shown(ctx, await renameSource(ctx, params.id, body.name)),
  'POST /api/event-sources/:id/rotate-key': async (ctx, { params }) =>
    shown(ctx, await rotateKey(ctx, params.id)),
  'DELETE /api/event-sources/:id': (ctx, { params }) => revokeSource(ctx, params.id),
  'GET /api/event-definitions': (ctx, { query }) => listDefinitions(ctx, query),
  'GET /api/event-definitions/:type': (ctx, { params }) => getDefinition(ctx, params.type),
  'PUT /api/event-definitions/:type': (ctx, { params, body }) => defineEventType(ctx, params.type, body),
  'POST /api/event-definitions/:type/personal': (ctx, { params, body }) =>
    markPersonal(ctx, params.type, body.property, body.isPersonal),
  'GET /api/contacts/:id/messages': async (ctx, { params, query }) => {
    await getContact(ctx, params.id) // one that does not exist here has no list, not an empty one
    return messagesOf(ctx, params.id, query)
  },
})

/** The key of a server lets its holder join people: it is shown to those who could make another one. */
const shown = (ctx: Ctx, source: Source): Omit<Source, 'writeKey'> & { writeKey: string | null } => ({
  ...source,
  writeKey: source.kind === 'browser' || actorHolds(ctx.actor, 'tracking.write') ? source.writeKey : null,
})

/** Durable before the answer. When it cannot be kept, the person is still led on: a link in a mail must work. */
async function keep(ctx: Ctx, token: MessageToken, request: FastifyRequest): Promise<void> {
  const { headers } = request
  try {
    await recordHit(ctx.platform, token.message.orgId, {
      message: token.message,
      linkNo: token.linkNo,
      method: request.method,
      userAgent: headers['user-agent'] ?? '',
      purpose: purposeOf(request),
      addressPrefix: ctx.addressPrefix,
      at: ctx.now(),
    })
  } catch (error) {
    ctx.log.error({ error, runId: token.message.runId }, 'a hit was not recorded')
  }
}

/** The same of a post's link, of which nothing is kept but that it was followed. */
async function keepFollowing(
  ctx: Ctx,
  post: NonNullable<Awaited<ReturnType<typeof readPostCode>>>,
  request: FastifyRequest,
): Promise<void> {
  try {
    await countFollowing(ctx.platform, post, {
      method: request.method,
      userAgent: request.headers['user-agent'] ?? '',
      purpose: purposeOf(request),
      at: ctx.now(),
    })
  } catch (error) {
    ctx.log.error({ error, linkId: post.id }, 'a click on the link of a post was not counted')
  }
}

const purposeOf = ({ headers }: FastifyRequest): string =>
  [headers['sec-purpose'], headers['purpose'], headers['x-moz']].join(' ')

/** A click leads to its address, every other short link to the page that its long form opens. */
async function shortTarget(ctx: Ctx, token: MessageToken): Promise<string | null> {
  const { purpose, message } = token
  if (purpose === 'unsubscribe' || purpose === 'preferences' || purpose === 'view')
    return linksOfMessage(ctx, message)[purpose]
  return destinationOf(ctx, token)
}

const ctxOf = (ctx: Ctx, { message }: MessageToken): Ctx =>
  ctx.platform.ctx(
    message.orgId,
    { kind: 'contact', id: message.contactId },
    { requestId: ctx.requestId, locale: ctx.locale },
  )

/**
 * The same page for every token that leads nowhere, whatever the cause, in the browser's language: whoever followed a
 * dead link learns what to do. Source: PC-16, PC-26
 */
function deadLink({ locale }: Ctx, reply: FastifyReply): string {
  reply.status(404).header('content-type', 'text/html; charset=utf-8')
  unremembered(reply)
  const { title, text } = DEAD_LINK[locale]
  return publicPage(locale, title, '', `<h1>${title}</h1>\n<p>${text}</p>`)
}

const DEAD_LINK = {
  en: {
    title: 'This link leads nowhere',
    text: 'It is incomplete, or what it led to has ended. Copy it whole from your message, or ask whoever sent it.',
  },
  fr: {
    title: 'Ce lien ne mène nulle part',
    text: 'Il est incomplet, ou ce vers quoi il menait n’existe plus. Copiez-le en entier depuis votre message, ou demandez à l’expéditeur.',
  },
}

function unremembered(reply: FastifyReply): void {
  reply
    .header('cache-control', 'no-store, private')
    .header('referrer-policy', 'no-referrer')
    .header('x-robots-tag', 'noindex, nofollow')
}
