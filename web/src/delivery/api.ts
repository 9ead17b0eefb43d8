/** The endpoints of delivery as hooks. */
import type { routes } from '@fanfare/server/delivery/schema'
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { client } from '../platform/api/client.ts'
import type { Answer, BodyOf } from '../platform/api/client.ts'
import { pageAfter, pages } from '../platform/api/pages.ts'

export type MailboxEntry = Answer<typeof routes, 'GET /api/mailbox'>['items'][number]
export type MailboxMail = Answer<typeof routes, 'GET /api/mailbox/:id'>
export type SmtpAccount = NonNullable<Answer<typeof routes, 'GET /api/sending/smtp'>['account']>
export type SmtpAccountInput = BodyOf<typeof routes, 'PUT /api/sending/smtp'>
export type SendingDomain = Answer<typeof routes, 'GET /api/sending/domains'>['items'][number]
export type DnsRecord = SendingDomain['records'][number]
export type Sender = Answer<typeof routes, 'GET /api/sending/senders'>['items'][number]
export type Provider = Answer<typeof routes, 'GET /api/providers'>['items'][number]
export type InboundMessage = Answer<typeof routes, 'GET /api/inbound'>['items'][number]
export type SendingHours = Omit<BodyOf<typeof routes, 'PUT /api/sending/hours'>, 'reason'>
export type LegalHours = Answer<typeof routes, 'GET /api/sending/hours'>['legalHours'][number]
export type SendingLimits = BodyOf<typeof routes, 'PUT /api/sending/limits'>
export type FrequencyCap = BodyOf<typeof routes, 'PUT /api/sending/caps'>['caps'][number]
export type Warmup = Answer<typeof routes, 'GET /api/sending/warmups'>['items'][number]
export type RunProgress = Answer<typeof routes, 'GET /api/runs/:id'>

const call = client<typeof routes>()

/** How many parts a text message has. */
export const useSmsMeasure = (text: string) =>
  useQuery({
    queryKey: ['delivery', 'sms-measure', text],
    queryFn: ({ signal }) => call('POST /api/sms/measure', { body: { text }, signal }),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
    staleTime: Infinity,
  })

/** Where a run stands. */
export const useRun = (id: string) =>
  useQuery({
    queryKey: ['delivery', 'runs', id],
    queryFn: ({ signal }) => call('GET /api/runs/:id', { params: { id }, signal }),
  })

/** The mailbox, newest first, page after page. */
export function useMailbox(filter: { q?: string; runId?: string }) {
  return useInfiniteQuery({
    queryKey: ['delivery', 'mailbox', filter],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/mailbox', {
        query: { ...filter, limit: 50, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
    placeholderData: keepPreviousData,
  })
}

export const useMail = (id: string) =>
  useQuery({
    queryKey: ['delivery', 'mail', id],
    queryFn: ({ signal }) => call('GET /api/mailbox/:id', { params: { id }, signal }),
  })

/** Where the HTML of a mail is shown from: a page of its own, under a policy of its own. */
export const mailHtmlHref = (id: string): string => `/api/mailbox/${id}/html`
/** The mail as it arrived. */
export const mailSourceHref = (id: string): string => `/api/mailbox/${id}/source`

export function useEmptyMailbox() {
  const refresh = useRefresh('mailbox')
  return useMutation({ mutationFn: () => call('DELETE /api/mailbox', {}), onSuccess: refresh })
}

export const useSmtpAccount = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'smtp'],
    queryFn: async ({ signal }) => (await call('GET /api/sending/smtp', { signal })).account,
  })

export function useSaveSmtpAccount() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (body: SmtpAccountInput) => call('PUT /api/sending/smtp', { body }),
    onSuccess: refresh,
  })
}

export const useTestSmtpAccount = () =>
  useMutation({
    mutationFn: async (body: SmtpAccountInput) =>
      (await call('POST /api/sending/smtp/test', { body })).trouble,
  })

export function useRemoveSmtpAccount() {
  const refresh = useRefresh('sending')
  return useMutation({ mutationFn: () => call('DELETE /api/sending/smtp', {}), onSuccess: refresh })
}

export const useDomains = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'domains'],
    queryFn: async ({ signal }) => (await call('GET /api/sending/domains', { signal })).items,
  })

export function useAddDomain() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (domain: string) => call('POST /api/sending/domains', { body: { domain } }),
    onSuccess: refresh,
  })
}

export function useCheckDomain() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (id: string) => call('POST /api/sending/domains/:id/check', { params: { id } }),
    onSuccess: refresh,
  })
}

