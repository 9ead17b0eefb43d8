/** What delivery gives into a person's archive: the mails that were made for them. */
import type { Ctx } from '../platform/context.ts'
import type { ContactId } from '../platform/ids.ts'
import type { AccessRow } from '../platform/rights.ts'
import { selectMailboxSources, selectMailsOf } from './access-queries.ts'

/** Bodies of mails are long: few at a time. */
const MAILS_PER_BATCH = 50

/** One row per message that was handed over or may have been, with the mail that it was made from. */
export async function* readMails(ctx: Ctx, contactId: ContactId): AsyncGenerator<AccessRow[]> {
  for (let offset = 0; ; offset += MAILS_PER_BATCH) {
    const mails = await selectMailsOf(ctx, contactId, offset, MAILS_PER_BATCH)
    if (mails.length > 0) yield mails.map((mail) => ({ ...mail }))
    if (mails.length < MAILS_PER_BATCH) return
  }
}

/** Mails as they arrived in the built-in mailbox, with everything personal that was put into them. */
export async function* readMailbox(ctx: Ctx, contactId: ContactId): AsyncGenerator<AccessRow[]> {
  for (let offset = 0; ; offset += MAILS_PER_BATCH) {
    const mails = await selectMailboxSources(ctx, contactId, offset, MAILS_PER_BATCH)
    if (mails.length > 0)
      yield mails.map(({ source, ...mail }) => ({ ...mail, source: source.toString('utf8') }))
    if (mails.length < MAILS_PER_BATCH) return
  }
}
