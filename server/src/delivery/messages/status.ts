/** Where a message that was asked for stands. */
import type { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import type { MessageId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import type { messageStatus } from '../schema.ts'
import { readMessage } from './queries.ts'

/** @throws delivery.message_not_found */
export async function messageStatusOf(ctx: Ctx, id: MessageId): Promise<z.output<typeof messageStatus>> {
  const row = await readMessage(ctx, id)
  if (!row) throw errors.message_not_found({ id })
  const { ledgerState, state, dueAt, createdAt, ...rest } = row
  return {
    ...rest,
    // Between queue and ledger, both are true: the ledger says what happened last.
    state: ledgerState ?? (state === 'held' ? 'sending' : 'queued'),
    nextAttemptAt: state === 'queued' ? dueAt : null,
    attempts: rest.attempt,
    createdAt,
  }
}
