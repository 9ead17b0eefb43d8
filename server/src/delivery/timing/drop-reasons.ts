/** Why a message is dropped that may not leave in time; in a file of its own, because the web reads it too. */
export const DROP_REASONS = ['quiet_hours', 'too_late'] as const
export type DropReason = (typeof DROP_REASONS)[number]
