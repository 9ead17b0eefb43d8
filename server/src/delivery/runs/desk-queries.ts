/** SQL of the desk from which a run is watched and helped: what waits for another try, and what nobody tries any more. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import { SENT_AGAIN_FROM, type RunChannel } from './run.ts'

/** People who wait for the same try. */
export interface Retry {
  /** `refused` for now; `unanswered`: the provider's answer was lost; `again`: somebody asked for it. */
  kind: 'refused' | 'unanswered' | 'again'
  channel: RunChannel
  /** Which try it will be, from 1. */
  attempt: number
  people: number
  /** Null while the pass is under way that they will be the next of. */
  nextAt: Date | null
}

const RETRIES_SHOWN = 20

/** What of a run waits for another try, soonest first. */
export const retriesOf = (ctx: Ctx, id: RunId): Promise<Retry[]> =>
  ctx.db.named<Retry>(
    'delivery_retries',
    `
    select case when chunk_no <= ${SENT_AGAIN_FROM} then 'again' when chunk_no < 0 then 'unanswered' else 'refused' end as kind,
      channel,
      pass + case when chunk_no <= ${SENT_AGAIN_FROM} or (chunk_no > 0 and pass > 0) then 1 else 2 end as attempt,
      sum(case when chunk_no < 0 or pass > 0 then waiting_count else deferred_count end)::int as people,
      case when chunk_no < 0 or pass > 0 then due_at end as next_at
    from chunk
    where org_id = $1 and run_id = $2 and state = 'ready' and (chunk_no < 0 or pass > 0 or deferred_count > 0)
    group by 1, 2, 3, 5
    having sum(case when chunk_no < 0 or pass > 0 then waiting_count else deferred_count end) > 0
    order by 5 nulls last, 1, 2, 3 limit $3`,
    [ctx.orgId, id, RETRIES_SHOWN],
  )

/** Is a message among those that somebody has asked to send again, and whose answer is not there yet? */
const WAITS_AGAIN = `exists (
  select 1 from chunk c
  where c.org_id = $1 and c.run_id = m.run_id and c.chunk_no <= ${SENT_AGAIN_FROM} and c.state = 'ready' and c.channel = m.channel
    and (m.contact_id = any(c.contact_ids[c.done_count + 1:]) or m.contact_id = any(c.deferred_ids)))`

/**
 * Nobody tries it any more. One whose provider never answered counts from the end of its run on: until then it is asked
 * about, handed over a second time, and may be reported on.
 */
const GIVEN_UP = `(m.state in ('failed', 'bounced') or m.state = 'unknown' and run.state = 'completed')`

/** The reason by which those without an answer are named: they may have arrived, so that nobody takes them by accident. */
export const MAY_HAVE_ARRIVED = 'outcome_unknown'

/** How a message ended that nobody tries any more; `unknown`: it may have arrived. */
export type GivenUp = 'failed' | 'bounced' | 'unknown'

/** Which of a campaign's messages that did not arrive are meant. */
export interface DeadLetterFilter {
  channel: RunChannel | null
  reason: string | null
}

/** A message that nobody tries any more. */
export interface DeadLetterRow {
  runId: RunId
  contactId: ContactId
  channel: RunChannel
  state: GivenUp
  /** Empty for none. */
  reason: string
  stateAt: Date
  email: string | null
  firstName: string | null
  lastName: string | null
  provider: string | null
  code: string | null
  words: string | null
  attempts: number
  withheldReason: string | null
  isWaitingAgain: boolean
}

/** Where a page goes on. */
export type DeadLetterPlace = Pick<DeadLetterRow, 'runId' | 'contactId' | 'channel'>

