/** Whom a notice about something of the organization goes to. */
import type { Ctx, Locale } from '../../platform/context.ts'
import type { PersonId } from '../../platform/ids.ts'
import { findMembers, findNotified } from '../queries/memberships.ts'

/** A member, as a notice addresses one. */
export interface Notified {
  personId: PersonId
  name: string
  email: string
  locale: Locale
}

/** The person, while they are a member; otherwise the organization's owners. */
export async function peopleToNotify(ctx: Ctx, personId: string | null): Promise<Notified[]> {
  const members = await findNotified(ctx, personId)
  const own = members.filter((member) => member.personId === personId)
  return own.length > 0 ? own : members.filter((member) => member.personId !== personId)
}

/** Those of some people who are members at present. */
export const membersOf = (ctx: Ctx, personIds: readonly PersonId[]): Promise<Notified[]> =>
  findMembers(ctx, personIds)
