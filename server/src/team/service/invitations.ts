/** Invitations: by mail, single-use, renewed or revoked while they are open. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId, type PersonId } from '../../platform/ids.ts'
import type { Role } from '../../platform/permissions.ts'
import { errors } from '../errors.ts'
import { invitationMail } from '../mails.ts'
import {
  acceptInvitation as markAccepted,
  countInvitations,
  findInvitation,
  findInvitationByToken,
  insertInvitation,
  listInvitations,
  markInvitationSent,
  renewInvitation,
  revokeInvitation as markRevoked,
  type Invitation,
  type InvitationId,
} from '../queries/invitations.ts'
import { findRole, insertMembership } from '../queries/memberships.ts'
import { findPersonByEmail, insertPerson, rememberOrganization, type Person } from '../queries/people.ts'
import { activateOrganization } from '../queries/sessions.ts'
import { emailKeyOf } from '../rules/email.ts'
import { hashToken, newTenantToken, organizationOfToken } from '../rules/tokens.ts'
import { actingIn, refuseRole } from './acting.ts'
import { organizationOf } from './organizations.ts'
import { acceptPassword } from './passwords.ts'
import { openSession, type Browser, type OpenedSession } from './sessions.ts'

const VALID_DAYS = 7
const DAY_MS = 86_400_000
/** Open invitations of one organization; it also bounds the mails that one may cause. */
const OPEN_MAX = 200

/**
 * An invitation. Where no mail carried its link out, the link for passing on by hand, shown this once; else null, as what
 * comes out of the mailbox proves whose address it is: an account that somebody else had opened for it would lock its
 * owner out.
 */
export interface SentInvitation {
  invitation: Invitation
  link: string | null
}

export function openInvitations(ctx: Ctx): Promise<Invitation[]> {
  return listInvitations(ctx, OPEN_MAX)
}

/** @throws team.role_above_own, team.role_above_key, team.already_member, team.already_invited, team.invitations_too_many */
export async function invite(
  ctx: Ctx,
  wanted: { email: string; role: Role; locale?: Locale | undefined },
): Promise<SentInvitation> {
  refuseRole(ctx, wanted.role)
  const id = newId<'invitation'>(ctx.now())
  const token = newTenantToken(ctx.orgId)
  await inTransaction(ctx, async (ctx) => {
    const emailKey = emailKeyOf(wanted.email)
    const person = await findPersonByEmail(ctx.db, emailKey)
    if (person && (await findRole(ctx, person.id))) throw errors.already_member()
    if ((await countInvitations(ctx)) >= OPEN_MAX) throw errors.invitations_too_many()
    const isNew = await insertInvitation(ctx, {
      id,
      email: wanted.email,
      emailKey,
      role: wanted.role,
      locale: wanted.locale ?? person?.locale ?? (await organizationOf(ctx)).locale,
      tokenHash: hashToken(token),
      invitedBy: ctx.actor.id,
      expiresAt: expiryOf(ctx),
    })
    if (!isNew) throw errors.already_invited()
    audit(ctx, 'invitation.created', { kind: 'invitation', id }, { email: wanted.email, role: wanted.role })
  })
  return mailInvitation(ctx, id, token)
}

/** Sends an open invitation again under a new link. @throws team.invitation_not_found, team.role_above_own, team.role_above_key */
export async function resendInvitation(ctx: Ctx, id: InvitationId): Promise<SentInvitation> {
  const token = newTenantToken(ctx.orgId)
  await inTransaction(ctx, async (ctx) => {
    const invitation = await findInvitation(ctx, id)
    if (!invitation) throw errors.invitation_not_found({ id })
    refuseRole(ctx, invitation.role)
    if (!(await renewInvitation(ctx, id, hashToken(token), expiryOf(ctx))))
      throw errors.invitation_not_found({ id })
    audit(ctx, 'invitation.sent_again', { kind: 'invitation', id }, { email: invitation.email })
  })
  return mailInvitation(ctx, id, token)
}

/** @throws team.invitation_not_found */
export function revokeInvitation(ctx: Ctx, id: InvitationId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    if (!(await markRevoked(ctx, id))) throw errors.invitation_not_found({ id })
    audit(ctx, 'invitation.revoked', { kind: 'invitation', id })
  })
}

/** What an invitation offers, for its page. @throws team.invitation_over */
export async function readInvitation(
  ctx: Ctx,
  token: string,
): Promise<Invitation & { organization: string; hasAccount: boolean }> {
  const { ctx: inside, invitation } = await invitationOf(ctx, token)
  const { name } = await organizationOf(inside)
  const person = await findPersonByEmail(inside.db, invitation.emailKey)
  return { ...invitation, organization: name, hasAccount: person !== undefined }
}

