/** What can be wrong with a mail, as data: compile, pre-flight, routes and screens all speak it. */
import { type Check, MAIL_FIELDS, type MailField, type Problem, type ProblemCode } from '../schema.ts'
import type { BeyondLimit } from './limits.ts'
import { positionAt } from './mask.ts'

/** A place in one field's source. */
export interface Place {
  readonly field: MailField
  /** The field's text as the author wrote it. */
  readonly source: string
  /** Offset into it; null when it cannot be told. */
  readonly offset: number | null
}

/** A problem at a place, its line and column counted from 1. */
export function problemAt(code: ProblemCode, place: Place, params: Problem['params'] = {}): Problem {
  const position = place.offset === null ? null : positionAt(place.source, place.offset)
  return { code, field: place.field, line: position?.line ?? null, column: position?.column ?? null, params }
}

/** A mail that cannot be written for one person. */
export function problemOfLimit({ field }: BeyondLimit): Problem {
  const known = MAIL_FIELDS.find((name) => name === field) ?? 'body'
  return problemAt('beyond_limit', { field: known, source: '', offset: null })
}

/** A text cut so that it can stand in a sentence. */
export const excerpt = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)

/** The beginning of a tag, enough to find it by. */
export const excerptOfTag = (text: string): string => excerpt(/^\S*(?: [^\n]{0,20})?/.exec(text)?.[0] ?? '')

/** Blocks first, then warnings, then what is fine; the given order within each. */
export function byLevel(checks: readonly Check[]): Check[] {
  const rank = { block: 0, warn: 1, ok: 2 }
  return checks.toSorted((a, b) => rank[a.level] - rank[b.level])
}
