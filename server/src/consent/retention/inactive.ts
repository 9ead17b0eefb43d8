/**
 * People who have not been heard of for long. What they did counts (a click, a reply, a visit, a purchase, a word about consent,
 * a form), what we or their mailbox did does not (a mail sent, an open, a change of their profile).
 * Source: CNIL référentiel gestion commerciale, by way of the compliance report §3.3
 */
import type { Ctx } from '../../platform/context.ts'
import { isPassing } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { PREVIEW_MAX, type RetentionPart } from '../../platform/retention.ts'
import { forgetPeople } from '../rights/erase-person.ts'

/** People of one transaction: each is forgotten in every room. */
const BATCH_PEOPLE = 200

const INACTIVE = `
  c.created_at < $2
  and not exists (
    select from event e
    where e.org_id = $1 and e.contact_id = c.id and e.at >= $2
      and (e.type like 'track:%' or e.type in ('page', 'screen', 'identify', 'group', 'message.clicked',
        'message.replied', 'message.unsubscribed', 'pages.form_submitted', 'pages.subscription_confirmed')))
  and not exists (
    select from consent_event w
    where w.org_id = $1 and w.contact_id = c.id and w.occurred_at >= $2 and w.source_kind <> 'merge')`

/** Contacts without a sign of life. They may come back: no address is barred. */
export const inactiveContacts: RetentionPart = {
  subject: 'inactive_contacts',
  keepDaysMin: 90,
  count: async (ctx, before) => {
    const [row] = await ctx.db.named<{ n: number }>(
      'consent_retention_inactive_count',
      `
      select count(*)::int as n from (select 1 from contact c where c.org_id = $1 and ${INACTIVE} limit ${PREVIEW_MAX}) x`,
      [ctx.orgId, before],
    )
    return row?.n ?? 0
  },
  remove: async (ctx, before) => {
    for (let after: string = '0'; ;) {
      const ids = await selectInactive(ctx, before, after)
      const last = ids.at(-1)
      if (last === undefined) return 0
      const forgotten = await forgetThose(ctx, ids)
      if (forgotten > 0) return forgotten
      after = last
    }
  },
}

/**
 * Forgets people in one transaction; where it fails, each half in one of its own, and so on, until the person whom it
 * fails for stands alone: the others are not held up. Tried again with the next batch, and every night.
 */
async function forgetThose(ctx: Ctx, ids: readonly ContactId[]): Promise<number> {
  try {
    return await forgetPeople(ctx, ids)
  } catch (error) {
    if (isPassing(error)) throw error
    const half = Math.ceil(ids.length / 2)
    if (half === ids.length) {
      ctx.log.error({ error, contactId: ids[0] }, 'a person whose time is over could not be forgotten')
      return 0
    }
    return (await forgetThose(ctx, ids.slice(0, half))) + (await forgetThose(ctx, ids.slice(half)))
  }
}

async function selectInactive(ctx: Ctx, before: Date, after: string): Promise<ContactId[]> {
  const rows = await ctx.db.rows(
    'consent_retention_inactive',
    `select c.id from contact c where c.org_id = $1 and c.id > $4 and ${INACTIVE} order by c.id limit $3`,
    [ctx.orgId, before, BATCH_PEOPLE, after],
  )
  return rows.map(([id]) => id as ContactId) // the select list has one column
}
