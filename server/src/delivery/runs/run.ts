/** A run as delivery knows it, and what follows from its state. */
import type { CampaignId, MailVersionId, RunId } from '../../platform/ids.ts'
import { SEND_CHANNELS, type SendChannel } from '../../consent/index.ts'
import type { Split } from '../../experiments/index.ts'
import type { Audience } from '../../segments/index.ts'
import type { MetricSubject } from '../../analytics/index.ts'
import type { LedgerCount, LedgerRun } from '../../tracking/index.ts'
import type { OutOfBudget } from '../budget/within-budget.ts'
import type { RunTiming } from '../timing/run-timing.ts'
import type { Trip } from '../breakers/breaker.ts'
import type { TroubleKind } from '../channels/outcome.ts'
import type { RUN_STATES } from './run-words.ts'

export type RunState = (typeof RUN_STATES)[number]

/** Consent is asked for by purpose; transactional mail needs none, yet respects suppressions. */
export const PURPOSES = ['marketing', 'transactional'] as const
export type Purpose = (typeof PURPOSES)[number]

/** Channels that runs use. */
export const RUN_CHANNELS = SEND_CHANNELS
export type RunChannel = SendChannel

/** `all`: everybody on every channel that may reach them. `first`: everybody once, on the first that may. */
export const REACHES = ['all', 'first'] as const
export type Reach = (typeof REACHES)[number]

/** What a run says on a channel, frozen at launch. Variant 0 where nothing is compared. */
export interface RunContent {
  channel: RunChannel
  variant: number
  versionId: MailVersionId
  /** Properties of the event that set a message off, which it names; absent: none. */
  eventProperties?: readonly string[]
}

/** How many messages a channel was to carry as the audience was resolved, and what became of those that never started. */
export interface Tally {
  /** Messages that the run means to send on this channel: one per person. */
  audience: number
  /** Of those, who got nothing at once, by reason. */
  counts: Counts
}

/** Why hand-over stands still although the run is under way, and when it is tried again. */
export interface RunTrouble {
  kind: TroubleKind
  text: string
  /** ISO instants: the column is jsonb. */
  since: string
  retryAt: string
  times: number
}

/** Outcomes as they are counted: `sent`, `skipped.withdrawn`, `bounced.invalid_recipient` … */
export type Counts = Record<string, number>

export interface Run {
  id: RunId
  campaignId: CampaignId
  runNo: number
  month: string
  /** In the campaign's order of channels. */
  contents: readonly RunContent[]
  reach: Reach
  purpose: Purpose
  /** What its messages are about, as people choose it in the preference centre; null: about anything. */
  topic: string | null
  /** Who gets which variant; null gives everybody variant 0. */
  split: Split | null
  state: RunState
  audience: Audience
  resolvedThrough: string
  resolveUntil: string | null
  resolvedAt: Date | null
  slicesMade: number
  chunksMade: number
  /** Messages over all channels; where people are reached on one of them, as many as people. */
  audienceSize: number
  tallies: Partial<Record<RunChannel, Tally>>
  plannedAt: Date
  startedAt: Date
  firstHandoverAt: Date | null
  completedAt: Date | null
  stoppedAt: Date | null
  stoppedBy: string | null
  /** Why nothing leaves on a channel at present. */
  troubles: Partial<Record<RunChannel, RunTrouble>>
  failure: string | null
  /** Why a breaker stopped it; null when none did. */
  tripped: Trip | null
  /** How the budget of its campaign stopped it; null when it did not. */
  outOfBudget: OutOfBudget | null
  /** Hours, limits and caps of its campaign. */
  timing: RunTiming
  /** Are people added to it as they come? Until it is closed it has no end. */
  isFed: boolean
}

/** May messages of a run in this state be handed over? A run hands over while it is still being resolved. */
export const isUnderWay = (state: RunState): boolean => state === 'resolving' || state === 'running'

/** Chunks from here downwards hold messages that somebody asked to send again; between it and 0 lie second hand-overs. */
export const SENT_AGAIN_FROM = -1_000_000_000

/** Does a chunk hold messages that somebody asked to send again? */
export const isSentAgain = (chunkNo: number): boolean => chunkNo <= SENT_AGAIN_FROM

/** May this chunk be handed over? What is sent again may leave although its run has ended. */
export const mayHandOver = (state: RunState, chunkNo: number): boolean =>
  isUnderWay(state) || (state === 'completed' && isSentAgain(chunkNo))

/** The channels of a run, in the campaign's order. */
export const channelsOf = (run: Pick<Run, 'contents'>): RunChannel[] => [
  ...new Set(run.contents.map(({ channel }) => channel)),
]

/** The run as the ledger names it, on one of its channels. */
export const ledgerRun = (run: Run, channel: RunChannel): LedgerRun => ({
  runId: run.id,
  campaignId: run.campaignId,
  channel,
  month: run.month,
})

/** What figures are counted under. */
export const metricSubject = (run: Run, channel: RunChannel, variant: number): MetricSubject => ({
  campaignId: run.campaignId,
  runId: run.id,
  channel,
  variant,
})

/** Adds to what was found out about a channel's people as the audience was resolved. */
export function addTally(tallies: Run['tallies'], channel: RunChannel, more: Tally): void {
  const tally = tallies[channel] ?? { audience: 0, counts: {} }
  tallies[channel] = {
    audience: tally.audience + more.audience,
    counts: addCounts({ ...tally.counts }, more.counts),
  }
}

/** What was counted of all channels together. */
export function resolvedCounts(run: Pick<Run, 'tallies'>): Counts {
  const counts: Counts = {}
  for (const tally of Object.values(run.tallies)) addCounts(counts, tally.counts)
  return counts
}

/** Ledger groups as counts: `sent`, `skipped.withdrawn`, as metrics name them. */
export function countsOf(groups: readonly LedgerCount[]): Counts {
  const counts: Counts = {}
  for (const { state, reason, n } of groups) addCounts(counts, { [countName(state, reason)]: n })
  return counts
}

/** How a ledger row is counted. */
export const countName = (state: string, reason: string): string =>
  reason === '' ? state : `${state}.${reason}`

/** Adds counts up, in place. */
export function addCounts(total: Counts, more: Counts): Counts {
  for (const [name, n] of Object.entries(more)) total[name] = (total[name] ?? 0) + n
  return total
}

/** Everybody who has an outcome. */
export const countedPeople = (counts: Counts): number => Object.values(counts).reduce((sum, n) => sum + n, 0)
