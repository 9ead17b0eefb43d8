/** Delivery's routes: each calls one verb. */
import { acceptMessages } from './messages/accept.ts'
import { messageStatusOf } from './messages/status.ts'
import { handle } from '../platform/room.ts'
import { emptyMailbox, listMailbox, mailSource, readMailbox } from './mailbox/service.ts'
import { runProgress } from './runs/run-progress.ts'
import { holidaysIn, sendingHoursOf, setSendingHours, whenWouldLeave } from './timing/service.ts'
import { routes as specs } from './schema.ts'
import { addDomain, checkDomain, removeDomain, sendingDomains, setReturnPath } from './sending/domains.ts'
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
  'POST /api/messages': async (ctx, { body }) => ({
    items: await acceptMessages(ctx, 'messages' in body ? body.messages : [body]),
  }),
  'GET /api/messages/:id': (ctx, { params }) => messageStatusOf(ctx, params.id),
  'GET /api/sending/hours': (ctx) => sendingHoursOf(ctx),
  'PUT /api/sending/hours': (ctx, { body: { reason, ...hours } }) =>
    setSendingHours(ctx, hours, reason === undefined || reason === '' ? null : reason),
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
  'PUT /api/sending/domains/:id': (ctx, { params, body }) =>
    setReturnPath(ctx, params.id, body.returnPathHost),
  'DELETE /api/sending/domains/:id': (ctx, { params }) => removeDomain(ctx, params.id),
})
