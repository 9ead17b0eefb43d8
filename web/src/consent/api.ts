/** The endpoints of consent as hooks. */
import type { routes } from '@fanfare/server/consent/schema'
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { client } from '../platform/api/client.ts'
import type { Answer, BodyOf, QueryOf } from '../platform/api/client.ts'
import { pageAfter, pages } from '../platform/api/pages.ts'

export type Suppression = Answer<typeof routes, 'GET /api/suppressions'>['items'][number]
export type SuppressionReason = Suppression['reason']
export type ConsentOverview = Answer<typeof routes, 'GET /api/contacts/:id/consents'>
export type ConsentEvent = ConsentOverview['history'][number]
export type ConsentState = ConsentEvent['state']
export type ConsentChannel = ConsentEvent['channel']
export type LedgerEntry = Answer<typeof routes, 'GET /api/consents'>['items'][number]
type SuppressionFilter = Omit<QueryOf<typeof routes, 'GET /api/suppressions'>, 'cursor' | 'limit'>
type LedgerFilter = Omit<QueryOf<typeof routes, 'GET /api/consents'>, 'cursor' | 'limit'>
type NewSuppression = BodyOf<typeof routes, 'POST /api/suppressions'>
/** A word that somebody gave elsewhere, as the API takes it. */
export type HeardWord = BodyOf<typeof routes, 'POST /api/contacts/:id/consents'>

const call = client<typeof routes>()

/** The suppression list, page after page. */
export function useSuppressions(filter: SuppressionFilter) {
  return useInfiniteQuery({
    queryKey: ['consent', 'suppressions', filter],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/suppressions', {
        query: { ...filter, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
    placeholderData: keepPreviousData,
    // An address that is still being typed is refused; asking again changes nothing.
    retry: false,
  })
}

export function useSuppress() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: NewSuppression) => call('POST /api/suppressions', { body }),
    onSuccess: refresh,
  })
}

/** A batch of a list, looked at. */
export type ListOutcome = Answer<typeof routes, 'POST /api/suppressions/preview'>
export type SuppressionImport = Answer<typeof routes, 'GET /api/suppressions/imports'>['items'][number]
type NewList = BodyOf<typeof routes, 'POST /api/suppressions/imports'>

/** What a list would do, batch by batch. */
export const usePreviewList = () =>
  useMutation({ mutationFn: (batches: readonly string[][]) => previewBatches(batches) })

async function previewBatches(batches: readonly string[][]): Promise<ListOutcome> {
  const total: ListOutcome = {
    emails: 0,
    phones: 0,
    alreadyListed: 0,
    contacts: 0,
    unreadable: { count: 0, examples: [] },
  }
  for (const addresses of batches) {
    const part = await call('POST /api/suppressions/preview', { body: { addresses } })
    total.emails += part.emails
    total.phones += part.phones
    total.alreadyListed += part.alreadyListed
    total.contacts += part.contacts
    total.unreadable.count += part.unreadable.count
    total.unreadable.examples.push(...part.unreadable.examples)
  }
  return total
}

/** Brings a list, batch by batch; `onDone` says after each how many addresses have been told. */
export function useBringList() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async ({
      list,
      batches,
      onDone,
    }: {
      list: NewList
      batches: readonly string[][]
      onDone: (addresses: number) => void
    }) => {
      const { id } = await call('POST /api/suppressions/imports', { body: list })
      let added = 0
      let told = 0
      for (const addresses of batches) {
        const part = await call('POST /api/suppressions/imports/:id/addresses', {
          params: { id },
          body: { addresses },
        })
        added += part.added
        told += addresses.length
        onDone(told)
      }
      return { id, added }
    },
    // Also after a failure: what came before it is on the list.
    onSettled: refresh,
  })
}

export const useSuppressionImports = () =>
  useQuery({
    queryKey: ['consent', 'suppression-imports'],
    queryFn: ({ signal }) => call('GET /api/suppressions/imports', { signal }),
    select: ({ items }) => items,
  })

export function useUndoList() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => call('POST /api/suppressions/imports/:id/undo', { params: { id } }),
    onSuccess: refresh,
  })
}

export function useLift() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      call('DELETE /api/suppressions/:id', { params: { id }, query: { reason } }),
    onSuccess: refresh,
  })
}

/** What everybody said, page after page. */
export function useConsentLedger(filter: LedgerFilter) {
  return useInfiniteQuery({
    queryKey: ['consent', 'ledger', filter],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/consents', {
        query: { ...filter, ...pageAfter(pageParam) },
        signal,
      }),
    ...pages,
    placeholderData: keepPreviousData,
  })
}

/** Why people left through a campaign, the most frequent first. */
export const useLeavingReasons = (campaignId: string) =>
  useQuery({
    queryKey: ['consent', 'leaving-reasons', campaignId],
    queryFn: ({ signal }) => call('GET /api/consents/reasons', { query: { campaignId }, signal }),
    select: ({ items }) => items,
  })

/** Everything about one person's consent. */
export const useConsent = (contactId: string) =>
  useQuery({
    queryKey: ['consent', 'contact', contactId],
    queryFn: ({ signal }) => call('GET /api/contacts/:id/consents', { params: { id: contactId }, signal }),
  })

export function useRecordConsent(contactId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: HeardWord) =>
      call('POST /api/contacts/:id/consents', { params: { id: contactId }, body }),
    onSuccess: refresh,
  })
}

/** Where the proof of one person's consent is downloaded: for machines, as a table, as a document. */
export const proofHref = (contactId: string, ending: '' | '.csv' | '.pdf' = ''): string =>
  `/api/contacts/${contactId}/proof${ending}`

function useRefresh() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['consent'] })
}