/** Who accepts: somebody new, with a name and a password, or the person who is signed in in this browser. */
export interface Acceptance {
  name: string | undefined
  password: string | undefined
  signedIn: PersonId | null
}

/**
 * Accepts an invitation. A new person gets a session; one who has an account keeps theirs, so that neither their
 * password nor their second factor can be passed by.
 * @throws team.invitation_over, team.sign_in_first, team.other_account, team.name_missing, team.password_weak
 */
export async function acceptInvitation(
  ctx: Ctx,
  token: string,
  acceptance: Acceptance,
  browser: Browser,
): Promise<OpenedSession | null> {
  const { ctx: inside, invitation } = await invitationOf(ctx, token)
  const person = await findPersonByEmail(inside.db, invitation.emailKey)
  if (person && acceptance.signedIn === null) throw errors.sign_in_first()
  if (acceptance.signedIn !== null && person?.id !== acceptance.signedIn) throw errors.other_account()
  const joined = person ?? (await newPerson(inside, invitation, acceptance))
  await inTransaction(
    actingIn(inside, inside.orgId, { kind: 'member', id: joined.id, role: invitation.role }),
    async (ctx) => {
      if (!(await markAccepted(ctx, invitation.id, joined.id))) throw errors.invitation_over()
      // Asked of the insert itself: two invitations accepted at once make one person.
      if (
        !person &&
        !(await insertPerson(ctx.db, { ...joined, emailKey: invitation.emailKey, now: ctx.now() }))
      )
        throw errors.sign_in_first()
      await insertMembership(ctx, joined.id, invitation.role)
      await rememberOrganization(ctx.db, joined.id, ctx.orgId)
      if (person && browser.tokenHash) await activateOrganization(ctx.db, browser.tokenHash, ctx.orgId)
      audit(ctx, 'member.joined', { kind: 'person', id: joined.id }, { role: invitation.role })
    },
  )
  if (person) return null
  return openSession(ctx, { ...joined, lastOrganizationId: inside.orgId }, browser)
}

async function newPerson(ctx: Ctx, invitation: Invitation, acceptance: Acceptance): Promise<Person> {
  const { name, password } = acceptance
  if (name === undefined || password === undefined)
    throw errors.name_missing(
      {},
      {
        problems: [
          ...(name === undefined ? [{ path: 'name', message: 'Say your name.' }] : []),
          ...(password === undefined ? [{ path: 'password', message: 'Choose a password.' }] : []),
        ],
      },
    )
  return {
    id: newId<'person'>(ctx.now()),
    email: invitation.email,
    name,
    locale: invitation.locale,
    passwordHash: await acceptPassword(password, invitation.email, 'password'),
    disabledAt: null,
    lastOrganizationId: null,
  }
}

async function invitationOf(ctx: Ctx, token: string): Promise<{ ctx: Ctx; invitation: Invitation }> {
  const orgId = organizationOfToken(token)
  if (orgId === null) throw errors.invitation_over()
  const inside = actingIn(ctx, orgId)
  const invitation = await findInvitationByToken(inside, hashToken(token))
  if (!invitation) throw errors.invitation_over()
  return { ctx: inside, invitation }
}

/** The mail goes out after the commit. When no server takes it the invitation stands, unsent: send again, or pass on the link. */
async function mailInvitation(ctx: Ctx, id: InvitationId, token: string): Promise<SentInvitation> {
  const invitation = await findInvitation(ctx, id)
  if (!invitation) throw errors.invitation_not_found({ id })
  const link = `${ctx.platform.config.publicUrl}/invitation#${token}`
  try {
    const { name } = await organizationOf(ctx)
    const mail = invitationMail({
      to: invitation.email,
      locale: invitation.locale,
      organization: name,
      invitedBy: invitation.invitedBy,
      link,
      daysValid: VALID_DAYS,
    })
    await ctx.platform.mail.send({ ...mail, headers: { 'X-Fanfare-Organization': ctx.orgId } })
    await markInvitationSent(ctx, id)
    return {
      invitation: { ...invitation, sentAt: ctx.now() },
      link: ctx.platform.config.mailStaysHere ? link : null,
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    ctx.log.warn({ error, invitation: id }, 'an invitation could not be mailed')
    return { invitation: { ...invitation, sentAt: null }, link }
  }
}

const expiryOf = (ctx: Ctx): Date => new Date(ctx.now().getTime() + VALID_DAYS * DAY_MS)
