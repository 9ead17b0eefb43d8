/** The routes of consent: each calls one verb. */
import { handle } from '../platform/room.ts'
import { doPreferences, doUnsubscribe, showPreferences, showUnsubscribe } from './pages/routes.ts'
import { consentLedger, consentOf, proofOf, recordHeard } from './preferences/overview.ts'
import { routes as specs } from './schema.ts'
import { liftById, listSuppressions, suppressAddress } from './suppression/list.ts'

export const routes = handle(specs, {
  'GET /u/:token': showUnsubscribe,
  'POST /u/:token': doUnsubscribe,
  'GET /preferences/:token': showPreferences,
  'POST /preferences/:token': doPreferences,
  'GET /api/contacts/:id/consents': (ctx, { params }) => consentOf(ctx, params.id),
  'POST /api/contacts/:id/consents': (ctx, { params, body }) => recordHeard(ctx, params.id, body),
  'GET /api/contacts/:id/proof': (ctx, { params }) => proofOf(ctx, params.id),
  'GET /api/consents': (ctx, { query }) => consentLedger(ctx, query),
  'GET /api/suppressions': (ctx, { query }) => listSuppressions(ctx, query),
  'POST /api/suppressions': (ctx, { body }) => suppressAddress(ctx, body),
  'DELETE /api/suppressions/:id': (ctx, { params, query }) => liftById(ctx, params.id, query.reason),
})
