/** What a post on a platform costs. Posts that are priced each follow their prices, whenever these are set. */
import { audit } from '../platform/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { decimalsOf, MICROS } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { errors } from './errors.ts'
import { deletePostPrice, insertPostPrice, repricePosts, selectPostPrices } from './price-queries.ts'
import type { PostPrices, SpendPlatform } from './schema.ts'

/** Prices of an organization: every platform's, changed some times. */
const PRICES_MAX = 1_000

/** All prices of posts, the latest first. Source: CB-9.2 */
export async function readPostPrices(ctx: Ctx): Promise<PostPrices> {
  const { currency } = await organizationOf(ctx)
  return {
    currency,
    items: (await selectPostPrices(ctx, PRICES_MAX)).map(({ priceMicros, ...row }) => ({
      ...row,
      price: priceMicros / MICROS,
    })),
  }
}

/**
 * Sets the price of a post from a day on; a platform's first holds for what was posted before, too, and `null` names it.
 * @throws budgets.too_many_prices
 */
export function setPostPrice(
  ctx: Ctx,
  asked: { platform: SpendPlatform; price: number; validFrom: string | null },
): Promise<PostPrices> {
  return inTransaction(ctx, async (ctx) => {
    const { platform, price } = asked
    const known = await selectPostPrices(ctx, PRICES_MAX)
    if (known.length >= PRICES_MAX) throw errors.too_many_prices({ max: PRICES_MAX })
    const isFirst = !known.some((row) => row.platform === platform)
    const validFrom = isFirst ? null : asked.validFrom
    await insertPostPrice(ctx, { platform, priceMicros: Math.round(price * MICROS), validFrom })
    await reprice(ctx, platform)
    audit(
      ctx,
      'budgets.post_price_changed',
      { kind: 'organization', id: ctx.orgId },
      { platform, price, validFrom },
    )
    return readPostPrices(ctx)
  })
}

/** Takes a price back, as if it had never been set; `null` names a platform's first. @throws budgets.price_not_found */
export function removePostPrice(ctx: Ctx, platform: SpendPlatform, validFrom: string | null): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const removed = await deletePostPrice(ctx, platform, validFrom)
    if (!removed) throw errors.price_not_found({ platform, validFrom })
    await reprice(ctx, platform)
    audit(
      ctx,
      'budgets.post_price_removed',
      { kind: 'organization', id: ctx.orgId },
      { platform, validFrom, ...removed },
    )
  })
}

async function reprice(ctx: Ctx, platform: SpendPlatform): Promise<void> {
  const { currency } = await organizationOf(ctx)
  await repricePosts(ctx, platform, MICROS / 10 ** decimalsOf(currency))
}
