/** The door of platform/events: defining, announcing and consuming events. */
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { pendingOf } from '../db/transaction.ts'
import type { CampaignId, ContactId, OrgId, RunId } from '../ids.ts'
import type { EventSubject } from './append.ts'
export { advanceConsumer, laggingOrganizations, readersBehind } from './consume.ts'
export type { EventSubject } from './append.ts'
export { forgetInEvents, moveEvents, rewritePayloads, type PersonalEvent } from './people.ts'

/** A kind of event: its name in the past tense, its version and what it carries. */
export interface EventDefinition<P> {
  readonly type: string
  readonly version: number
  readonly payload: z.ZodType<P>
}

/** Defines an event. Its payload is facts and ids; no addresses, no names. */
export function defineEvent<P>(type: string, payload: z.ZodType<P>, version = 1): EventDefinition<P> {
  return { type, version, payload }
}

/**
 * Writes an event with the transaction that `ctx` is in.
 * @throws AssertionError outside a transaction
 */
export function announce<P>(
  ctx: Ctx,
  definition: EventDefinition<P>,
  payload: P,
  subject: EventSubject = {},
): void {
  announceText(ctx, definition, JSON.stringify(payload), subject)
}

/** Like `announce`, with the payload in JSON already. */
export function announceText<P>(
  ctx: Ctx,
  { type, version }: EventDefinition<P>,
  payload: string,
  subject: EventSubject,
): void {
  pendingOf(ctx).events.push({ ...subject, type, version, payload })
}

/** An event as consumers read it. */
export interface LogEvent {
  readonly orgId: OrgId
  readonly seq: string
  readonly recordedAt: Date
  readonly at: Date
  readonly type: string
  readonly version: number
  readonly contactId: ContactId | null
  readonly campaignId: CampaignId | null
  readonly runId: RunId | null
  readonly channel: string | null
  readonly payload: unknown
}

/**
 * A reader of the log with a cursor of its own per organization. Its writes and its cursor commit together: each
 * event takes effect exactly once for it.
 */
export interface ConsumerDefinition {
  readonly name: string
  /** Types it wants, by name or, ending in `*`, by how they begin; events of other types only move its cursor. */
  readonly types: readonly string[]
  /**
   * Of its types, those that matter to the organization at present, asked in the transaction that reads; null where all
   * do. Of the others it gets only what is about a campaign; absent, all of them matter.
   */
  readonly heeds?: (ctx: Ctx) => Promise<readonly string[] | null>
  /** Somebody waits for what comes of it: it is read apart, and never behind the others. */
  readonly isUrgent?: boolean
  /** Called inside a transaction, with events in order; must write set-based. */
  handle(ctx: Ctx, events: readonly LogEvent[]): Promise<void>
}

export function defineConsumer(definition: ConsumerDefinition): ConsumerDefinition {
  return definition
}
