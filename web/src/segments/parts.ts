/**
 * What a condition carries beside its value while it is edited: how often, when, with which properties, followed by
 * what. Pure; the editors of PartEditor draw it.
 */
import type { ClausePart, PropertyType } from './api.ts'

/** Further properties of a clause while it is edited. */
export type Extras = Readonly<Partial<Record<ClausePart, unknown>>>

/** A condition on a property of an event. */
export interface FilterDraft {
  property: string
  type: PropertyType
  operator: string
  value?: unknown
}

/** An event and its conditions. */
export interface HappeningDraft {
  event: string
  filters?: readonly FilterDraft[]
}

/** A length of time. */
export interface SpanDraft {
  count: number
  unit: 'hours' | 'days'
}

/** When something happened, as one chooses it. `ever` is no window. */
export const WINDOW_KINDS = [
  'ever',
  'lastDays',
  'lastHours',
  'beforeDays',
  'betweenDaysAgo',
  'range',
] as const
export type WindowKind = (typeof WINDOW_KINDS)[number]

const DAYS_TO_BEGIN_WITH = 30
const HOURS_TO_BEGIN_WITH = 24

/** What parts begin with: only those without which a clause says nothing. */
export function startingExtras(parts: readonly ClausePart[]): Extras {
  return parts.includes('within') ? { within: { count: HOURS_TO_BEGIN_WITH, unit: 'hours' } } : {}
}

/** The kind of a window that is stored. */
export function windowKind(window: unknown): WindowKind {
  if (!isObject(window)) return 'ever'
  if (isObject(window['last'])) return window['last']['unit'] === 'hours' ? 'lastHours' : 'lastDays'
  if (isObject(window['before'])) return 'beforeDays'
  return 'betweenDaysAgo' in window ? 'betweenDaysAgo' : 'range'
}

/** A window of a kind, to begin with; undefined is for ever. */
export function newWindow(kind: WindowKind): unknown {
  switch (kind) {
    case 'ever':
      return undefined
    case 'lastDays':
      return { last: { count: DAYS_TO_BEGIN_WITH, unit: 'days' } }
    case 'lastHours':
      return { last: { count: HOURS_TO_BEGIN_WITH, unit: 'hours' } }
    case 'beforeDays':
      return { before: { count: DAYS_TO_BEGIN_WITH, unit: 'days' } }
    case 'betweenDaysAgo':
      return { betweenDaysAgo: { from: 2 * DAYS_TO_BEGIN_WITH, to: DAYS_TO_BEGIN_WITH } }
    case 'range':
      return {}
  }
}

/** The span of a window of `last` or `before`. */
export function spanOf(window: unknown): SpanDraft | null {
  if (!isObject(window)) return null
  const span = window['last'] ?? window['before']
  return isSpan(span) ? span : null
}

/** Conditions on properties, as they are stored. */
export const filtersOf = (filters: unknown): FilterDraft[] =>
  Array.isArray(filters) ? filters.filter(isFilter) : []

/** An event and its conditions, as they are stored. */
export function happeningOf(happening: unknown): HappeningDraft | null {
  if (!isObject(happening) || typeof happening['event'] !== 'string') return null
  return { event: happening['event'], filters: filtersOf(happening['filters']) }
}

/** How often, as it is stored; null is "at least once". */
export function countOf(count: unknown): { how: 'at_least' | 'at_most' | 'exactly'; times: number } | null {
  if (!isObject(count)) return null
  for (const how of ['at_least', 'at_most', 'exactly'] as const) {
    const times = count[how]
    if (typeof times === 'number') return { how, times }
  }
  return null
}

/** Are all parts of a clause whole? */
export function areExtrasComplete(offered: readonly ClausePart[], extras: Extras): boolean {
  return offered.every((name) => isPartComplete(name, extras[name]))
}

/** Is an event named, and each of its conditions whole? */
export const isHappeningWhole = ({ event, filters = [] }: HappeningDraft): boolean =>
  event !== '' && filters.every(isFilterComplete)

function isPartComplete(name: ClausePart, part: unknown): boolean {
  switch (name) {
    case 'first':
    case 'next': {
      const happening = happeningOf(part)
      return happening !== null && isHappeningWhole(happening)
    }
    case 'within':
      return isSpan(part) && part.count > 0
    case 'filters':
      return filtersOf(part).every(isFilterComplete)
    case 'window':
      return part === undefined || isWindowComplete(part)
    case 'count':
    case 'channel':
    case 'purpose':
    case 'seed':
      return true
  }
}

function isWindowComplete(window: unknown): boolean {
  const between = isObject(window) ? window['betweenDaysAgo'] : undefined
  switch (windowKind(window)) {
    case 'ever':
      return true
    case 'lastDays':
    case 'lastHours':
    case 'beforeDays':
      return spanOf(window) !== null
    case 'betweenDaysAgo':
      return isObject(between) && Number(between['from']) >= Number(between['to'])
    case 'range':
      return isObject(window) && (typeof window['from'] === 'string' || typeof window['to'] === 'string')
  }
}

/** A value that an operator wants and that is not given yet is null; where it wants none there is none. */
function isFilterComplete({ property, value }: FilterDraft): boolean {
  if (property === '' || value === null || value === '') return false
  if (typeof value === 'number') return !Number.isNaN(value)
  if (Array.isArray(value)) return value.length > 0
  return !isObject(value) || (isGiven(value['from']) && isGiven(value['to']))
}

const isGiven = (end: unknown): boolean =>
  typeof end === 'string' || (typeof end === 'number' && !Number.isNaN(end))
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const isSpan = (value: unknown): value is SpanDraft =>
  isObject(value) && typeof value['count'] === 'number' && !Number.isNaN(value['count'])
const isFilter = (value: unknown): value is FilterDraft =>
  isObject(value) && typeof value['property'] === 'string' && typeof value['operator'] === 'string'
