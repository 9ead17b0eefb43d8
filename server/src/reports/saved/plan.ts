/** When a saved report is mailed. Pure. */
import { occurrencesAfter, type Recurrence } from '../../delivery/index.ts'
import type { MailPlan } from '../schema.ts'

/** A day long before every report: a plan has no first day of its own. A Monday. */
const EPOCH = '2024-01-01'

/**
 * The next planned instant after another, by the clock of a zone. On the nights of the clock change, too, there is one.
 * Null where the plan waits for a campaign to end.
 */
export function nextMailing(plan: MailPlan, timeZone: string, after: Date): Date | null {
  const recurrence = recurrenceOf(plan, timeZone)
  return recurrence && (occurrencesAfter(recurrence, after, 1)[0]?.at ?? null)
}

function recurrenceOf({ every, time, weekday, day }: MailPlan, timeZone: string): Recurrence | null {
  const common = { at: `${EPOCH}T${time}`, timeZone, clock: 'zone', endsOn: null } as const
  switch (every) {
    case 'daily':
      return { ...common, repeat: { kind: 'daily', every: 1 } }
    case 'weekly':
      return { ...common, repeat: { kind: 'weekly', every: 1, weekdays: [weekday] } }
    case 'monthly':
      return { ...common, repeat: { kind: 'monthly', every: 1, day } }
    case 'completion':
      return null
  }
}
