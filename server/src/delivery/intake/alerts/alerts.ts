/**
 * Trouble with a sending domain: a receiver refuses it for its authentication, its reputation or its policy. Nobody's
 * address is to blame; the owner of the domain is told, and for a while nothing more is handed over to that receiver.
 * Source: PC-21, compliance report §1.3
 */
import type { Ctx } from '../../../platform/context.ts'
import type { TokenMessage } from '../../../tracking/index.ts'
import type { VendorEvent } from '../events/vendor-event.ts'
import { audit } from '../../../platform/audit/index.ts'
import { inTransaction } from '../../../platform/db/index.ts'
import { errors } from '../../errors.ts'
import { deleteAlert, noteAlerts, senderDomains } from './queries.ts'

/** How long a receiver that refuses our domain is left alone. */
const HELD_MS = 2 * 3_600_000
/** Reasons that lie with the domain; the rest lies with one mail or one day. */
const DOMAIN_REASONS: ReadonlySet<string> = new Set(['authentication', 'reputation', 'policy'])

/** A refusal of a domain by a receiver. */
export interface DomainRefusal {
  domain: string
  /** The domain of the address that was refused. */
  receiver: string
  reason: string
  text: string
}

/** Is this reason the domain's? */
export const isDomainReason = (reason: string): boolean => DOMAIN_REASONS.has(reason)

/** Notes refusals and holds their receivers. */
export async function raiseAlerts(ctx: Ctx, refusals: readonly DomainRefusal[]): Promise<void> {
  if (refusals.length === 0) return
  await noteAlerts(ctx, refusals, new Date(ctx.now().getTime() + HELD_MS))
}

/** Of an event about a mail, whose sender stands in its version. */
export async function raiseAlert(
  ctx: Ctx,
  message: TokenMessage,
  event: VendorEvent,
  contactDomain: string | null,
): Promise<void> {
  const reason = event.verdict?.reason ?? ''
  const receiver = event.address?.split('@')[1]?.toLowerCase() ?? contactDomain
  if (message.channel !== 'email' || !isDomainReason(reason) || !receiver) return
  const domain = (await senderDomains(ctx, [message.versionId])).get(message.versionId)
  if (domain) await raiseAlerts(ctx, [{ domain, receiver, reason, text: event.text }])
}

/** A member says that it is put right: hand-over to the receiver goes on at once. @throws delivery.alert_not_found */
export function endAlert(ctx: Ctx, domain: string, receiver: string): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const [ended] = await deleteAlert(ctx, domain, receiver)
    if (!ended) throw errors.alert_not_found({ domain, receiver })
    audit(ctx, 'sending_alert.ended', { kind: 'sending_domain', id: domain }, { receiver })
  })
}