/** Sets the host that bounces return to; null for the sender's own mailbox. */
export function useSetReturnPath() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: ({ id, returnPathHost }: { id: string; returnPathHost: string | null }) =>
      call('PUT /api/sending/domains/:id', { params: { id }, body: { returnPathHost } }),
    onSuccess: refresh,
  })
}

/** Makes new keys beside those that sign. */
export function useRenewKeys() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (id: string) => call('POST /api/sending/domains/:id/renew-keys', { params: { id } }),
    onSuccess: refresh,
  })
}

export function useRemoveDomain() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/sending/domains/:id', { params: { id } }),
    onSuccess: refresh,
  })
}

/** Domains that are warmed up, with the allowance of today. */
export const useWarmups = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'warmups'],
    queryFn: ({ signal }) => call('GET /api/sending/warmups', { signal }),
  })

export function useWarmUp() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: ({ id, volumes }: { id: string; volumes: number[] }) =>
      call('PUT /api/sending/domains/:id/warmup', { params: { id }, body: { volumes } }),
    onSuccess: refresh,
  })
}

export function useEndWarmup() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/sending/domains/:id/warmup', { params: { id } }),
    onSuccess: refresh,
  })
}

export const useSenders = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'senders'],
    queryFn: async ({ signal }) => (await call('GET /api/sending/senders', { signal })).items,
  })

export function useAddSender() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/sending/senders'>) =>
      call('POST /api/sending/senders', { body }),
    onSuccess: refresh,
  })
}

export function useRemoveSender() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/sending/senders/:id', { params: { id } }),
    onSuccess: refresh,
  })
}

export const useProviders = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'providers'],
    queryFn: async ({ signal }) => (await call('GET /api/providers', { signal })).items,
  })

export function useAddProvider() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'POST /api/providers'>) => call('POST /api/providers', { body }),
    onSuccess: refresh,
  })
}

export function useChangeProvider() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string } & BodyOf<typeof routes, 'PUT /api/providers/:id'>) =>
      call('PUT /api/providers/:id', { params: { id }, body }),
    onSuccess: refresh,
  })
}

export function useRankProvider() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: ({ id, rank }: Pick<Provider, 'id' | 'rank'>) =>
      call('PUT /api/providers/:id/rank', { params: { id }, body: { rank } }),
    onSuccess: refresh,
  })
}

/** Whatever comes of it, the provider's health has changed. */
export function useTryProvider() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: ({ id, to }: { id: string; to: string }) =>
      call('POST /api/providers/:id/test', { params: { id }, body: { to } }),
    onSettled: refresh,
  })
}

export function useRemoveProvider() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (id: string) => call('DELETE /api/providers/:id', { params: { id } }),
    onSuccess: refresh,
  })
}

export const useAlerts = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'alerts'],
    queryFn: async ({ signal }) => (await call('GET /api/sending/alerts', { signal })).items,
  })

export function useEndAlert() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (body: { domain: string; receiver: string }) =>
      call('POST /api/sending/alerts/end', { body }),
    onSuccess: refresh,
  })
}

export const useInbound = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'inbound'],
    queryFn: async ({ signal }) => (await call('GET /api/inbound', { query: { limit: 20 }, signal })).items,
  })

/** When messages may leave, and what that rests on. */
export const useSendingHours = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'hours'],
    queryFn: ({ signal }) => call('GET /api/sending/hours', { signal }),
  })

export function useSaveSendingHours() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'PUT /api/sending/hours'>) =>
      call('PUT /api/sending/hours', { body }),
    onSuccess: refresh,
  })
}

/** How fast messages may leave. */
export const useSendingLimits = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'limits'],
    queryFn: ({ signal }) => call('GET /api/sending/limits', { signal }),
  })

export function useSaveSendingLimits() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (body: SendingLimits) => call('PUT /api/sending/limits', { body }),
    onSuccess: refresh,
  })
}

/** How often a person may be written to. */
export const useFrequencyCaps = () =>
  useQuery({
    queryKey: ['delivery', 'sending', 'caps'],
    queryFn: ({ signal }) => call('GET /api/sending/caps', { signal }),
  })

export function useSaveFrequencyCaps() {
  const refresh = useRefresh('sending')
  return useMutation({
    mutationFn: (body: BodyOf<typeof routes, 'PUT /api/sending/caps'>) =>
      call('PUT /api/sending/caps', { body }),
    onSuccess: refresh,
  })
}

function useRefresh(part: 'mailbox' | 'sending') {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['delivery', part] })
}
