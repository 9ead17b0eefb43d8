/** SQL over invitations. Only open ones are shown; used and revoked ones stay as a record. */
import type { Ctx, Locale } from '../../platform/context.ts'
import type { Id, PersonId } from '../../platform/ids.ts'
import type { Role } from '../../platform/permissions.ts'

export type InvitationId = Id<'invitation'>

export interface Invitation {
  id: InvitationId
  email: string
  emailKey: string
  role: Role
  locale: Locale
  /** Name of the member who invited; null when they have gone. */
  invitedBy: string | null
  createdAt: Date
  sentAt: Date | null
  expiresAt: Date
}

export interface NewInvitation {
  id: InvitationId
  email: string
  emailKey: string
  role: Role
  locale: Locale
  tokenHash: Buffer
  invitedBy: string
  expiresAt: Date
}

const INVITATION = `
  select i.id, i.email, i.email_key, i.role, i.locale, p.name as invited_by, i.created_at, i.sent_at, i.expires_at
  from invitation i left join person p on p.id = i.invited_by`
const OPEN = 'i.accepted_at is null and i.revoked_at is null'

/** Open invitations, expired ones among them: they can be sent again. */
export function listInvitations(ctx: Ctx, limit: number): Promise<Invitation[]> {
  return ctx.db.named(
    'team_invitation_list',
    `${INVITATION} where i.org_id = $1 and ${OPEN} order by i.created_at desc, i.id limit $2`,
    [ctx.orgId, limit],
  )
}

export async function findInvitation(ctx: Ctx, id: InvitationId): Promise<Invitation | undefined> {
  const [row] = await ctx.db.named<Invitation>(
    'team_invitation_find',
    `${INVITATION} where i.org_id = $1 and i.id = $2 and ${OPEN}`,
    [ctx.orgId, id],
  )
  return row
}

/** The open, unexpired invitation that a token belongs to. */
export async function findInvitationByToken(ctx: Ctx, tokenHash: Buffer): Promise<Invitation | undefined> {
  const [row] = await ctx.db.named<Invitation>(
    'team_invitation_find_token',
    `${INVITATION} where i.org_id = $1 and i.token_hash = $2 and i.expires_at > $3 and ${OPEN}`,
    [ctx.orgId, tokenHash, ctx.now()],
  )
  return row
}

export async function countInvitations(ctx: Ctx): Promise<number> {
  const [row] = await ctx.db.named<{ count: number }>(
    'team_invitation_count',
    `select count(*)::int as count from invitation i where i.org_id = $1 and ${OPEN}`,
    [ctx.orgId],
  )
  return row?.count ?? 0
}

/** @returns false when the address has an open invitation already */
export async function insertInvitation(ctx: Ctx, invitation: NewInvitation): Promise<boolean> {
  const rows = await ctx.db.named(
    'team_invitation_insert',
    `
    insert into invitation (org_id, id, email, email_key, role, locale, token_hash, invited_by, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (org_id, email_key) where accepted_at is null and revoked_at is null do nothing
    returning id`,
    [
      ctx.orgId,
      invitation.id,
      invitation.email,
      invitation.emailKey,
      invitation.role,
      invitation.locale,
      invitation.tokenHash,
      invitation.invitedBy,
      ctx.now(),
      invitation.expiresAt,
    ],
  )
  return rows.length > 0
}

/** Gives an open invitation a new token and life. @returns false when it is no longer open */
export async function renewInvitation(
  ctx: Ctx,
  id: InvitationId,
  tokenHash: Buffer,
  expiresAt: Date,
): Promise<boolean> {
  const rows = await ctx.db.named(
    'team_invitation_renew',
    `
    update invitation i set token_hash = $3, expires_at = $4, sent_at = null
    where i.org_id = $1 and i.id = $2 and ${OPEN} returning i.id`,
    [ctx.orgId, id, tokenHash, expiresAt],
  )
  return rows.length > 0
}

export async function markInvitationSent(ctx: Ctx, id: InvitationId): Promise<void> {
  await ctx.db.named(
    'team_invitation_sent',
    'update invitation set sent_at = $3 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now()],
  )
}

/** @returns false when it is no longer open */
export async function acceptInvitation(ctx: Ctx, id: InvitationId, personId: PersonId): Promise<boolean> {
  const rows = await ctx.db.named(
    'team_invitation_accept',
    `
    update invitation i set accepted_at = $3, accepted_by = $4
    where i.org_id = $1 and i.id = $2 and ${OPEN} returning i.id`,
    [ctx.orgId, id, ctx.now(), personId],
  )
  return rows.length > 0
}

/** @returns false when it is no longer open */
export async function revokeInvitation(ctx: Ctx, id: InvitationId): Promise<boolean> {
  const rows = await ctx.db.named(
    'team_invitation_revoke',
    `
    update invitation i set revoked_at = $3, revoked_by = $4
    where i.org_id = $1 and i.id = $2 and ${OPEN} returning i.id`,
    [ctx.orgId, id, ctx.now(), `${ctx.actor.kind}:${ctx.actor.id}`],
  )
  return rows.length > 0
}
