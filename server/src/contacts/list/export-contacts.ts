/** Contacts as CSV, streamed: memory holds one page, whatever the size of the list. */
import { Readable } from 'node:stream'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { toWire } from '../../platform/ids.ts'
import { BYTE_ORDER_MARK, csvRow } from '../csv/write.ts'
import { selectFields } from '../fields/queries.ts'
import type { Contact } from '../store/draft.ts'
import { valueOf } from '../store/revision.ts'
import { STANDARD_FIELDS } from '../values/fields.ts'
import type { Condition } from './filter.ts'
import { countContacts, selectNext } from './queries.ts'

const PAGE_ROWS = 2_000

/** What an export looks like. */
export interface ExportOptions {
  /** Begin with the mark by which Excel knows UTF-8. */
  hasByteOrderMark: boolean
  /** What the people have in common, for the audit entry: the filter, the segment. */
  about: Record<string, unknown>
}

/**
 * Streams the contacts that fulfil a condition, whose parameters begin at $2 (segments bring theirs). The export is
 * audited before the first row leaves.
 */
export async function exportContacts(
  ctx: Ctx,
  condition: Condition,
  options: ExportOptions,
): Promise<Readable> {
  await inTransaction(ctx, async (ctx) => {
    const total = await countContacts(ctx, condition)
    audit(ctx, 'contacts.exported', { kind: 'organization', id: ctx.orgId }, { ...options.about, total })
  })
  return Readable.from(exportRows(ctx, condition, options))
}

async function* exportRows(ctx: Ctx, condition: Condition, options: ExportOptions): AsyncGenerator<string> {
  const fields = (await selectFields(ctx)).filter((field) => field.archivedAt === null)
  const columns = [...STANDARD_FIELDS, 'tags', ...fields.map((field) => `custom:${field.key}`)]
  const header = [
    'id',
    ...columns.map((column) => column.replace(/^custom:/, '')),
    'source',
    'createdAt',
    'updatedAt',
  ]
  yield (options.hasByteOrderMark ? BYTE_ORDER_MARK : '') + csvRow(header)
  let afterId = '0'
  for (;;) {
    const contacts = await selectNext(ctx, condition, afterId, PAGE_ROWS)
    const last = contacts.at(-1)
    if (!last) return
    yield contacts.map((contact) => contactRow(contact, columns)).join('')
    afterId = last.id
  }
}

function contactRow(contact: Contact, columns: readonly string[]): string {
  const values = columns.map((column) => {
    const value = valueOf(contact, column)
    return Array.isArray(value) ? value.join('; ') : value
  })
  return csvRow([
    toWire('contact', contact.id),
    ...values,
    contact.source,
    contact.createdAt.toISOString(),
    contact.updatedAt.toISOString(),
  ])
}
