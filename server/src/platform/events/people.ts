/**
 * Whom events are about. What a row says happened never changes; which person it belongs to may, when two numbers turn
 * out to be one person, and what it says of a person goes when the person is erased.
 */
import type { Ctx } from '../context.ts'
import type { ContactId } from '../ids.ts'

/**
 * Gives events of one number to another.
 * @param limit  events of one step
 * @returns how many were moved; fewer than `limit` when none is left
 */
export async function moveEvents(
  ctx: Ctx,
  fromId: ContactId,
  toId: ContactId,
  limit: number,
): Promise<number> {
  const [moved] = await ctx.db.named<{ n: number }>(
    'platform_events_move',
    `
    with moved as (
      update event e set contact_id = $3
      from (select seq, recorded_at from event where org_id = $1 and contact_id = $2 order by at desc, seq desc limit $4) w
      where e.org_id = $1 and e.seq = w.seq and e.recorded_at = w.recorded_at
      returning 1
    )
    select count(*)::int as n from moved`,
    [ctx.orgId, fromId, toId, limit],
  )
  return moved?.n ?? 0
}

/** An event of a person, as erasing reads it. */
export interface PersonalEvent {
  seq: string
  recordedAt: Date
  type: string
  payload: unknown
}

/**
 * Rewrites the payloads of a person's events, a step at a time in the order of their positions: `rewrite` gives what
 * may stay, or the very same object when nothing has to go.
 * @param prefixes  how the types begin that are read
 */
export async function forgetInEvents(
  ctx: Ctx,
  contactId: ContactId,
  prefixes: readonly string[],
  rewrite: (event: PersonalEvent) => unknown,
): Promise<void> {
  for (let after = '0'; ;) {
    const events = await ctx.db.named<PersonalEvent>(
      'platform_events_of_person',
      `
      select seq, recorded_at, type, payload from event
      where org_id = $1 and contact_id = $2 and seq > $3
        and exists (select from unnest($4::text[]) as p (prefix) where starts_with(type, p.prefix))
      order by seq limit ${FORGET_STEP}`,
      [ctx.orgId, contactId, after, prefixes],
    )
    const last = events.at(-1)
    if (!last) return
    const changed = events.flatMap((event) => {
      const payload = rewrite(event)
      return payload === event.payload ? [] : [{ ...event, payload }]
    })
    await rewritePayloads(
      ctx,
      changed.map((event) => ({ ...event, payload: JSON.stringify(event.payload) })),
    )
    after = last.seq
  }
}
const FORGET_STEP = 1_000

/** Writes payloads anew. @param events  each payload is JSON */
export async function rewritePayloads(
  ctx: Ctx,
  events: readonly { seq: string; recordedAt: Date; payload: string }[],
): Promise<void> {
  if (events.length === 0) return
  await ctx.db.named(
    'platform_events_rewrite',
    `
    update event e set payload = w.payload
    from unnest($2::bigint[], $3::timestamptz[], $4::jsonb[]) as w (seq, recorded_at, payload)
    where e.org_id = $1 and e.seq = w.seq and e.recorded_at = w.recorded_at`,
    [
      ctx.orgId,
      events.map((event) => event.seq),
      events.map((event) => event.recordedAt),
      events.map((event) => event.payload),
    ],
  )
}
