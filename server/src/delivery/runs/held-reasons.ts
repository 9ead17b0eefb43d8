/** Why people of a run wait for an instant. */
import { HOURS_REASONS } from '../timing/hours.ts'

/** Sending hours, or a frequency cap that has no room before. */
export const HELD_REASONS = [...HOURS_REASONS, 'frequency_cap'] as const
export type HeldReason = (typeof HELD_REASONS)[number]
