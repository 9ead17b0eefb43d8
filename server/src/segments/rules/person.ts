/** One contact as rules see it. */
import type { CampaignId, ContactId, SegmentId } from '../../platform/ids.ts'
import type { Day } from './days.ts'

/** One thing that a contact did, as the event log keeps it. */
export interface PersonEvent {
  /** The place in the log: what tells two events of one instant apart. */
  seq: number
  type: string
  at: Date
  campaignId: CampaignId | null
  payload: Readonly<Record<string, unknown>>
}

/** Figures derived from what a contact did (`contact_profile`); money in minor units of the organization's currency. */
export interface ProfileFigures {
  orders: number
  revenueMinor: number
  averageOrderMinor: number | null
  lastOrderMinor: number | null
  lifetimeValueMinor: number
  firstOrderAt: Date | null
  lastOrderAt: Date | null
  firstActivityAt: Date | null
  lastActivityAt: Date | null
  engagementScore: number
  rfmRecency: number | null
  rfmFrequency: number | null
  rfmMonetary: number | null
  rfmClass: string | null
  spendingLevel: string | null
}

/** What a contact received on one channel (`contact_received`), and did with it (`contact_engagement`). */
export interface ChannelEngagement {
  channel: string
  received: number
  opened: number
  clicked: number
  converted: number
  lastReceivedAt: Date | null
  lastOpenedAt: Date | null
  lastClickedAt: Date | null
}

/** What a contact did with messages of one campaign; human only. */
export interface CampaignEngagement {
  received: boolean
  opened: boolean
  clicked: boolean
  replied: boolean
}

/** The present word of a contact about a channel and purpose. */
export interface PersonPreference {
  channel: string
  purpose: string
  state: string
  expiresAt: Date | null
}

/** Everything that a rule may ask of one contact; null is unknown. */
export interface Person {
  id: ContactId
  email: string | null
  phone: string | null
  firstName: string | null
  lastName: string | null
  language: string | null
  timeZone: string | null
  country: string | null
  city: string | null
  birthday: Day | null
  subscriptionTier: string | null
  subscriptionStatus: string | null
  tags: readonly string[]
  /** Values of the organization's own fields, by key. */
  attributes: Readonly<Record<string, unknown>>
  source: string
  importId: string | null
  createdAt: Date
  updatedAt: Date
  /** The static segments that the contact is in. */
  segmentIds: ReadonlySet<SegmentId>
  /** Events of the types that the rule asks about, earliest first. */
  events: readonly PersonEvent[]
  /** Null when nothing was derived yet. */
  profile: ProfileFigures | null
  engagement: readonly ChannelEngagement[]
  /** By campaign; those that never wrote to the contact are missing. */
  campaigns: ReadonlyMap<CampaignId, CampaignEngagement>
  preferences: readonly PersonPreference[]
  /** When the next suppression of an address ends by itself; null when none does. */
  suppressionEnds: Readonly<Record<'email' | 'phone', Date | null>>
  /** Channels on which the contact may be written to, by purpose: `email:marketing`. */
  reachable: ReadonlySet<string>
}

/** Somebody of whom nothing is known. */
export const NOBODY: Person = {
  id: '0' as ContactId, // no row has it
  email: null,
  phone: null,
  firstName: null,
  lastName: null,
  language: null,
  timeZone: null,
  country: null,
  city: null,
  birthday: null,
  subscriptionTier: null,
  subscriptionStatus: null,
  tags: [],
  attributes: {},
  source: '',
  importId: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  segmentIds: new Set(),
  events: [],
  profile: null,
  engagement: [],
  campaigns: new Map(),
  preferences: [],
  suppressionEnds: { email: null, phone: null },
  reachable: new Set(),
}
