/** What the room tracking answers: the addresses inside mails, and what was sent to a person. */
import { z } from 'zod'
import { LEDGER_STATES } from './ledger/states.ts'
import { defineRoutes, instant, pageOf, pageQuery, raw, wireId } from '../platform/wire.ts'

const tokenParams = z.object({ token: z.string() })

/** A message of the ledger, as a person's profile lists it. */
export const contactMessage = z.object({
  campaignId: wireId('campaign'),
  runId: wireId('run'),
  channel: z.string(),
  state: z.enum(LEDGER_STATES),
  /** Why it was skipped, bounced or failed; null for none. */
  reason: z.string().nullable(),
  handedOverAt: instant.nullable(),
  stateAt: instant,
})
export type ContactMessage = z.output<typeof contactMessage>

/** The routes of tracking. */
export const routes = defineRoutes({
  'GET /c/:token': {
    summary: 'A link inside a message: counts the click and leads on to the stored address.',
    params: tokenParams,
    ok: raw('text/html; charset=utf-8'),
    permission: 'public',
    crossOrigin: true,
  },
  'GET /o/:token': {
    summary: 'The open pixel of a message: always the same picture; counted only with the contact’s consent.',
    params: tokenParams,
    ok: raw('image/gif'),
    permission: 'public',
    crossOrigin: true,
  },
  'GET /v/:token': {
    summary: 'A message, shown in the browser.',
    params: tokenParams,
    ok: raw('text/html; charset=utf-8'),
    permission: 'public',
    crossOrigin: true,
  },
  'GET /api/contacts/:id/messages': {
    summary: 'What was sent to a contact, or skipped and why; latest first.',
    params: z.object({ id: wireId('contact') }),
    query: z.object(pageQuery),
    ok: pageOf(contactMessage),
    permission: 'contacts.read',
  },
})
