/** What the team room answers: sessions, people, organizations, members, invitations, API keys, the audit log. */
import { z } from 'zod'
import { PERMISSIONS, ROLES, type Permission } from '../platform/permissions.ts'
import { defineRoutes, instant, pageOf, pageQuery, wireId } from '../platform/wire.ts'
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from './rules/password-strength.ts'

const NAME_MAX = 120
const EMAIL_MAX = 254
const ADDRESS_MAX = 500
/** Longest life that a key may be given. */
const KEY_DAYS_MAX = 3_650

const locale = z.enum(['en', 'fr'])
const role = z.enum(ROLES)
const name = z.string().trim().min(1, 'Say a name.').max(NAME_MAX)
const email = z.string().trim().max(EMAIL_MAX).pipe(z.email('This is not an e-mail address.'))
const password = z
  .string()
  .min(PASSWORD_LENGTH_MIN, `At least ${PASSWORD_LENGTH_MIN} characters.`)
  .max(PASSWORD_LENGTH_MAX)
/** A password as typed to prove oneself: whatever it is, it may only be wrong. */
const typedPassword = z.string().min(1, 'Enter your password.').max(PASSWORD_LENGTH_MAX)
const code = z.string().trim().min(6).max(40)

const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
const currencies = new Set(Intl.supportedValuesOf('currency'))

const settings = z.object({
  name,
  locale,
  timeZone: z.string().max(64).refine(isTimeZone, 'This is not a time zone, such as Europe/Paris.'),
  currency: z
    .string()
    .toUpperCase()
    .refine((text) => currencies.has(text), 'This is not a currency, such as EUR.'),
  postalAddress: z
    .string()
    .trim()
    .max(ADDRESS_MAX)
    .nullable()
    .default(null)
    .transform((text) => (text === '' ? null : text)),
})

const organization = z.object({
  id: wireId('organization'),
  name: z.string(),
  locale,
  timeZone: z.string(),
  currency: z.string(),
  postalAddress: z.string().nullable(),
  isSample: z.boolean(),
  createdAt: instant,
})

const installation = z.object({
  needsSetup: z.boolean(),
  /** No mail server is configured: what is sent stays in the built-in mailbox. */
  mailStaysHere: z.boolean(),
})

const session = z.object({
  person: z.object({ id: wireId('person'), name: z.string(), email: z.string(), locale }),
  organization: organization.nullable(),
  role: role.nullable(),
  permissions: z.array(z.string()),
  organizations: z.array(z.object({ id: wireId('organization'), name: z.string(), role })),
  secondFactor: z.boolean(),
  installation,
})

const signedIn = z.object({
  status: z.enum(['signed_in', 'second_factor']),
  /** With `second_factor`: proves that the password was right, for five minutes. */
  challenge: z.string().nullable(),
})

const sessionItem = z.object({
  id: wireId('session'),
  userAgent: z.string(),
  addressPrefix: z.string().nullable(),
  createdAt: instant,
  seenAt: instant,
  isCurrent: z.boolean(),
})

const member = z.object({
  personId: wireId('person'),
  name: z.string(),
  email: z.string(),
  role,
  hasSecondFactor: z.boolean(),
  joinedAt: instant,
})

const invitation = z.object({
  id: wireId('invitation'),
  email: z.string(),
  role,
  invitedBy: z.string().nullable(),
  createdAt: instant,
  /** Null when the mail could not be handed over: send it again, or pass the link on. */
  sentAt: instant.nullable(),
  expiresAt: instant,
})

const apiKey = z.object({
  id: wireId('api_key'),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  createdBy: z.string().nullable(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
})

const scope = z.union([
  z.literal('*'),
  z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]]), // keys of an object are typed as strings
])

const auditEntry = z.object({
  seq: z.number().int(),
  at: instant,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() }),
  action: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  change: z.record(z.string(), z.unknown()).nullable(),
  addressPrefix: z.string().nullable(),
  requestId: z.string(),
})

