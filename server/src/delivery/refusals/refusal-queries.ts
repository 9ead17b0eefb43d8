/** SQL of refusals: noted per sub-batch, read for people, forgotten. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import type { RunChannel } from '../runs/run.ts'
import type { Refusal } from './refusal.ts'

// One row per message, however often it was refused: a person asks for the last word, not for all of them. Rows are
// written in the order of their key, so that two batches about the same people wait for each other.
export const noteRefusals = (
  ctx: Ctx,
  runId: RunId,
  channel: RunChannel,
  refusals: readonly Refusal[],
): Promise<unknown> =>
  refusals.length === 0
    ? Promise.resolve()
    : ctx.db.rows(
        'delivery_note_refusals',
        `
        insert into refusal (org_id, run_id, contact_id, channel, provider, code, words, reason, is_final, attempts, created_at, updated_at)
        select $1, $2, r.contact_id, $3, r.provider, r.code, r.words, r.reason, r.is_final, 1, $4, $4
        from unnest($5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[])
          as r (contact_id, provider, code, words, reason, is_final)
        order by r.contact_id
        on conflict (org_id, run_id, contact_id, channel) do update
          set provider = excluded.provider, code = excluded.code, words = excluded.words, reason = excluded.reason,
            is_final = excluded.is_final, attempts = refusal.attempts + 1, withheld_reason = null, updated_at = excluded.updated_at`,
        [
          ctx.orgId,
          runId,
          channel,
          ctx.now(),
          refusals.map(({ contactId }) => contactId),
          refusals.map(({ provider }) => provider),
          refusals.map(({ code }) => code),
          refusals.map(({ words }) => words),
          refusals.map(({ reason }) => reason),
          refusals.map(({ isFinal }) => isFinal),
        ],
      )

/** Notes why people were not written to again although somebody asked for it. */
export const noteWithheld = (
  ctx: Ctx,
  runId: RunId,
  channel: RunChannel,
  withheld: readonly { contactId: ContactId; reason: string | null }[],
): Promise<unknown> =>
  withheld.length === 0
    ? Promise.resolve()
    : ctx.db.rows(
        'delivery_note_withheld',
        `
        insert into refusal (org_id, run_id, contact_id, channel, provider, code, words, reason, is_final, attempts, withheld_reason, created_at, updated_at)
        select $1, $2, w.contact_id, $3, '', '', '', '', true, 0, w.reason, $4, $4
        from unnest($5::bigint[], $6::text[]) as w (contact_id, reason)
        order by w.contact_id
        on conflict (org_id, run_id, contact_id, channel) do update
          set withheld_reason = excluded.withheld_reason, updated_at = excluded.updated_at`,
        [
          ctx.orgId,
          runId,
          channel,
          ctx.now(),
          withheld.map(({ contactId }) => contactId),
          withheld.map(({ reason }) => reason ?? ''),
        ],
      )

/** What providers said in a run, alike ones together. */
export interface SaidOften {
  channel: RunChannel
  provider: string
  code: string
  words: string
  reason: string
  isFinal: boolean
  people: number
  lastAt: Date
}

const SAID_SHOWN = 20

/** Providers put numbers of their own into their words: what has one code and one reason is told once, in one wording. */
export const saidOften = (ctx: Ctx, runId: RunId): Promise<SaidOften[]> =>
  ctx.db.named<SaidOften>(
    'delivery_refusals_of_run',
    `
    select channel, provider, code, max(words) as words, reason, is_final, count(*)::int as people, max(updated_at) as last_at
    from refusal
    where org_id = $1 and run_id = $2 and attempts > 0
    group by channel, provider, code, reason, is_final
    order by count(*) desc, channel, provider, code, reason, is_final limit $3`,
    [ctx.orgId, runId, SAID_SHOWN],
  )

export const forgetRefusals = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named('delivery_refusals_forget', 'delete from refusal where org_id = $1 and contact_id = $2', [
    ctx.orgId,
    contactId,
  ])

/** Forgets what was said before an instant. */
export const pruneRefusals = (ctx: Ctx, before: Date, limit: number): Promise<unknown> =>
  ctx.db.named(
    'delivery_refusals_prune',
    `
    delete from refusal r
    using (
      select run_id, contact_id, channel from refusal
      where org_id = $1 and updated_at < $2 order by updated_at limit $3
    ) old
    where r.org_id = $1 and r.run_id = old.run_id and r.contact_id = old.contact_id and r.channel = old.channel`,
    [ctx.orgId, before, limit],
  )
