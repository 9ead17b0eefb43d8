/** The endpoints of the room team, one hook each. */
import type { routes } from '@fanfare/server/team/schema'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../platform/api/client.ts'
import type { Answer, BodyOf, QueryOf } from '../platform/api/client.ts'
import { pageAfter, pages } from '../platform/api/pages.ts'
import { sessionKey } from '../platform/query.ts'

const call = client<typeof routes>()

export type Organization = Answer<typeof routes, 'GET /api/organization'>
export type OrganizationSettings = BodyOf<typeof routes, 'PATCH /api/organization'>
export type Member = Answer<typeof routes, 'GET /api/members'>['items'][number]
export type Role = Member['role']
export type Invitation = Answer<typeof routes, 'GET /api/invitations'>['items'][number]
export type ApiKey = Answer<typeof routes, 'GET /api/api-keys'>['items'][number]
export type NewApiKey = BodyOf<typeof routes, 'POST /api/api-keys'>
export type AuditEntry = Answer<typeof routes, 'GET /api/audit'>['items'][number]
export type AuditFilter = Omit<QueryOf<typeof routes, 'GET /api/audit'>, 'limit' | 'cursor'>
export type SessionItem = Answer<typeof routes, 'GET /api/account/sessions'>['items'][number]
export type Setup = BodyOf<typeof routes, 'POST /api/setup'>

const AUDIT_ROWS = 50

export const useSetUp = () => useMutation({ mutationFn: (body: Setup) => call('POST /api/setup', { body }) })

export const useSignIn = () =>
  useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/auth/sign-in'>) =>
      call('POST /api/auth/sign-in', { body }),
  })

export const useSecondFactor = () =>
  useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/auth/second-factor'>) =>
      call('POST /api/auth/second-factor', { body }),
  })

export const useForgotPassword = () =>
  useMutation({ mutationFn: (email: string) => call('POST /api/auth/forgot-password', { body: { email } }) })

export const useResetPassword = () =>
  useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/auth/reset-password'>) =>
      call('POST /api/auth/reset-password', { body }),
  })

export const useInvitation = (token: string) =>
  useQuery({
    queryKey: ['team', 'invitation', token],
    queryFn: ({ signal }) => call('GET /api/invitations/accept/:token', { params: { token }, signal }),
  })

export const useAcceptInvitation = (token: string) =>
  useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/invitations/accept/:token'>) =>
      call('POST /api/invitations/accept/:token', { params: { token }, body }),
  })

export const useOrganization = () =>
  useQuery({
    queryKey: ['team', 'organization'],
    queryFn: ({ signal }) => call('GET /api/organization', { signal }),
  })

export function useChangeOrganization() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: OrganizationSettings) => call('PATCH /api/organization', { body }),
    onSuccess: (organization) => {
      cache.setQueryData(['team', 'organization'], organization)
      return cache.invalidateQueries({ queryKey: sessionKey })
    },
  })
}

export const useCreateOrganization = () =>
  useMutation({
    mutationFn: (body: OrganizationSettings) => call('POST /api/organizations', { body }),
  })

export const useMembers = () =>
  useQuery({
    queryKey: ['team', 'members'],
    queryFn: ({ signal }) => call('GET /api/members', { signal }),
    select: ({ items }) => items,
  })

export function useChangeRole() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ personId, role }: { personId: string; role: Role }) =>
      call('PATCH /api/members/:personId', { params: { personId }, body: { role } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team', 'members'] }),
  })
}

export function useRemoveMember() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (personId: string) => call('DELETE /api/members/:personId', { params: { personId } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team', 'members'] }),
  })
}

export const useInvitations = () =>
  useQuery({
    queryKey: ['team', 'invitations'],
    queryFn: ({ signal }) => call('GET /api/invitations', { signal }),
    select: ({ items }) => items,
  })

export function useInvite() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/invitations'>) =>
      call('POST /api/invitations', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team', 'invitations'] }),
  })
}

export function useResendInvitation() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/invitations/:id/resend', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team', 'invitations'] }),
  })
}

export function useRevokeInvitation() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/invitations/:id', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team', 'invitations'] }),
  })
}

export const useApiKeys = () =>
  useQuery({
    queryKey: ['team', 'api-keys'],
    queryFn: ({ signal }) => call('GET /api/api-keys', { signal }),
    select: ({ items }) => items,
  })

export function useCreateApiKey() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: NewApiKey) => call('POST /api/api-keys', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team', 'api-keys'] }),
  })
}

export function useRevokeApiKey() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/api-keys/:id', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team', 'api-keys'] }),
  })
}

export const useAuditLog = (filter: AuditFilter) =>
  useInfiniteQuery({
    queryKey: ['team', 'audit', filter],
    queryFn: ({ signal, pageParam }) =>
      call('GET /api/audit', {
        query: { ...filter, limit: AUDIT_ROWS, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
    placeholderData: (before) => before,
  })

/** Walks the whole chain: asked for by a button, not by opening the page. */
export function useVerifyAudit() {
  return useMutation({ mutationFn: () => call('GET /api/audit/verification') })
}

export function useChangeProfile() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'PATCH /api/account'>) => call('PATCH /api/account', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: sessionKey }),
  })
}

export function useChangePassword() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/account/password'>) =>
      call('POST /api/account/password', { body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team', 'sessions'] }),
  })
}

export const useSessions = () =>
  useQuery({
    queryKey: ['team', 'sessions'],
    queryFn: ({ signal }) => call('GET /api/account/sessions', { signal }),
    select: ({ items }) => items,
  })

export function useEndSession() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/account/sessions/:id', { params: { id } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team', 'sessions'] }),
  })
}

export function useEndOtherSessions() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: () => call('POST /api/account/sessions/end-others'),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['team', 'sessions'] }),
  })
}

export const useSecondFactorState = () =>
  useQuery({
    queryKey: ['team', 'second-factor'],
    queryFn: ({ signal }) => call('GET /api/account/second-factor', { signal }),
  })

export const useBeginSecondFactor = () =>
  useMutation({
    mutationFn: (password: string) => call('POST /api/account/second-factor', { body: { password } }),
  })

export function useConfirmSecondFactor() {
  const refresh = useRefreshSecondFactor()
  return useMutation({
    mutationFn: (code: string) => call('POST /api/account/second-factor/confirm', { body: { code } }),
    onSuccess: refresh,
  })
}

export function useRenewRecoveryCodes() {
  const refresh = useRefreshSecondFactor()
  return useMutation({
    mutationFn: (password: string) =>
      call('POST /api/account/second-factor/recovery-codes', { body: { password } }),
    onSuccess: refresh,
  })
}

export function useTurnOffSecondFactor() {
  const refresh = useRefreshSecondFactor()
  return useMutation({
    mutationFn: (password: string) =>
      call('POST /api/account/second-factor/turn-off', { body: { password } }),
    onSuccess: refresh,
  })
}

export const useLeave = () =>
  useMutation({
    mutationFn: (organizationId: string) => call('POST /api/account/leave', { body: { organizationId } }),
  })

function useRefreshSecondFactor() {
  const cache = useQueryClient()
  return async () => {
    await cache.invalidateQueries({ queryKey: ['team', 'second-factor'] })
    await cache.invalidateQueries({ queryKey: sessionKey })
  }
}
