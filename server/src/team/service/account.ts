/** What people say about themselves. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { errors } from '../errors.ts'
import { findPerson, updatePerson } from '../queries/people.ts'
import { changesBetween } from '../rules/changes.ts'
import { personOf } from './acting.ts'

/** Changes the caller's own name and language. */
export function changeProfile(ctx: Ctx, profile: { name: string; locale: Locale }): Promise<void> {
  const personId = personOf(ctx)
  return inTransaction(ctx, async (ctx) => {
    const person = await findPerson(ctx.db, personId)
    if (!person) throw errors.session_not_found()
    const changes = changesBetween({ ...person }, profile)
    if (changes === null) return
    await updatePerson(ctx.db, personId, profile, ctx.now())
    audit(ctx, 'account.changed', { kind: 'person', id: personId }, changes)
  })
}
