/** The routes of budgets: each calls one verb. */
import { handle } from '../platform/room.ts'
import { readPrices, removePrice, setPrices } from './costs.ts'
import { routes as specs } from './schema.ts'

export const routes = handle(specs, {
  'GET /api/message-prices': (ctx) => readPrices(ctx),
  'PUT /api/message-prices': (ctx, { body }) => setPrices(ctx, body.prices),
  'DELETE /api/message-prices/:channel': (ctx, { params, query }) =>
    removePrice(ctx, params.channel, query.validFrom ?? null),
})
