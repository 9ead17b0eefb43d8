/** What people do with the built-in mailbox: look, search, read, empty. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { RunId } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import {
  countMails,
  deleteMails,
  listMails,
  pruneMails,
  readMailRow,
  type MailboxEntry,
  type MailboxMessageId,
} from './queries.ts'
import { readMail, type ReadMail } from './read-mail.ts'

/** Mails are kept for a week, and so many per organization: the mailbox is for looking, not for keeping. */
const KEPT_MS = 7 * 24 * 3_600_000
export const MAILS_KEPT_MAX = 5_000
/** The source beyond this is for downloading, not for a screen. */
const SOURCE_SHOWN_BYTES = 200_000

/** A page of the list, newest first. */
export async function listMailbox(
  ctx: Ctx,
  query: { limit: number; cursor?: string | undefined; q?: string | undefined; runId?: RunId | undefined },
): Promise<{ items: MailboxEntry[]; nextCursor: string | null; total: number }> {
  const [after] = query.cursor === undefined ? [] : (decodeCursor(query.cursor) ?? [])
  const rows = await listMails(ctx, {
    limit: query.limit + 1,
    after: typeof after === 'string' && /^\d+$/.test(after) ? (after as MailboxMessageId) : null, // written by us, below
    text: query.q === undefined || query.q === '' ? null : query.q,
    runId: query.runId ?? null,
    withNotices: seesNotices(ctx),
  })
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  return {
    items,
    nextCursor: rows.length > query.limit && last ? encodeCursor([last.id]) : null,
    total: await countMails(ctx),
  }
}

/** One mail, taken apart. @throws delivery.mailbox_message_not_found */
export async function readMailbox(
  ctx: Ctx,
  id: MailboxMessageId,
): Promise<MailboxEntry & ReadMail & { source: string }> {
  const { source, ...entry } = await rowOf(ctx, id)
  return { ...readMail(source), ...entry, source: source.toString('utf8', 0, SOURCE_SHOWN_BYTES) }
}

/** The mail as it arrived, byte for byte. @throws delivery.mailbox_message_not_found */
export const mailSource = async (ctx: Ctx, id: MailboxMessageId): Promise<Buffer> =>
  (await rowOf(ctx, id)).source

/** Empties the mailbox. */
export function emptyMailbox(ctx: Ctx): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    await deleteMails(ctx)
    audit(ctx, 'mailbox.emptied', { kind: 'mailbox', id: ctx.orgId })
  })
}

/** Forgets what is old or too much. */
export async function pruneMailbox(ctx: Ctx): Promise<void> {
  await pruneMails(ctx, new Date(ctx.now().getTime() - KEPT_MS), MAILS_KEPT_MAX)
}

async function rowOf(ctx: Ctx, id: MailboxMessageId): Promise<MailboxEntry & { source: Buffer }> {
  const row = await readMailRow(ctx, id, seesNotices(ctx))
  if (!row) throw errors.mailbox_message_not_found({ id })
  return row
}

/** A reset or an invitation makes whoever reads it somebody else: an owner may be that already. */
const seesNotices = ({ actor }: Ctx): boolean => actor.kind === 'member' && actor.role === 'owner'
