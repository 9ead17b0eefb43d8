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
async function peopleToNotify(ctx: Ctx, personId: string | null): Promise<Notified[]> {
  const members = await findNotified(ctx, personId)
  const own = members.filter((member) => member.personId === personId)
  return own.length > 0 ? own : members.filter((member) => member.personId !== personId)
}

/**
 * Mails a notice to the person, while they are a member, otherwise to the organization's owners, each in their language.
 * @throws what the mail server says; those before have their mail
 */
export async function notify(
  ctx: Ctx,
  personId: string | null,
  say: (locale: Locale) => { subject: string; text: string },
): Promise<void> {
  for (const { email, locale } of await peopleToNotify(ctx, personId))
    await ctx.platform.mail.send({
      to: email,
      ...say(locale),
      headers: { 'X-Fanfare-Organization': ctx.orgId },
    })
}

/** Those of some people who are members at present. */
export const membersOf = (ctx: Ctx, personIds: readonly PersonId[]): Promise<Notified[]> =>
  findMembers(ctx, personIds)
