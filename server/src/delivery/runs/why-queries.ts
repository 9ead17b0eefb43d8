/** SQL of one person's question to a run: what became of my message, or where does it wait? */
import { reachabilitySql } from '../../consent/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { audiencePredicate, type Audience } from '../../segments/index.ts'
import type { LedgerState } from '../../tracking/index.ts'
import type { HeldReason } from './held-reasons.ts'
import type { Purpose, Run, RunChannel } from './run.ts'

/** A person's row in the ledger, with what the provider said. */
export interface OutcomeRow {
  channel: RunChannel
  state: LedgerState
  reason: string
  handedOverAt: Date | null
  stateAt: Date
  provider: string | null
  code: string | null
  words: string | null
  attempts: number | null
  refusedAt: Date | null
  withheldReason: string | null
}

/** Rows of one person in a run: one per channel. */
export const outcomesOf = (
  ctx: Ctx,
  run: Pick<Run, 'id' | 'month'>,
  contactId: ContactId,
): Promise<OutcomeRow[]> =>
  ctx.db.named<OutcomeRow>(
    'delivery_why_outcomes',
    `
    select m.channel, m.state, m.reason, m.handed_over_at, m.state_at, r.provider, r.code, r.words, r.attempts,
      r.updated_at as refused_at, r.withheld_reason
    from message m
    left join refusal r on r.org_id = $1 and r.run_id = m.run_id and r.contact_id = m.contact_id and r.channel = m.channel
    where m.org_id = $1 and m.run_id = $2 and m.month = $3::date and m.contact_id = $4
    order by m.channel`,
    [ctx.orgId, run.id, run.month, contactId],
  )

/** A chunk in which a person waits, or waited when the run was cancelled. */
export interface WaitingRow {
  channel: RunChannel
  chunkNo: number
  state: 'ready' | 'cancelled'
  dueAt: Date
  heldReason: HeldReason | null
  heldDetail: string | null
  isDeferred: boolean
  provider: string | null
  code: string | null
  words: string | null
  attempts: number | null
  refusedAt: Date | null
}

// Reads the arrays of a run's open chunks: some 500 a million people, asked once by a person who wants to know.
export const waitingOf = (ctx: Ctx, run: Pick<Run, 'id'>, contactId: ContactId): Promise<WaitingRow[]> =>
  ctx.db.named<WaitingRow>(
    'delivery_why_waiting',
    `
    select c.channel, c.chunk_no, c.state, c.due_at, c.held ->> 'reason' as held_reason, c.held ->> 'detail' as held_detail,
      (c.pass > 0 or $3 = any(c.deferred_ids)) as is_deferred, r.provider, r.code, r.words, r.attempts, r.updated_at as refused_at
    from chunk c
    left join refusal r on r.org_id = $1 and r.run_id = c.run_id and r.contact_id = $3 and r.channel = c.channel
    where c.org_id = $1 and c.run_id = $2 and (c.state = 'ready' or (c.state = 'cancelled' and c.chunk_no > 0))
      and ($3 = any(c.contact_ids[c.done_count + 1:]) or $3 = any(c.deferred_ids))
    order by c.chunk_no desc`,
    [ctx.orgId, run.id, contactId],
  )

/** Does the audience name a person now, and why not on each channel? Null when the person is not there at all. */
export async function judgePerson(
  ctx: Ctx,
  contactId: ContactId,
  {
    audience,
    channels,
    purpose,
    topic,
  }: { audience: Audience; channels: readonly RunChannel[]; purpose: Purpose; topic: string | null },
): Promise<{ isIn: boolean; reasons: (string | null)[] } | null> {
  const about = topic === null ? [] : [topic]
  const predicate = await audiencePredicate(ctx, audience, {
    alias: 'c',
    orgIdParam: '$1',
    firstParam: 4 + about.length,
  })
  const asked = channels.map((channel) =>
    reachabilitySql({
      channel,
      purpose,
      org: '$1',
      now: '$3::timestamptz',
      byKey: true,
      suffix: `_${channel}`,
      ...(topic === null ? {} : { topic: '$4' }),
    }),
  )
  const [row] = await ctx.db.query<{ isIn: boolean; reasons: (string | null)[] }>(
    `
    select (${predicate.text}) as is_in, array[${asked.map(({ reason }) => `(${reason})`).join(', ')}]::text[] as reasons
    from contact c ${asked.map(({ joins }) => joins).join('')}
    where c.org_id = $1 and c.id = $2`,
    [ctx.orgId, contactId, ctx.now(), ...about, ...predicate.values],
  )
  return row ?? null
}
