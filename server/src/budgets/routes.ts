/** The routes of budgets: each calls one verb. */
import { handle } from '../platform/room.ts'
import { readBudgets, setMonthBudget } from './limits.ts'
import { readPrices, removePrice, setPrices } from './costs.ts'
import { readPostPrices, removePostPrice, setPostPrice } from './post-prices.ts'
import { routes as specs } from './schema.ts'
import { readSpecialPrices, removeSpecialPrice, setSpecialPrice } from './special-prices.ts'

export const routes = handle(specs, {
  'GET /api/budgets': (ctx) => readBudgets(ctx),
  'PUT /api/budgets/:scope': (ctx, { params, body }) => setMonthBudget(ctx, params.scope, body.amount),
  'GET /api/message-prices/special': (ctx, { query }) => readSpecialPrices(ctx, query),
  'PUT /api/message-prices/special': (ctx, { body }) => setSpecialPrice(ctx, body),
  'DELETE /api/message-prices/special': (ctx, { query }) =>
    removeSpecialPrice(ctx, {
      ...query,
      providerId: query.providerId ?? null,
      country: query.country ?? null,
    }),
  'GET /api/post-prices': (ctx) => readPostPrices(ctx),
  'PUT /api/post-prices': (ctx, { body }) => setPostPrice(ctx, body),
  'DELETE /api/post-prices': (ctx, { query }) =>
    removePostPrice(ctx, query.platform, query.validFrom ?? null),
  'GET /api/message-prices': (ctx) => readPrices(ctx),
  'PUT /api/message-prices': (ctx, { body }) => setPrices(ctx, body.prices),
  'DELETE /api/message-prices/:channel': (ctx, { params, query }) =>
    removePrice(ctx, params.channel, query.validFrom ?? null),
})
