/** A run as delivery knows it, and what follows from its state. */
import type { CampaignId, MailVersionId, RunId } from '../../platform/ids.ts'
import type { Audience } from '../../segments/index.ts'
import type { LedgerCount, LedgerRun } from '../../tracking/index.ts'
import type { TroubleKind } from '../channels/outcome.ts'

export const RUN_STATES = ['resolving', 'running', 'paused', 'completed', 'cancelled', 'failed'] as const
export type RunState = (typeof RUN_STATES)[number]

/** Consent is asked for by purpose; transactional mail needs none, yet respects suppressions. */
export const PURPOSES = ['marketing', 'transactional'] as const
export type Purpose = (typeof PURPOSES)[number]

/** Channels that runs can use today. */
export const RUN_CHANNELS = ['email'] as const
export type RunChannel = (typeof RUN_CHANNELS)[number]

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
  channel: RunChannel
  purpose: Purpose
  state: RunState
  audience: Audience
  versionId: MailVersionId
  resolvedThrough: string
  resolveUntil: string | null
  resolvedAt: Date | null
  slicesMade: number
  chunksMade: number
  audienceSize: number
  resolveCounts: Counts
  plannedAt: Date
  startedAt: Date
  firstHandoverAt: Date | null
  completedAt: Date | null
  stoppedAt: Date | null
  stoppedBy: string | null
  trouble: RunTrouble | null
  failure: string | null
}

/** May messages of a run in this state be handed over? A run hands over while it is still being resolved. */
export const isUnderWay = (state: RunState): boolean => state === 'resolving' || state === 'running'

/** The run as the ledger names it. */
export const ledgerRun = (run: Run): LedgerRun => ({
  runId: run.id,
  campaignId: run.campaignId,
  channel: run.channel,
  month: run.month,
})

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
