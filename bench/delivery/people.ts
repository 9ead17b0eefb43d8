/** Organizations full of people who may be written to, or not. */
import type { Ctx } from '../../server/src/platform/context.ts'
import { inTransaction } from '../../server/src/platform/db/index.ts'
import { asOwner, benchOrganization, type Installation } from '../platform.ts'

/** People that one statement brings in: far within what a statement may take. */
const PART = 1_000_000

/**
 * An organization with so many people, who have an address and a phone: of each channel 92 % agreed, 4 % withdrew, 4 %
 * were never asked; 2 % have a suppressed address. They are no newcomers: what autovacuum and the checkpointer do within
 * minutes of an import is done, and falls to nobody's campaign.
 */
export async function organizationWith({ platform, connection }: Installation, people: number): Promise<Ctx> {
  const ctx = await benchOrganization(platform)
  for (let first = 1; first <= people; first += PART)
    await insertPeople(ctx, first, Math.min(people, first + PART - 1))
  await asOwner(connection, async (owner) => {
    await owner.query('vacuum analyze contact, preference, suppression')
    await owner.query('checkpoint')
  })
  return ctx
}

/** People from one number to another, who come after all that are there. */
function insertPeople(ctx: Ctx, first: number, last: number): Promise<void> {
  return inTransaction(ctx, async (inner) => {
    const [before] = await inner.db.query<{ id: string }>(
      'select coalesce(max(id), 0)::text as id from contact where org_id = $1',
      [ctx.orgId],
    )
    await inner.db.query(
      `insert into contact (org_id, email, email_hash, phone, phone_hash, first_name, city, country, language, source, created_at, updated_at)
       select $1, 'c' || n || '@example.net', decode(md5('c' || n), 'hex'), '+336' || lpad(n::text, 8, '0'), decode(md5('p' || n), 'hex'),
         'Prénom' || n % 1000, 'Lyon', 'FR', 'fr', 'bench', $2, $2 from generate_series($3::int, $4::int) n`,
      [ctx.orgId, ctx.now(), first, last],
    )
    const values = [ctx.orgId, ctx.now(), before?.id]
    await inner.db.query(
      `insert into preference (org_id, contact_id, channel, purpose, state, decided_at, event_id)
       select org_id, id, channel, 'marketing', case when id % 25 = 0 then 'withdrawn' else 'granted' end, $2, 0
       from contact cross join (values ('email'), ('sms')) as c (channel) where org_id = $1 and id > $3 and id % 25 <> 1
       order by id, channel`,
      values,
    )
    await inner.db.query(
      `insert into suppression (org_id, channel, address_hash, reason, source, created_at)
       select org_id, 'email', email_hash, 'hard', 'bench', $2 from contact where org_id = $1 and id > $3 and id % 50 = 7`,
      values,
    )
  })
}
