/**
 * What a kind of clause is. One definition per kind gives everything about it: its place on the wire, its SQL, its
 * in-memory test and its words (through `bind`), and what the editor offers. A new kind is one file here and one line
 * in `clauses/index.ts`.
 */
import type { z } from 'zod'
import type { SendChannel, SendPurpose } from '../../../consent/index.ts'
import type { CampaignId, SegmentId } from '../../../platform/ids.ts'
import type { EventInput } from '../event-match.ts'
import type { Field, Option, SuggestionSource } from '../field.ts'
import type { Node } from '../node.ts'
import type { Leaf, OfferedOperator, Outcome } from '../operator.ts'
import type { Rule } from '../rule.ts'
import type { Scope } from '../scope.ts'
import type { Words } from '../words.ts'

/** Where the editor lists a term, in this order. */
export const TERM_GROUPS = [
  'person',
  'place',
  'subscription',
  'profile',
  'behaviour',
  'money',
  'messages',
  'consent',
  'membership',
  'record',
  'custom',
] as const
export type TermGroup = (typeof TERM_GROUPS)[number]

/** One thing that the editor lets a person ask about. */
export interface Term {
  kind: string
  /** For kinds that ask about a field. */
  field: string | null
  group: TermGroup
  label: Words
  operators: readonly OfferedOperator[]
  /** Every value there is; null when values are free. */
  options: (() => readonly Option[]) | null
  suggestsFrom: SuggestionSource | null
}

/** What an organization has to choose from, beyond the values of fields. */
export interface Offered {
  fields: ReadonlyMap<string, Field>
  /** Finished imports, newest first, by their ids on the wire. */
  imports: readonly Option[]
  /** Events of the dictionary, most frequent first. */
  events: readonly { type: string; name: string }[]
  /** Whether there is a campaign to ask about. */
  hasCampaigns: boolean
}

/** What of a contact a clause looks at: a change of anything else leaves its answer as it was. */
export type Touch =
  | `field:${string}`
  | `event:${string}`
  | `segment:${string}`
  | 'money'
  | 'profile:activity'
  | 'profile:money'
  | 'engagement'
  | 'campaign'
  | 'consent'

/** Makes a whole rule ready, for clauses that refer to one. */
export type BindRule = (rule: Rule, path: string) => Outcome<Node>

/** A kind of clause whose wire form is `S`. */
export interface ClauseKind<S extends z.ZodObject> {
  schema: S
  /** The property of the clause that holds a term's `field`; absent when the kind has one term. */
  property?: 'field' | 'event' | 'measure' | 'figure' | 'channel'
  /** Makes a clause ready for its readings. `path` is where it stands in the caller's input. */
  bind(clause: z.output<S>, scope: Scope, bindRule: BindRule, path: string): Outcome<Leaf>
  /** What the answer depends on, the clock aside. */
  touches(clause: z.output<S>): readonly Touch[]
  /** Segments that the clause refers to. */
  segments?(clause: z.output<S>): readonly SegmentId[]
  /** Events whose properties the clause asks about. */
  filtered?(clause: z.output<S>): readonly EventInput[]
  /** Imports that the clause refers to. */
  imports?(clause: z.output<S>): readonly string[]
  /** Campaigns that the clause refers to. */
  campaigns?(clause: z.output<S>): readonly CampaignId[]
  /** Channels and purposes whose reachability the clause asks for. */
  reachable?(clause: z.output<S>): readonly { channel: SendChannel; purpose: SendPurpose }[]
  terms(offered: Offered): readonly Term[]
}
