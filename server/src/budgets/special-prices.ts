/** Prices of messages that differ by who takes them and where they go. */
import type { SendChannel } from '../consent/index.ts'
import { audit } from '../platform/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import type { Id } from '../platform/ids.ts'
import { MICROS } from '../platform/money.ts'
import { decodeCursor, encodeCursor } from '../platform/wire.ts'
import { organizationOf } from '../team/index.ts'
import { errors } from './errors.ts'
import { hourAfter, hourFrom } from './hours.ts'
import {
  countSpecialPrices,
  deleteSpecialPrice,
  insertSpecialPrice,
  selectSpecialPrices,
  type SpecialSubject,
} from './price-queries.ts'
import type { SpecialPrices } from './schema.ts'

/** Prices of an organization: some for every country and provider, changed some times. */
const PRICES_MAX = 5_000
/** Of the page that answers a change. */
const PAGE_USUAL = 20

/** Of which messages a price is; null stands for any. */
interface Subject {
  channel: SendChannel
  providerId: Id<'provider'> | null
  country: string | null
}

/** Prices by provider and country page by page, the latest first. Source: CB-9.2, MA-7.2 */
export async function readSpecialPrices(
  ctx: Ctx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<SpecialPrices> {
  const { currency } = await organizationOf(ctx)
  const rows = await selectSpecialPrices(ctx, placeOf(cursor), limit + 1)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    currency,
    items: shown.map(({ channel, providerId, country, priceMicros, validFrom }) => ({
      channel: channel as SendChannel, // checked by the route that wrote it
      providerId: providerId === '' ? null : (providerId as Id<'provider'>), // likewise
      country: country === '' ? null : country,
      price: priceMicros === null ? null : priceMicros / MICROS,
      validFrom,
    })),
    nextCursor:
      rows.length > limit && last
        ? encodeCursor([last.validFrom.toISOString(), last.channel, last.country, last.providerId])
        : null,
  }
}

/** Where a page begins; from the first on for whatever is no cursor of ours. */
function placeOf(cursor: string | undefined): (SpecialSubject & { validFrom: string }) | null {
  const [validFrom, channel, country, providerId] = decodeCursor(cursor ?? '') ?? []
  return typeof validFrom === 'string' &&
    !Number.isNaN(Date.parse(validFrom)) &&
    typeof channel === 'string' &&
    typeof country === 'string' &&
    typeof providerId === 'string'
    ? { validFrom, channel, country, providerId }
    : null
}

/**
 * Sets the price of a provider's messages, of those to a country, or of both, from an hour on; the next full one unless
 * said otherwise. Without a price they cost what others of their channel do, from then on.
 * @throws budgets.too_many_prices
 */
export function setSpecialPrice(
  ctx: Ctx,
  asked: Subject & { price: number | null; validFrom?: Date | undefined },
): Promise<SpecialPrices> {
  return inTransaction(ctx, async (ctx) => {
    if ((await countSpecialPrices(ctx)) >= PRICES_MAX) throw errors.too_many_prices({ max: PRICES_MAX })
    const row = {
      ...subjectOf(asked),
      priceMicros: asked.price === null ? null : Math.round(asked.price * MICROS),
      validFrom: hourFrom(asked.validFrom ?? hourAfter(ctx.now())),
    }
    await insertSpecialPrice(ctx, row)
    audit(ctx, 'budgets.special_price_changed', { kind: 'organization', id: ctx.orgId }, row)
    return readSpecialPrices(ctx, { limit: PAGE_USUAL })
  })
}

/** Takes a price back, as if it had never been set. @throws budgets.price_not_found */
export function removeSpecialPrice(
  ctx: Ctx,
  { validFrom, ...asked }: Subject & { validFrom: Date },
): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const subject = subjectOf(asked)
    const removed = await deleteSpecialPrice(ctx, subject, validFrom)
    if (!removed) throw errors.price_not_found({ ...subject, validFrom })
    audit(
      ctx,
      'budgets.special_price_removed',
      { kind: 'organization', id: ctx.orgId },
      { ...subject, validFrom, ...removed },
    )
  })
}

const subjectOf = ({ channel, providerId, country }: Subject): SpecialSubject => ({
  channel,
  providerId: providerId ?? '',
  country: country ?? '',
})
