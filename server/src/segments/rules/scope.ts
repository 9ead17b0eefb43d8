/** What a rule's meaning depends on beyond the rule: the day, the zone, the organization's fields and segments. */
import type { CampaignId, RunId, SegmentId } from '../../platform/ids.ts'
import { type Day, dayOf } from './days.ts'
import type { Field } from './field.ts'
import type { Rule } from './rule.ts'

/** A segment as other rules refer to it. */
export type SegmentShape = { name: string } & ({ kind: 'static' } | { kind: 'dynamic'; rule: Rule })

/** Given to every reading of a rule. */
export interface Scope {
  now: Date
  /** The organization's; days begin and end in it. */
  timeZone: string
  /** The day it is now, in that zone. */
  today: Day
  fields: ReadonlyMap<string, Field>
  /** Segments that the rule refers to, directly or through others. */
  segments: ReadonlyMap<SegmentId, SegmentShape>
  /** Imports that the rule refers to: their file names. */
  imports: ReadonlyMap<string, string>
  /** Campaigns that the rule refers to. */
  campaigns: ReadonlyMap<CampaignId, CampaignShape>
  /** What a purchase and a refund are in this organization: types of the event log. */
  money: MoneyTypes
  /** The organization's currency: sums are made of nothing else. */
  currency: string
}

/** A campaign as rules refer to it. */
export interface CampaignShape {
  name: string
  runIds: readonly RunId[]
}

/** Types of the event log by what they do to money. */
export interface MoneyTypes {
  purchase: readonly string[]
  refund: readonly string[]
}

/** Completes a scope with what follows from the rest. */
export function scopeOf(given: Omit<Scope, 'today'>): Scope {
  return { ...given, today: dayOf(given.now, given.timeZone) }
}
