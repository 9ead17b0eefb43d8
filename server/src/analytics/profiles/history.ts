/** One timeline of everything: what a contact did, what happened to them, what was done to them. */
import { getContact } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { actorHolds } from '../../platform/http/index.ts'
import { identitiesOf, personalProperties, type PersonalProperties } from '../../tracking/index.ts'
import type { HistoryEntry, HistoryKind } from '../schema.ts'
import { selectHistory, type HistoryRow } from './read-queries.ts'
import { selectRoles } from './setting-queries.ts'

/** Details of one entry, and characters of one value; more is for the API of the log. */
const DETAILS_MAX = 30
const DETAIL_CHARS_MAX = 500

export interface HistoryQuestion {
  kind?: HistoryKind | undefined
  cursor?: string | undefined
  limit: number
}

/**
 * A page of a contact's history, latest first. Whoever may not see what is personal is told that it is there.
 * @throws contacts.not_found
 */
export async function readHistory(
  ctx: Ctx,
  contactId: ContactId,
  { kind, cursor, limit }: HistoryQuestion,
): Promise<{ items: HistoryEntry[]; nextCursor: string | null }> {
  await getContact(ctx, contactId)
  const rows = await selectHistory(ctx, {
    contactId,
    formerIds: await identitiesOf(ctx, contactId),
    roles: await selectRoles(ctx),
    kind: kind ?? null,
    after: positionOf(cursor),
    limit: limit + 1,
  })
  const hidden = actorHolds(ctx.actor, 'tracking.personal') ? null : await personalProperties(ctx)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => entryOf(row, hidden)),
    nextCursor:
      rows.length > limit && last ? encodeCursor([last.at.toISOString(), last.source, last.key]) : null,
  }
}

function positionOf(cursor: string | undefined): { at: string; source: string; key: string } | null {
  const [at, source, key] = decodeCursor(cursor ?? '') ?? []
  return typeof at === 'string' &&
    !Number.isNaN(Date.parse(at)) &&
    typeof source === 'string' &&
    typeof key === 'string'
    ? { at, source, key }
    : null
}

function entryOf(row: HistoryRow, hidden: PersonalProperties | null): HistoryEntry {
  const payload = objectOf(row.payload)
  return {
    id: `${row.source}:${row.key}`,
    at: row.at,
    kind: row.kind,
    type: row.type,
    campaignId: row.campaignId,
    channel: row.channel,
    state: row.state,
    reason: row.reason,
    isMachine: payload['machine'] === true,
    money: moneyOf(payload['money']),
    details: detailsOf(row, payload, hidden),
  }
}

function moneyOf(value: unknown): HistoryEntry['money'] {
  const { amountMinor, currency } = objectOf(value)
  return typeof amountMinor === 'number' && typeof currency === 'string' ? { amountMinor, currency } : null
}

/** What an event of the outside says lies in its properties or traits; ours say it themselves. */
function detailsOf(
  row: HistoryRow,
  payload: Readonly<Record<string, unknown>>,
  hidden: PersonalProperties | null,
): HistoryEntry['details'] {
  const said = payload['properties'] ?? payload['traits']
  const own = row.kind === 'consent' || row.kind === 'data' ? withoutIds(payload) : {}
  return Object.entries(said === undefined ? own : objectOf(said))
    .flatMap(([name, value]) => {
      const text = textOf(value)
      if (text === null) return []
      return [{ name, value: said !== undefined && hidden?.get(row.type)?.has(name) === true ? null : text }]
    })
    .slice(0, DETAILS_MAX)
}

/** Our own events name people and files as the database does: nobody outside has anything of that. */
const withoutIds = (payload: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(payload).filter(([name]) => !/Ids?$|Hash(?:es)?$/.test(name)))

function textOf(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return value.slice(0, DETAIL_CHARS_MAX)
    case 'number':
    case 'boolean':
      return String(value)
    default:
      return Array.isArray(value) &&
        value.every((item) => typeof item === 'string' || typeof item === 'number')
        ? value.join(', ').slice(0, DETAIL_CHARS_MAX)
        : null
  }
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>) // an object of JSON
    : {}
