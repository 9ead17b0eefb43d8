/**
 * Handing the answer to an inbound message over, to the number and through the provider that it came by: the one confirmation
 * of a STOP leaves although the person has just withdrawn, and keeps no limits of campaigns.
 * Source: PC-43; compliance report §2.3 (one confirmation, French short codes answer STOP and CONTACT), §2.4 (24 hours)
 */
import type { Ctx } from '../../../platform/context.ts'
import { inTransaction } from '../../../platform/db/index.ts'
import { defineJob, type JobOutcome, type Lease } from '../../../platform/jobs/index.ts'
import { organizationOf } from '../../../team/index.ts'
import { nobodysName } from '../../channels/nobodys-name.ts'
import { NO_OUTCOME, type Handover } from '../../channels/outcome.ts'
import { handOver } from '../../handover/hand-over.ts'
import { transportOf } from '../../providers/outlets.ts'
import type { OpenProvider } from '../../providers/provider.ts'
import { readProvider } from '../../providers/queries.ts'
import { opened } from '../../providers/service.ts'
import { isRehearsal } from '../../sending/transports.ts'
import { answerInbound } from '../../work.ts'
import { claimEvents, releaseEvents } from '../events/queries.ts'
import { answerText } from './answer-words.ts'
import { readInbound, type InboundId } from './queries.ts'

/** Whoever wrote an hour ago is asleep, or has given up: an answer would surprise more than it explains. */
const TRIED_FOR_MS = 3_600_000
/** A provider that takes nothing is asked again after as long as it has been asked already, within these bounds. */
const PAUSE_MS_MIN = 5_000
const PAUSE_MS_MAX = 5 * 60_000

/** Answers an inbound message once. An outcome that is unknown is not repeated: two confirmations are against the rules. */
export const answerInboundJob = defineJob({
  ...answerInbound,
  handle: async (ctx, { inboundId, kind, locale }, lease): Promise<JobOutcome> => {
    const { name, isSample } = await organizationOf(ctx)
    // A rehearsal and a sample workspace reach nobody.
    if (isSample || isRehearsal(ctx.platform)) return
    const inbound = await readInbound(ctx, inboundId)
    // The person was erased, or has said the contrary since, which has an answer of its own.
    if (!inbound || (kind !== 'help' && inbound.isOvertaken)) return
    const row = await readProvider(ctx, inbound.providerId)
    if (!row) return
    if (lease.stopping) return { again: ctx.now() }
    const provider = await opened(ctx, row)
    const claim = claimOf(inboundId)
    const isFirst = await inTransaction(ctx, async (ctx) => {
      await lease.fence(ctx)
      return (await claimEvents(ctx, row.id, [claim])).size > 0
    })
    if (!isFirst) {
      ctx.log.warn({ inboundId }, 'whether an inbound message was answered is unknown; it is not repeated')
      return
    }
    const text = answerText({ kind, locale }, name)
    const outcome = await deliver(ctx, provider, { to: inbound.sender, text }, lease)
    if (outcome.kind === 'sent') return
    ctx.log.warn({ inboundId, providerId: row.id, outcome }, 'an inbound message is not answered')
    if (outcome.kind !== 'unsent') return
    await releaseEvents(ctx, row.id, [claim])
    return again(ctx, inbound.receivedAt, outcome.trouble?.until)
  },
})

/** Nothing else has such an id: those of inbound messages are kept with them. */
const claimOf = (inboundId: InboundId): string => `answer:${inboundId}`

function again(ctx: Ctx, since: Date, until: Date | undefined): JobOutcome {
  const nowMs = ctx.now().getTime()
  const pauseMs = Math.min(Math.max(nowMs - since.getTime(), PAUSE_MS_MIN), PAUSE_MS_MAX)
  const at = new Date(Math.max(nowMs + pauseMs, until?.getTime() ?? 0))
  return at.getTime() - since.getTime() > TRIED_FOR_MS ? undefined : { again: at }
}

async function deliver(
  ctx: Ctx,
  provider: OpenProvider,
  { to, text }: { to: string; text: string },
  lease: Lease,
): Promise<Handover> {
  const token = nobodysName(ctx)
  const load = { firsts: [null], hasEnded: () => Promise.resolve(lease.stopping), watch: undefined }
  const [outcome = NO_OUTCOME] =
    provider.channel === 'whatsapp'
      ? await handOver(ctx, transportOf<'whatsapp'>(ctx, { ...provider, channel: 'whatsapp' }), {
          ...load,
          // Free text: the person has written within the last 24 hours, or the provider refuses it.
          messages: [{ token, to, template: null, text }],
        })
      : await handOver(ctx, transportOf<'sms'>(ctx, { ...provider, channel: 'sms' }), {
          ...load,
          messages: [{ token, to, text }],
        })
  return outcome
}
