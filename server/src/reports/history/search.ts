/** Searching what has been sent: campaigns that have ended or were archived, with what came of them. */
import type { Ctx } from '../../platform/context.ts'
import { toMajor, toMinor } from '../../platform/money.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { organizationOf } from '../../team/index.ts'
import { errors } from '../errors.ts'
import { periodOf } from '../period.ts'
import type { History, HistoryQuery } from '../schema.ts'
import { selectHistory, type HistoryFilter, type HistoryRow } from './queries.ts'

/** How far back it looks unless days are named: two years. */
const USUAL_DAYS = 731
/** More words than that say nothing further. */
const WORDS_MAX = 8

/** A page of them. @throws reports.period_invalid, reports.cursor_invalid Source: CB-15.2, CB-15.3, TK-16.1 */
export async function searchHistory(ctx: Ctx, asked: HistoryQuery): Promise<History> {
  const { currency } = await organizationOf(ctx)
  const period = await periodOf(ctx, asked, USUAL_DAYS)
  const rows = await selectHistory(ctx, {
    from: period.from,
    to: period.to,
    words: wordsOf(asked.q),
    types: asked.type ?? null,
    channels: asked.channel ?? null,
    statuses: asked.status ?? null,
    isArchived: asked.show === 'all' ? null : asked.show === 'archived',
    sentMin: asked.sentMin,
    clickRateMin: asked.clickRateMin,
    conversionRateMin: asked.conversionRateMin,
    revenueMinMinor: toMinor(asked.revenueMin, currency) ?? 0,
    sort: asked.sort,
    after: placeOf(asked.cursor),
    limit: asked.limit + 1,
  })
  const shown = rows.slice(0, asked.limit)
  const last = rows.length > asked.limit ? shown.at(-1) : undefined
  return {
    currency,
    period: { from: period.fromOn, to: period.toOn },
    items: shown.map((row) => onWire(row, currency)),
    nextCursor: last ? encodeCursor([last.key, last.id]) : null,
    total: rows[0]?.total ?? 0,
  }
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)

const onWire = (
  { key: _key, total: _total, revenueMinor, ...row }: HistoryRow,
  currency: string,
): History['items'][number] => ({
  ...row,
  // The campaign's own columns hold no other words.
  status: row.status as History['items'][number]['status'],
  type: row.type as History['items'][number]['type'],
  channels: row.channels as History['items'][number]['channels'],
  revenue: toMajor(revenueMinor, currency) ?? 0,
})

function placeOf(cursor: string | undefined): HistoryFilter['after'] {
  if (cursor === undefined) return null
  const [value, id] = decodeCursor(cursor) ?? []
  if (typeof value !== 'number' || typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id))
    throw errors.cursor_invalid()
  return { value, id }
}
