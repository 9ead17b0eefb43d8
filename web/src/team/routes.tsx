/** The pages of the room team, and what it offers in the palette. */
import { createRoute, redirect } from '@tanstack/react-router'
import { Building2, KeyRound, ScrollText, UserRoundPlus, UserRoundCog, UsersRound } from 'lucide-react'
import type { Command } from '../platform/commands.ts'
import { pages, rootRoute, shellRoute } from '../platform/routing.tsx'
import { installationQuery, sessionQuery } from '../platform/session.ts'
import { ownPath } from './own-path.ts'

const page = pages('team')

/** Filters of the audit log; they live in the address. */
export interface AuditSearch {
  action?: string
  actor?: string
  from?: string
  until?: string
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const organization = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: page(() => import('./settings/OrganizationPage.tsx'), 'OrganizationPage'),
})

const members = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/members',
  validateSearch: (search): { invite?: true } => (search['invite'] === true ? { invite: true } : {}),
  component: page(() => import('./settings/MembersPage.tsx'), 'MembersPage'),
})

const apiKeys = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/api-keys',
  component: page(() => import('./settings/ApiKeysPage.tsx'), 'ApiKeysPage'),
})

const audit = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/audit',
  validateSearch: (search): AuditSearch => {
    const { action, actor, from, until } = search
    return {
      ...(text(action) === undefined ? {} : { action: String(action) }),
      ...(text(actor) === undefined ? {} : { actor: String(actor) }),
      ...(text(from) === undefined ? {} : { from: String(from) }),
      ...(text(until) === undefined ? {} : { until: String(until) }),
    }
  },
  component: page(() => import('./settings/AuditPage.tsx'), 'AuditPage'),
})

const account = createRoute({
  getParentRoute: () => shellRoute,
  path: '/account',
  component: page(() => import('./account/AccountPage.tsx'), 'AccountPage'),
})

const organizations = createRoute({
  getParentRoute: () => shellRoute,
  path: '/organizations',
  component: page(() => import('./account/OrganizationsPage.tsx'), 'OrganizationsPage'),
})

const login = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search): { from?: string } =>
    text(search['from']) === undefined ? {} : { from: String(search['from']) },
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery)
    if (session !== null) throw redirect({ href: ownPath(search.from), replace: true })
  },
  component: page(() => import('./public/SignIn.tsx'), 'SignIn'),
})

const setup = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  beforeLoad: async ({ context }) => {
    const { needsSetup } = await context.queryClient.ensureQueryData(installationQuery)
    if (!needsSetup) throw redirect({ href: '/login', replace: true })
  },
  component: page(() => import('./public/Setup.tsx'), 'Setup'),
})

const forgotPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  component: page(() => import('./public/ForgotPassword.tsx'), 'ForgotPassword'),
})

const resetPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  component: page(() => import('./public/ResetPassword.tsx'), 'ResetPassword'),
})

const invitation = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  component: page(() => import('./public/AcceptInvitation.tsx'), 'AcceptInvitation'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [organization, members, apiKeys, audit, account, organizations] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = [
  {
    id: 'team.organization',
    kind: 'place',
    text: 'team.commands.organization',
    icon: Building2,
    href: '/settings',
  },
  {
    id: 'team.members',
    kind: 'place',
    text: 'team.commands.members',
    icon: UsersRound,
    href: '/settings/members',
  },
  {
    id: 'team.invite',
    kind: 'action',
    text: 'team.commands.invite',
    icon: UserRoundPlus,
    href: '/settings/members?invite=true',
    permission: 'members.write',
  },
  {
    id: 'team.keys',
    kind: 'place',
    text: 'team.commands.keys',
    icon: KeyRound,
    href: '/settings/api-keys',
    permission: 'api_keys.read',
  },
  {
    id: 'team.audit',
    kind: 'place',
    text: 'team.commands.audit',
    icon: ScrollText,
    href: '/settings/audit',
    permission: 'audit.read',
  },
  { id: 'team.account', kind: 'place', text: 'team.commands.account', icon: UserRoundCog, href: '/account' },
]

/** Pages without the shell: sign-in, set-up, invitations, password reset. */
export const publicRoutes = [login, setup, forgotPassword, resetPassword, invitation] as const
