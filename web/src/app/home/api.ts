import type { routes as campaignRoutes } from '@fanfare/server/campaigns/schema'
import type { routes as contactRoutes } from '@fanfare/server/contacts/schema'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { client } from '../../platform/api/client.ts'
import type { Answer, QueryOf } from '../../platform/api/client.ts'

/** A campaign as lists show it. */
export type Campaign = Answer<typeof campaignRoutes, 'GET /api/campaigns'>['items'][number]

const callCampaigns = client<typeof campaignRoutes>()
const callContacts = client<typeof contactRoutes>()

const shownMax = 5
const livePollMs = 3_000

const campaigns = (query: QueryOf<typeof campaignRoutes, 'GET /api/campaigns'>) =>
  queryOptions({
    queryKey: ['campaigns', 'home', query],
    queryFn: ({ signal }) =>
      callCampaigns('GET /api/campaigns', { query: { limit: shownMax, ...query }, signal }),
  })

/** Campaigns that are on their way or held; asked again while any is. */
export const useLiveCampaigns = () =>
  useQuery({
    ...campaigns({ status: 'running,active,paused' }),
    refetchInterval: ({ state }) => ((state.data?.items.length ?? 0) > 0 ? livePollMs : false),
  })

/** The next campaigns to leave, soonest first. */
export const usePlannedCampaigns = () => useQuery(campaigns({ status: 'scheduled', sort: 'scheduledAt' }))

/** Drafts, newest first. */
export const useDrafts = () => useQuery(campaigns({ status: 'draft' }))

/** Campaigns that have ended, newest first. */
export const useEndedCampaigns = () => useQuery(campaigns({ status: 'completed,cancelled,failed' }))

/** Whether there is anybody to write to. */
export const useHasContacts = () =>
  useQuery({
    queryKey: ['contacts', 'home'],
    queryFn: ({ signal }) => callContacts('GET /api/contacts', { query: { limit: 1 }, signal }),
    select: ({ items }) => items.length > 0,
  })
