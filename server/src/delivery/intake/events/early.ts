/**
 * Events that overtake their message: a provider may report on a message while the sub-batch that it left in is still
 * under way, or while its worker lies dead. They are kept, and hold as soon as the ledger has the message.
 */
import type { Ctx } from '../../../platform/context.ts'
import { enqueue } from '../../../platform/jobs/index.ts'
import type { TokenMessage } from '../../../tracking/index.ts'
import { applyEarlyEvents } from '../../work.ts'
import type { EventOrigin } from './apply.ts'
import { insertEarly } from './queries.ts'
import type { VendorEvent } from './vendor-event.ts'

/** A sub-batch is recorded within about so long. */
const LOOK_AFTER_MS = 1_000

/** Keeps events of messages that the ledger does not have yet, within the caller's transaction. */
export async function keepEarly(
  ctx: Ctx,
  origin: EventOrigin,
  early: readonly { event: VendorEvent; message: TokenMessage }[],
): Promise<void> {
  if (early.length === 0) return
  await insertEarly(
    ctx,
    origin,
    early.map(({ event, message }) => ({ message, event: { ...event, what: movesTo(event.what) } })),
  )
  const dueAt = new Date(ctx.now().getTime() + LOOK_AFTER_MS)
  await enqueue(ctx, applyEarlyEvents, {}, { key: 'early', dueAt })
}

/** Objections hold at once, with or without a row; what is left of them is that the message arrived. */
const movesTo = (what: VendorEvent['what']): VendorEvent['what'] =>
  what === 'complained' || what === 'unsubscribed' ? 'delivered' : what