/** A page of them over a campaign's runs. */
export const listDeadLetters = (
  ctx: Ctx,
  campaignId: CampaignId,
  { channel, reason, after, limit }: DeadLetterFilter & { after: DeadLetterPlace | null; limit: number },
): Promise<DeadLetterRow[]> =>
  ctx.db.named<DeadLetterRow>(
    'delivery_dead_letters',
    `
    select m.run_id, m.contact_id, m.channel, m.state, m.reason, m.state_at, k.email, k.first_name, k.last_name,
      r.provider, r.code, r.words, coalesce(r.attempts, 0) as attempts, r.withheld_reason, ${WAITS_AGAIN} as is_waiting_again
    from run
    join message m on m.org_id = $1 and m.run_id = run.id and m.month = run.month and ${GIVEN_UP}
    left join contact k on k.org_id = $1 and k.id = m.contact_id
    left join refusal r on r.org_id = $1 and r.run_id = m.run_id and r.contact_id = m.contact_id and r.channel = m.channel
    where run.org_id = $1 and run.campaign_id = $2 and ($3::text is null or m.channel = $3) and ($4::text is null or m.reason = $4)
      and ($5::uuid is null or (m.run_id, m.contact_id, m.channel) > ($5, $6::bigint, $7::text))
    order by m.run_id, m.contact_id, m.channel limit $8`,
    [
      ctx.orgId,
      campaignId,
      channel,
      reason,
      after?.runId ?? null,
      after?.contactId ?? null,
      after?.channel ?? null,
      limit,
    ],
  )

/** Dead letters of a run by channel and reason. */
export interface DeadLetterGroup {
  channel: RunChannel
  state: GivenUp
  reason: string
  people: number
}

/** What a campaign's runs could not bring, most people first. */
export const countDeadLetters = (ctx: Ctx, campaignId: CampaignId): Promise<DeadLetterGroup[]> =>
  ctx.db.named<DeadLetterGroup>(
    'delivery_count_dead_letters',
    `
    select m.channel, m.state, m.reason, count(*)::int as people
    from run
    join message m on m.org_id = $1 and m.run_id = run.id and m.month = run.month and ${GIVEN_UP}
    where run.org_id = $1 and run.campaign_id = $2
    group by 1, 2, 3 order by 4 desc, 1, 2, 3 limit 100`,
    [ctx.orgId, campaignId],
  )

/** The runs of a campaign that something may be sent again of, oldest first: not of those that were cancelled or failed. */
export async function runsToSendAgain(ctx: Ctx, campaignId: CampaignId): Promise<RunId[]> {
  const rows = await ctx.db.named<{ id: RunId }>(
    'delivery_runs_to_send_again',
    `
    select id from run
    where org_id = $1 and campaign_id = $2 and state in ('resolving', 'running', 'paused', 'completed')
      and exists (
        select 1 from message m
        where m.org_id = $1 and m.run_id = run.id and m.month = run.month and ${GIVEN_UP})
    order by run_no limit 1000`,
    [ctx.orgId, campaignId],
  )
  return rows.map(({ id }) => id)
}

/** Messages of one channel and variant. */
export interface LettersToSendAgain {
  channel: RunChannel
  variant: number
  contactIds: ContactId[]
}

/**
 * Dead letters of a run that do not wait already; those that may have arrived only where their reason is named. The caller
 * holds the run, so that two who ask at once take turns.
 */
export const takeDeadLetters = (
  ctx: Ctx,
  runId: RunId,
  {
    channel,
    reason,
    contactIds,
    limit,
  }: DeadLetterFilter & { contactIds: readonly ContactId[] | null; limit: number },
): Promise<LettersToSendAgain[]> =>
  ctx.db.named<LettersToSendAgain>(
    'delivery_take_dead_letters',
    `
    select channel, variant, array_agg(contact_id order by contact_id) as contact_ids
    from (
      select m.channel, m.variant, m.contact_id
      from run
      join message m on m.org_id = $1 and m.run_id = $2 and m.month = run.month and ${GIVEN_UP}
      where run.org_id = $1 and run.id = $2 and ($3::text is null or m.channel = $3) and ($4::text is null or m.reason = $4)
        and (m.state <> 'unknown' or $4 = '${MAY_HAVE_ARRIVED}')
        and ($5::bigint[] is null or m.contact_id = any($5)) and not ${WAITS_AGAIN}
      order by m.contact_id, m.channel limit $6
    ) letter
    group by channel, variant order by channel, variant`,
    [ctx.orgId, runId, channel, reason, contactIds, limit],
  )

/** The number of the next chunk of messages that are sent again. */
export async function nextAgainNo(ctx: Ctx, runId: RunId): Promise<number> {
  const [row] = await ctx.db.named<{ lowest: number | null }>(
    'delivery_lowest_chunk',
    'select min(chunk_no) as lowest from chunk where org_id = $1 and run_id = $2',
    [ctx.orgId, runId],
  )
  return Math.min(row?.lowest ?? 0, SENT_AGAIN_FROM + 1) - 1
}
