/** Senders: who mails may come from, chosen when a mail is written. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { deleteSender, insertSender, type SenderId, type SenderRow } from './queries.ts'

/** Adds one. @throws delivery.sender_exists */
export function addSender(
  ctx: Ctx,
  sender: { name: string; email: string; replyTo: string | null },
): Promise<SenderRow> {
  return inTransaction(ctx, async (ctx) => {
    const added = await insertSender(ctx, { ...sender, id: newId<'sender'>(ctx.now()) })
    if (!added) throw errors.sender_exists({ email: sender.email })
    audit(ctx, 'sender.added', { kind: 'sender', id: added.id }, { name: sender.name, email: sender.email })
    return added
  })
}

/** Removes one; mails that name it keep it. @throws delivery.sender_not_found */
export function removeSender(ctx: Ctx, id: SenderId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const [removed] = await deleteSender(ctx, id)
    if (!removed) throw errors.sender_not_found({ id })
    audit(ctx, 'sender.removed', { kind: 'sender', id }, { email: removed.email })
  })
}
