/** What a report answers, as a choice of a list. */
import type { Question } from './api.ts'

/** Whole days that the overview may be over. */
export const OVERVIEW_DAYS = ['7', '30', '90', '365'] as const
export type Choice = (typeof OVERVIEW_DAYS)[number] | 'other'

/** @param other  a question that the list does not name: a campaign, a comparison */
export const questionOf = (choice: Choice, other: Question | null): Question =>
  choice === 'other' && other ? other : { kind: 'overview', days: choice === 'other' ? 30 : Number(choice) }

export function choiceOf(question: Question | null): Choice {
  if (question === null) return '30'
  if (question.kind !== 'overview') return 'other'
  return OVERVIEW_DAYS.find((days) => Number(days) === question.days) ?? '30'
}
