/**
 * How long personal data is kept: rooms declare what of theirs can be forgotten by age (`Room.retention`), an
 * organization says how long, the room consent runs it.
 * Source: GDPR 5(1)(e); compliance report §3.3
 */
import type { Ctx } from './context.ts'

/** Something that can be forgotten by age. */
export interface RetentionPart {
  /** Its name on the wire and in `retention_rule`. */
  readonly subject: string
  /** The shortest time that an organization may choose. */
  readonly keepDaysMin: number
  /** How much there is that is older. For a preview: may stop counting at `PREVIEW_MAX`. */
  count(ctx: Ctx, before: Date): Promise<number>
  /** Forgets some of it, in transactions of its own. @returns how much; 0 when nothing is left */
  remove(ctx: Ctx, before: Date): Promise<number>
}

/** Where a preview stops counting. */
export const PREVIEW_MAX = 1_000_000

let known: readonly RetentionPart[] = []

/** Makes the rooms' parts known. Called by `app.ts`. */
export function registerRetention(parts: readonly RetentionPart[]): void {
  known = parts
}

/** Everything that can be forgotten by age. */
export const retentionParts = (): readonly RetentionPart[] => known
