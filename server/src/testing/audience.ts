/** Contacts for tests of sending, made in one statement however many: as an import with consent would leave them. */
import { connectionOf } from '../platform/db/transaction.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import type { ContactId } from '../platform/ids.ts'

export interface TestAudience {
  /** Addresses, one contact each. */
  emails: readonly string[]
  /** Their word about marketing mail; null for people who were never asked. */
  consent?: 'granted' | 'withdrawn' | 'denied' | 'pending' | null
  firstName?: string
}

/** Makes contacts with their keyed address hash and their consent. @returns their ids, in the order of the addresses */
export async function testContacts(
  ctx: Ctx,
  { emails, consent = 'granted', firstName = 'Ada' }: TestAudience,
): Promise<ContactId[]> {
  const keys = await ctx.platform.secrets.of(ctx)
  return inTransaction(ctx, async (ctx) => {
    const rows = await ctx.db.query<{ id: ContactId }>(
      `
      insert into contact (org_id, email, email_hash, first_name, country, language, source, created_at, updated_at)
      select $1, c.email, c.hash, $2, 'FR', 'fr', 'test', $3, $3
      from unnest($4::text[], $5::bytea[]) with ordinality as c (email, hash, position) order by position
      returning id`,
      [ctx.orgId, firstName, ctx.now(), emails, emails.map((email) => keys.addressHash('email', email))],
    )
    const ids = rows.map(({ id }) => id)
    if (consent !== null)
      await connectionOf(ctx).query(
        `
        insert into preference (org_id, contact_id, channel, purpose, state, decided_at, event_id)
        select $1, c.id, 'email', 'marketing', $2, $3, 0 from unnest($4::bigint[]) as c (id)`,
        [ctx.orgId, consent, ctx.now(), ids],
      )
    return ids
  })
}
