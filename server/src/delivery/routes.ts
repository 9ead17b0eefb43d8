/** Delivery's routes: each calls one verb. */
import { acceptMessages } from './messages/accept.ts'
import { messageStatusOf } from './messages/status.ts'
import { getContact } from '../contacts/index.ts'
import { bodyOf } from '../platform/http/index.ts'
import { handle, type RouteInput } from '../platform/room.ts'
import type { Ctx } from '../platform/context.ts'
import { smartlyEncoded, measureSms, SMS_UNITS, type SmsMeasure } from '../content/index.ts'
import { errors } from './errors.ts'
import { inboxKey, markInboxRead, readInbox } from './inbox/inbox.ts'
import { INBOX_SCRIPT } from './inbox/script.ts'
import { inboxStream } from './inbox/stream.ts'
import { endAlert } from './intake/alerts/alerts.ts'
import { listAlerts } from './intake/alerts/queries.ts'
import { receiveHook } from './intake/events/receive.ts'
import { inboundPage } from './intake/inbound/inbound-page.ts'
import { receiveMail } from './intake/mail/receive-mail.ts'
import { tryProvider } from './providers/try-provider.ts'
import {
  addProvider,
  changeProvider,
  rankProvider,
  removeProvider,
  shownProviders,
} from './providers/service.ts'
import { frequencyCapsOf, setFrequencyCaps } from './caps/service.ts'
import { USUAL_WARMUP } from './limits/warmup.ts'
import { endWarmup, warmUp, warmupsOf } from './limits/warmup-service.ts'
import { sendingLimitsOf, setSendingLimits } from './limits/service.ts'
import { emptyMailbox, listMailbox, mailSource, readMailbox } from './mailbox/service.ts'
import { runProgress } from './runs/run-progress.ts'
import { holidaysIn, sendingHoursOf, setSendingHours, whenWouldLeave } from './timing/service.ts'
import { routes as specs } from './schema.ts'
import { HOOK_BYTES_MAX, INBOX_READ_MAX } from './providers/schema.ts'
import {
  addDomain,
  checkDomain,
  removeDomain,
  renewDomainKeys,
  sendingDomains,
  setReturnPath,
} from './sending/domains.ts'
import { listSenders } from './sending/queries.ts'
import { addSender, removeSender } from './sending/senders.ts'
import {
  currentOutlet,
  removeSmtpAccount,
  setSmtpAccount,
  smtpAccount,
  testSmtpAccount,
} from './sending/servers.ts'

/**
 * A mail is somebody else's page: it may show pictures and styles, and nothing else. It runs no script, sends no form,
 * and its links open outside the frame.
 */
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline' http: https:; font-src http: https: data:; frame-ancestors 'self'"

