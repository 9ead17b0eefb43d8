/**
 * Taking places under frequency caps, for a whole sub-batch: before it is armed and in the same transaction. A place that is
 * taken counts against everybody else's at once; it is given back when the message was not sent.
 * Source: design §5 Frequency caps
 */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { armClaims, fullCaps, lockClaims, type Claims } from './cap-queries.ts'
import { DEFER_HOURS_MAX, verdictOn, type FrequencyCap } from './frequency-caps.ts'

/** What the rules say of a person's message who is not to get it now. */
export type Excess = { kind: 'dropped' } | { kind: 'deferred'; until: Date }

/**
 * Arms the claims of those who have room; they must have been claimed in a transaction before.
 * @param since when the messages were meant to leave: who would wait for more than a week is dropped
 * @returns what becomes of the others
 */
export async function takePlaces(
  ctx: Ctx,
  caps: readonly FrequencyCap[],
  claims: Claims,
  since: Date,
): Promise<ReadonlyMap<ContactId, Excess>> {
  if (claims.contactIds.length === 0) return new Map()
  await lockClaims(ctx, claims.contactIds)
  const full = Map.groupBy(await fullCaps(ctx, claims, caps), ({ contactId }) => contactId)
  const giveUpAt = new Date(since.getTime() + DEFER_HOURS_MAX * 3_600_000)
  const excess = new Map<ContactId, Excess>()
  for (const [contactId, found] of full) {
    const verdict = verdictOn(caps, found, ctx.now())
    excess.set(
      contactId,
      verdict.kind === 'deferred' && verdict.until > giveUpAt ? { kind: 'dropped' } : verdict,
    )
  }
  const armed = claims.contactIds.flatMap((contactId, at) => {
    const runId = claims.runIds[at]
    return excess.has(contactId) || runId === undefined ? [] : [{ contactId, runId }]
  })
  if (armed.length > 0)
    await armClaims(
      ctx,
      claims.channel,
      armed.map(({ contactId }) => contactId),
      armed.map(({ runId }) => runId),
    )
  return excess
}
