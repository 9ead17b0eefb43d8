/** Buyers by recency, frequency and money, for whoever looks. */
import type { Ctx } from '../../platform/context.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import type { Buyer, RfmGrid } from '../schema.ts'
import { RFM_GRID, type RfmClass } from './definitions.ts'
import { hasBuyers, selectBuyers, selectDrawnAt, selectFields } from './read-queries.ts'
import { selectOrganization } from './setting-queries.ts'

/** The grid with its 25 fields, also the empty ones. */
export async function readRfmGrid(ctx: Ctx): Promise<RfmGrid> {
  const { currency } = await selectOrganization(ctx)
  const found = await selectFields(ctx)
  const fields = RFM_GRID.flatMap((row, r) =>
    row.map((name, v) => {
      const field = found.find(({ recency, value }) => recency === r + 1 && value === v + 1)
      return {
        recency: r + 1,
        value: v + 1,
        class: name,
        people: field?.people ?? 0,
        orders: Number(field?.orders ?? 0),
        revenueMinor: Number(field?.revenueMinor ?? 0),
      }
    }),
  )
  const sum = (of: (field: (typeof fields)[number]) => number): number =>
    fields.reduce((total, field) => total + of(field), 0)
  const buyers = sum(({ people }) => people)
  return {
    currency,
    drawnAt: await selectDrawnAt(ctx),
    buyers,
    isBeingDrawn: buyers === 0 && (await hasBuyers(ctx)),
    orders: sum(({ orders }) => orders),
    revenueMinor: sum(({ revenueMinor }) => revenueMinor),
    fields,
  }
}

export interface BuyersQuestion {
  class?: RfmClass | undefined
  recency?: number | undefined
  value?: number | undefined
  cursor?: string | undefined
  limit: number
}

/** A page of the buyers of a field or class, by revenue. */
export async function readBuyers(
  ctx: Ctx,
  question: BuyersQuestion,
): Promise<{ items: Buyer[]; nextCursor: string | null }> {
  const [revenue, id] = decodeCursor(question.cursor ?? '') ?? []
  const rows = await selectBuyers(ctx, {
    class: question.class ?? null,
    recency: question.recency ?? null,
    value: question.value ?? null,
    after: isNumeral(revenue) && isNumeral(id) ? { revenue, id } : null,
    limit: question.limit + 1,
  })
  const shown = rows.slice(0, question.limit)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => ({ ...row, revenueMinor: Number(row.revenueMinor) })),
    nextCursor:
      rows.length > question.limit && last ? encodeCursor([last.revenueMinor, last.contactId]) : null,
  }
}

const isNumeral = (part: unknown): part is string => typeof part === 'string' && /^-?\d{1,18}$/.test(part)
