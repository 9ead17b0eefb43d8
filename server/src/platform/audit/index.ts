/** The door of platform/audit: every change, in the transaction that makes it, chained by hash per organization. */
import type { Ctx } from '../context.ts'
import { pendingOf } from '../db/transaction.ts'
export { verifyAudit, type AuditVerdict } from './verify.ts'
export { writeCheckpoint } from './checkpoint.ts'

/** What an entry is about. */
export interface Subject {
  kind: string
  id: string
}

/**
 * Notes a change. `change` may name people: the chain holds only a commitment to it, so that it can be erased.
 * @throws AssertionError outside a transaction
 * Source: CB-1.5, CS-018.7, NFR-004.4
 */
export function audit(
  ctx: Ctx,
  action: string,
  subject: Subject,
  change: Readonly<Record<string, unknown>> = {},
): void {
  pendingOf(ctx).audits.push({
    action,
    subject,
    change,
    at: ctx.now(),
    actor: ctx.actor,
    requestId: ctx.requestId,
    addressPrefix: ctx.addressPrefix,
  })
}
