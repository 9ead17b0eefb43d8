/** The routes of analytics: each calls one verb. */
import { handle } from '../platform/room.ts'
import { chooseModel, organizationModel } from './attribution/chosen.ts'
import { readHistory } from './profiles/history.ts'
import { readProfile } from './profiles/read.ts'
import { readBuyers, readRfmGrid } from './profiles/rfm.ts'
import { readSpendingLevels, setSpendingLevels } from './profiles/spending.ts'
import { routes as specs } from './schema.ts'

export const routes = handle(specs, {
  'GET /api/contacts/:id/profile': (ctx, { params }) => readProfile(ctx, params.id),
  'GET /api/contacts/:id/history': (ctx, { params, query }) => readHistory(ctx, params.id, query),
  'GET /api/analytics/rfm': (ctx) => readRfmGrid(ctx),
  'GET /api/analytics/rfm/people': (ctx, { query }) => readBuyers(ctx, query),
  'GET /api/analytics/attribution': async (ctx) => ({ model: await organizationModel(ctx) }),
  'PUT /api/analytics/attribution': (ctx, { body }) => chooseModel(ctx, body.model),
  'GET /api/analytics/spending-levels': (ctx) => readSpendingLevels(ctx),
  'PUT /api/analytics/spending-levels': (ctx, { body }) => setSpendingLevels(ctx, body),
})
