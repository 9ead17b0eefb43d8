import { createContext, use } from 'react'

/** The name of the campaign that what is being written belongs to; null where it belongs to none, as a template. */
export const CampaignName = createContext<string | null>(null)

/** As a part of a request: messages may say it. */
export function useCampaignNamePart(): { campaignName?: string } {
  const campaignName = use(CampaignName)
  return campaignName === null ? {} : { campaignName }
}