/** The routes of the room. */
export const routes = defineRoutes({
  'GET /api/setup': {
    summary: 'Whether this installation still has to be set up, and where its mail goes',
    ok: installation,
    permission: 'public',
  },
  'POST /api/setup': {
    summary: 'Set up a new installation: its first organization and owner. Only while there is none',
    body: z.object({ organization: settings, owner: z.object({ name, email, password }) }),
    ok: signedIn,
    status: 201,
    permission: 'public',
  },

  'POST /api/auth/sign-in': {
    summary: 'Sign in with e-mail address and password; sets the session cookie',
    body: z.object({ email, password: typedPassword }),
    ok: signedIn,
    permission: 'public',
  },
  'POST /api/auth/second-factor': {
    summary: 'Finish signing in with a code of the authenticator app, or a recovery code',
    body: z.object({ challenge: z.string().max(100), code }),
    ok: signedIn,
    permission: 'public',
  },
  'POST /api/auth/sign-out': { summary: 'End the session of this browser', permission: 'public' },
  'POST /api/auth/forgot-password': {
    summary: 'Ask for a mail with a link to choose a new password. Answers the same for unknown addresses',
    body: z.object({ email }),
    status: 202,
    ok: z.object({}),
    permission: 'public',
  },
  'POST /api/auth/reset-password': {
    summary: 'Choose a new password with the link that was mailed; ends all sessions',
    body: z.object({ token: z.string().max(100), password }),
    permission: 'public',
  },

  'GET /api/session': {
    summary: 'Who is signed in, for which organization, and what they may do',
    ok: session,
    permission: 'person',
  },
  'POST /api/session/organization': {
    summary: 'Work in another organization',
    body: z.object({ organizationId: wireId('organization') }),
    permission: 'person',
  },
  'PATCH /api/account': {
    summary: 'Change one’s own name and language',
    body: z.object({ name, locale }),
    permission: 'person',
  },
  'POST /api/account/password': {
    summary: 'Change one’s own password; ends all other sessions',
    body: z.object({ currentPassword: typedPassword, newPassword: password }),
    permission: 'person',
  },
  'GET /api/account/sessions': {
    summary: 'Browsers in which one is signed in',
    ok: z.object({ items: z.array(sessionItem) }),
    permission: 'person',
  },
  'DELETE /api/account/sessions/:id': {
    summary: 'End one of one’s own sessions',
    params: z.object({ id: wireId('session') }),
    permission: 'person',
  },
  'POST /api/account/sessions/end-others': {
    summary: 'End all of one’s own sessions but this one',
    permission: 'person',
  },
  'GET /api/account/second-factor': {
    summary: 'Whether one’s own second factor is on, and how many recovery codes are left',
    ok: z.object({ enabledAt: instant.nullable(), recoveryCodesLeft: z.number().int() }),
    permission: 'person',
  },
  'POST /api/account/second-factor': {
    summary: 'Begin to set up a second factor: a secret for an authenticator app, shown once',
    body: z.object({ password: typedPassword }),
    ok: z.object({ secret: z.string(), uri: z.string() }),
    status: 201,
    permission: 'person',
    answerIsSecret: true,
  },
  'POST /api/account/second-factor/confirm': {
    summary: 'Turn the second factor on with a first code; gives recovery codes, shown once',
    body: z.object({ code }),
    ok: z.object({ recoveryCodes: z.array(z.string()) }),
    permission: 'person',
    answerIsSecret: true,
  },
  'POST /api/account/second-factor/recovery-codes': {
    summary: 'Replace one’s own recovery codes; shown once',
    body: z.object({ password: typedPassword }),
    ok: z.object({ recoveryCodes: z.array(z.string()) }),
    permission: 'person',
    answerIsSecret: true,
  },
  'POST /api/account/second-factor/turn-off': {
    summary: 'Turn one’s own second factor off',
    body: z.object({ password: typedPassword }),
    permission: 'person',
  },
  'POST /api/account/leave': {
    summary: 'Leave an organization',
    body: z.object({ organizationId: wireId('organization') }),
    permission: 'person',
  },

  'POST /api/organizations': {
    summary: 'Create another organization, owned by oneself, and work in it',
    body: settings,
    ok: organization,
    status: 201,
    permission: 'person',
  },
  'GET /api/organization': {
    summary: 'The organization one works in',
    ok: organization,
    permission: 'organization.read',
  },
  'PATCH /api/organization': {
    summary: 'Change the organization’s name, language, time zone, currency and postal address',
    body: settings,
    ok: organization,
    permission: 'organization.write',
  },

  'GET /api/members': {
    summary: 'Members of the organization',
    ok: z.object({ items: z.array(member) }),
    permission: 'members.read',
  },
  'PATCH /api/members/:personId': {
    summary: 'Give a member another role',
    params: z.object({ personId: wireId('person') }),
    body: z.object({ role }),
    ok: member,
    permission: 'members.write',
  },
  'DELETE /api/members/:personId': {
    summary: 'Remove a member; their sessions here end at once',
    params: z.object({ personId: wireId('person') }),
    permission: 'members.write',
  },

  'GET /api/invitations': {
    summary: 'Open invitations',
    ok: z.object({ items: z.array(invitation) }),
    permission: 'members.read',
  },
  'POST /api/invitations': {
    summary: 'Invite somebody by mail',
    body: z.object({ email, role, locale: locale.optional() }),
    /** `link` is shown once, for passing on by hand where no mail has left; null where one has. */
    ok: z.object({ invitation, link: z.string().nullable() }),
    status: 201,
    permission: 'members.write',
    answerIsSecret: true,
  },
  'POST /api/invitations/:id/resend': {
    summary: 'Send an invitation again with a new link; the old one stops working',
    params: z.object({ id: wireId('invitation') }),
    ok: z.object({ invitation, link: z.string().nullable() }),
    permission: 'members.write',
    answerIsSecret: true,
  },
  'DELETE /api/invitations/:id': {
    summary: 'Revoke an invitation',
    params: z.object({ id: wireId('invitation') }),
    permission: 'members.write',
  },
  'GET /api/invitations/accept/:token': {
    summary: 'What an invitation offers, to whom',
    params: z.object({ token: z.string().max(100) }),
    ok: z.object({
      organization: z.string(),
      email: z.string(),
      role,
      invitedBy: z.string().nullable(),
      locale,
      expiresAt: instant,
      /** The invited person has an account and accepts after signing in. */
      hasAccount: z.boolean(),
    }),
    permission: 'public',
  },
  'POST /api/invitations/accept/:token': {
    summary: 'Accept an invitation: as a new person with name and password, or signed in',
    params: z.object({ token: z.string().max(100) }),
    body: z.object({ name: name.optional(), password: password.optional() }),
    ok: signedIn,
    permission: 'public',
  },

  'GET /api/api-keys': {
    summary: 'API keys, newest first; the keys themselves are never shown again',
    ok: z.object({ items: z.array(apiKey) }),
    permission: 'api_keys.read',
  },
  'POST /api/api-keys': {
    summary: 'Make an API key; it is shown this once',
    body: z.object({
      name,
      scopes: z.array(scope).min(1, 'Choose what the key may do.').max(Object.keys(PERMISSIONS).length),
      expiresInDays: z.number().int().min(1).max(KEY_DAYS_MAX).nullable().default(null),
    }),
    ok: z.object({ apiKey, key: z.string() }),
    status: 201,
    permission: 'api_keys.write',
    answerIsSecret: true,
  },
  'DELETE /api/api-keys/:id': {
    summary: 'Revoke an API key; it stops working at once',
    params: z.object({ id: wireId('api_key') }),
    permission: 'api_keys.write',
  },

  'GET /api/audit': {
    summary: 'The audit log, newest first: who changed what, and when',
    query: z.object({
      ...pageQuery,
      /** A person’s or key’s id, or `system`. */
      actor: z.string().max(60).optional(),
      /** An action such as `campaign.launched`, or its beginning such as `campaign.`. */
      action: z.string().max(80).optional(),
      subjectKind: z.string().max(40).optional(),
      subjectId: z.string().max(60).optional(),
      from: instant.optional(),
      until: instant.optional(),
    }),
    ok: pageOf(auditEntry),
    permission: 'audit.read',
  },
  'GET /api/audit/verification': {
    summary: 'Whether the audit log is whole: every entry checked against its chain',
    ok: z.object({
      entries: z.number().int(),
      intact: z.boolean(),
      brokenAt: z.number().int().nullable(),
      problem: z.string().nullable(),
    }),
    permission: 'audit.read',
  },
})
