/** A contact at the moment of hand-over. */
import type { ContactId } from '../../platform/ids.ts'

/** A contact at the moment of hand-over, or the reason why it gets nothing; with those of its fields that were asked for. */
export interface Addressee {
  id: ContactId
  /** Null when the contact may be written to. */
  reason: string | null
  /** Where the channel's messages go: an e-mail address, a telephone number, or null where it needs none. */
  address: string | null
  email: string | null
  /** May this person's opens and clicks be followed? Each is a consent of its own. */
  mayTrackOpens: boolean
  mayTrackClicks: boolean
  firstName: string | null
  lastName: string | null
  phone: string | null
  language: string | null
  timeZone: string | null
  country: string | null
  city: string | null
  birthday: string | null
  subscriptionTier: string | null
  subscriptionStatus: string | null
  tags: readonly string[]
  attributes: Readonly<Record<string, unknown>>
}
