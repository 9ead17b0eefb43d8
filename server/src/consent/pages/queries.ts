/** Statements for the public pages. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'

/** What a page says of a person and an organization. All null when they are gone: the page works all the same. */
export interface PageFacts {
  organization: string | null
  organizationLocale: string | null
  email: string | null
  phone: string | null
  language: string | null
}

/** One row, whatever is left of the two. */
export async function selectPageFacts(ctx: Ctx, contactId: ContactId): Promise<PageFacts> {
  const [facts] = await ctx.db.named<PageFacts>(
    'consent_page_facts',
    `
    select o.name as organization, o.locale as organization_locale, c.email, c.phone, c.language
    from (select $1::uuid as org_id) asked
    left join organization o on o.id = asked.org_id
    left join contact c on c.org_id = asked.org_id and c.id = $2`,
    [ctx.orgId, contactId],
  )
  return facts ?? { organization: null, organizationLocale: null, email: null, phone: null, language: null }
}
