/** Prices hold from full hours on, because messages are counted by the hour. Pure. */
const HOUR_MS = 3_600_000

/** The first full hour that is not before an instant. */
export const hourFrom = (at: Date): Date => new Date(Math.ceil(at.getTime() / HOUR_MS) * HOUR_MS)
/** The next full hour. */
export const hourAfter = (at: Date): Date => hourFrom(new Date(at.getTime() + 1))
