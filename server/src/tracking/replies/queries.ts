/** Statements over what replies answer. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Answered } from './record-replies.ts'

/** Whose latest message is asked for, and when it may have left. */
export interface AnswerQuestion {
  channel: string
  contactIds: readonly ContactId[]
  since: Date
  until: Date
}

/**
 * The latest message of each question; questions without one are left out. The ledger keeps the number that it wrote to,
 * also of profiles that were merged since. The rows of a person are found by the index over contacts, and they are few.
 */
export function selectAnswered(
  ctx: Ctx,
  questions: readonly AnswerQuestion[],
): Promise<(Answered & { place: number })[]> {
  const people = questions.flatMap(({ contactIds, ...question }, place) =>
    contactIds.map((contactId) => ({ ...question, contactId, place })),
  )
  return ctx.db.named(
    'tracking_answered',
    `
    with recursive q as (
      select u.place, u.contact_id, u.channel, u.since, u.until
      from unnest($2::int[], $3::bigint[], $4::text[], $5::timestamptz[], $6::timestamptz[])
        as u (place, contact_id, channel, since, until)
    ), known (contact_id, id) as (
      select contact_id, contact_id from q
      union
      select k.contact_id, a.merged_id from known k join contact_alias a on a.org_id = $1 and a.kept_id = k.id
    )
    select distinct on (q.place) q.place, q.contact_id, m.campaign_id, m.run_id, m.channel, m.variant::int as variant
    from q
    join known k on k.contact_id = q.contact_id
    join message m on m.org_id = $1 and m.contact_id = k.id and m.channel = q.channel
      and m.state in ('sent', 'delivered', 'unknown') and m.handed_over_at >= q.since and m.handed_over_at <= q.until
    order by q.place, m.handed_over_at desc, m.run_id desc, q.contact_id`,
    [
      ctx.orgId,
      people.map(({ place }) => place),
      people.map(({ contactId }) => contactId),
      people.map(({ channel }) => channel),
      people.map(({ since }) => since),
      people.map(({ until }) => until),
    ],
  )
}
