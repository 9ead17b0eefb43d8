/** One contact as rules see it. */
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import type { Day } from './days.ts'

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
}