/** Handlers, as the room's door lists them. */
export const routes = handle(specs, {
  'GET /api/providers': async (ctx) => ({ items: await shownProviders(ctx) }),
  'POST /api/providers': (ctx, { body }) => addProvider(ctx, body),
  'PUT /api/providers/:id': (ctx, { params, body }) => changeProvider(ctx, params.id, body),
  'PUT /api/providers/:id/rank': (ctx, { params, body }) => rankProvider(ctx, params.id, body.rank),
  'POST /api/providers/:id/test': (ctx, { params, body }) => tryProvider(ctx, params.id, body.to),
  'DELETE /api/providers/:id': (ctx, { params }) => removeProvider(ctx, params.id),
  'GET /hooks/:organization/:provider': (ctx, input) => answerHook(ctx, input),
  'POST /hooks/:organization/:provider': (ctx, input) => answerHook(ctx, input),
  'POST /hooks/mail': async (ctx, { request }) =>
    void (await receiveMail(
      ctx.platform,
      await bodyOf(request, HOOK_BYTES_MAX),
      headerOf(request, 'x-envelope-to'),
    )),
  'GET /api/sending/alerts': async (ctx) => ({ items: await listAlerts(ctx) }),
  'POST /api/sending/alerts/end': (ctx, { body }) => endAlert(ctx, body.domain, body.receiver),
  'POST /api/sms/measure': (_ctx, { body }) => Promise.resolve(measured(body.text)),
  'GET /api/inbound': (ctx, { query }) => inboundPage(ctx, query),
  'POST /api/contacts/:id/inbox-key': async (ctx, { params }) => {
    const { id } = await getContact(ctx, params.id)
    const key = inboxKey(ctx, id)
    return { key, url: `${ctx.platform.config.publicUrl}/inbox/${key}` }
  },
  'GET /inbox.js': (_ctx, { reply }) => {
    reply.header('cache-control', 'public, max-age=3600')
    return Promise.resolve(INBOX_SCRIPT)
  },
  'GET /inbox/:key': (ctx, { params }) => readInbox(ctx.platform, params.key),
  'GET /inbox/:key/stream': (ctx, { params, reply }) => {
    reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no')
    return Promise.resolve(inboxStream(ctx.platform, params.key))
  },
  'POST /inbox/:key/read': async (ctx, { params, request }) =>
    markInboxRead(ctx.platform, params.key, await tokensIn(request)),
  'POST /api/messages': async (ctx, { body }) => ({
    items: await acceptMessages(ctx, 'messages' in body ? body.messages : [body]),
  }),
  'GET /api/messages/:id': (ctx, { params }) => messageStatusOf(ctx, params.id),
  'GET /api/sending/hours': (ctx) => sendingHoursOf(ctx),
  'PUT /api/sending/hours': (ctx, { body: { reason, ...hours } }) =>
    setSendingHours(ctx, hours, reason === undefined || reason === '' ? null : reason),
  'GET /api/sending/limits': (ctx) => sendingLimitsOf(ctx),
  'PUT /api/sending/limits': (ctx, { body }) => setSendingLimits(ctx, body),
  'GET /api/sending/caps': (ctx) => frequencyCapsOf(ctx),
  'PUT /api/sending/caps': (ctx, { body }) => setFrequencyCaps(ctx, body.caps),
  'GET /api/sending/warmups': async (ctx) => ({
    items: await warmupsOf(ctx),
    usualVolumes: [...USUAL_WARMUP],
  }),
  'PUT /api/sending/domains/:id/warmup': (ctx, { params, body }) => warmUp(ctx, params.id, body.volumes),
  'DELETE /api/sending/domains/:id/warmup': (ctx, { params }) => endWarmup(ctx, params.id),
  'GET /api/sending/holidays': (ctx, { query }) => holidaysIn(ctx, query.country, query.year),
  'POST /api/sending/when': (ctx, { body: { at, ...asked } }) =>
    whenWouldLeave(ctx, { ...asked, at: at ?? null }),
  'GET /api/runs/:id': (ctx, { params }) => runProgress(ctx, params.id),
  'GET /api/mailbox': (ctx, { query }) => listMailbox(ctx, query),
  'GET /api/mailbox/:id': (ctx, { params }) => readMailbox(ctx, params.id),
  'GET /api/mailbox/:id/source': async (ctx, { params, reply }) => {
    reply.header('content-disposition', `inline; filename="mail-${params.id}.eml"`)
    return mailSource(ctx, params.id)
  },
  'GET /api/mailbox/:id/html': async (ctx, { params, reply }) => {
    const { html, text } = await readMailbox(ctx, params.id)
    reply.header('content-security-policy', MAIL_POLICY).header('x-frame-options', 'SAMEORIGIN')
    return html ?? `<pre>${(text ?? '').replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>`
  },
  'DELETE /api/mailbox': (ctx) => emptyMailbox(ctx),
  'GET /api/sending/outlet': (ctx) => currentOutlet(ctx),
  'GET /api/sending/smtp': async (ctx) => ({ account: await smtpAccount(ctx) }),
  'PUT /api/sending/smtp': async (ctx, { body }) => ({ account: await setSmtpAccount(ctx, body) }),
  'DELETE /api/sending/smtp': (ctx) => removeSmtpAccount(ctx),
  'POST /api/sending/smtp/test': async (ctx, { body }) => ({ trouble: await testSmtpAccount(ctx, body) }),
  'GET /api/sending/senders': async (ctx) => ({ items: await listSenders(ctx) }),
  'POST /api/sending/senders': (ctx, { body }) => addSender(ctx, body),
  'DELETE /api/sending/senders/:id': (ctx, { params }) => removeSender(ctx, params.id),
  'GET /api/sending/domains': async (ctx) => ({ items: await sendingDomains(ctx) }),
  'POST /api/sending/domains': (ctx, { body }) => addDomain(ctx, body.domain),
  'POST /api/sending/domains/:id/check': (ctx, { params }) => checkDomain(ctx, params.id),
  'POST /api/sending/domains/:id/renew-keys': (ctx, { params }) => renewDomainKeys(ctx, params.id),
  'PUT /api/sending/domains/:id': (ctx, { params, body }) =>
    setReturnPath(ctx, params.id, body.returnPathHost),
  'DELETE /api/sending/domains/:id': (ctx, { params }) => removeDomain(ctx, params.id),
})

type HookInput = RouteInput<
  (typeof specs)['POST /hooks/:organization/:provider' | 'GET /hooks/:organization/:provider']
>

async function answerHook(ctx: Ctx, { params, request, reply }: HookInput): Promise<string> {
  const { platform } = ctx
  const answer = await receiveHook(platform.systemCtx(params.organization), params.provider, {
    method: request.method,
    // As the provider was told it: what a proxy makes of it is not what was signed.
    url: `${platform.config.publicUrl}${request.url}`,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    ),
    body: await bodyOf(request, HOOK_BYTES_MAX),
  })
  reply.header('content-type', answer.contentType)
  return answer.body
}

const headerOf = (request: HookInput['request'], name: string): string | null => {
  const value = request.headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}

/** The body of an intake is read here: it comes from a page of any origin, of any type. */
async function tokensIn(request: HookInput['request']): Promise<string[]> {
  const parsed = specs['POST /inbox/:key/read'].body.safeParse(
    jsonOf((await bodyOf(request, 64 * 1024)).toString('utf8')),
  )
  if (!parsed.success)
    throw errors.read_invalid(
      {},
      { problems: [{ path: 'tokens', message: `At most ${INBOX_READ_MAX} tokens.` }] },
    )
  return parsed.data.tokens
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const measureOf = (
  text: string,
): SmsMeasure & { parts: string[]; offending: SmsMeasure['offending'][number][]; unitsPerPart: number } => {
  const { encoding, units, parts, offending } = measureSms(text)
  const { alone, joined } = SMS_UNITS[encoding]
  return {
    encoding,
    units,
    parts: [...parts],
    offending: [...offending],
    unitsPerPart: parts.length === 1 ? alone : joined,
  }
}

const measured = (text: string) => {
  const smart = smartlyEncoded(text)
  return { ...measureOf(text), smart: { text: smart, ...measureOf(smart) } }
}
