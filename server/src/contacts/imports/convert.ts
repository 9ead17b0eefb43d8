/** Turns a row of cells into a draft, and says which values could not be stored and why. Pure. */
import type { ConsentClaim } from '../consent-intake.ts'
import { type Draft, emptyDraft } from '../store/draft.ts'
import { type AttributeField, parseAttribute } from '../values/attribute.ts'
import { parseDay, parseInstant } from '../values/date.ts'
import { parseEmail } from '../values/email.ts'
import { type StandardField, customKeyOf } from '../values/fields.ts'
import { parseBoolean } from '../values/number.ts'
import { parsePhone } from '../values/phone.ts'
import { parseCountry, parseLanguage, parseTimeZone } from '../values/place.ts'
import { remembered } from '../values/remember.ts'
import { type Parsed, type Reason, read } from '../values/reasons.ts'
import { SHORT_TEXT_CHARS_MAX, parseList, parseText } from '../values/text.ts'
import type { CsvRow } from '../csv/tokenizer.ts'
import type { ColumnMapping, ImportOptions } from './options.ts'

/** One value, or a whole row, that could not be stored. */
export interface Problem {
  rowNumber: number
  /** From 1; 0 stands for the row as a whole. */
  columnNumber: number
  reason: Reason
  value: string
  /** The row was left out, not just this value. */
  isRow: boolean
}

/** What a row came to: a draft with what it claims, or nothing when the row is left out. */
export interface ConvertedRow {
  draft: Draft | null
  claims: readonly ConsentClaim[]
}

/** Longest value that is kept to explain a problem, in characters. */
const PROBLEM_VALUE_CHARS_MAX = 200

type Gathered = { draft: Draft; row: CsvRow; consent: RowConsent }
interface RowConsent {
  email: boolean | null
  sms: boolean | null
  at: Date | null
  source: string | null
}
type Apply = (cell: string, gathered: Gathered) => Reason | null

/** Converts the rows of one import. */
export interface RowConverter {
  /** Problems are appended to `problems`. */
  convert(row: CsvRow, problems: Problem[]): ConvertedRow
}

/** What a converter must know beside the options. */
export interface ConvertContext {
  customFields: ReadonlyMap<string, AttributeField>
  /** When the import began: the day of birth lies before it, a no without date is dated by it. */
  now: Date
  /** The name of the file, which stands as the source of a no without one. */
  fileName: string
}

/** Prepares the conversion of an import's rows: one function per mapped column, so that a row costs no look-ups. */
export function rowConverter(options: ImportOptions, about: ConvertContext): RowConverter {
  const columns = options.columns.flatMap((mapping, index) => {
    const apply = applyFor(mapping, options, about)
    return apply === null ? [] : [{ index, apply }]
  })
  const statedAt = options.consentDate === null ? null : new Date(`${options.consentDate}T12:00:00Z`)

  return {
    convert(row, problems) {
      const consent: RowConsent = { email: null, sms: null, at: statedAt, source: options.consentSource }
      const draft = emptyDraft()
      draft.tags = options.tags
      const gathered: Gathered = { draft, row, consent }
      for (const { index, apply } of columns) {
        const cell = row.cells[index]
        if (cell === undefined || cell === '') continue
        const trimmed = cell.trim()
        if (trimmed === '') continue
        const reason = apply(trimmed, gathered)
        if (reason !== null) problems.push(problem(row, index + 1, reason, cell, false))
      }
      if (row.quoteUnclosed) problems.push(problem(row, 0, 'quote_unclosed', '', false))
      if (
        row.cells.length > options.columns.length &&
        row.cells.slice(options.columns.length).some((cell) => cell.trim() !== '')
      ) {
        problems.push(
          problem(
            row,
            options.columns.length + 1,
            'cells_too_many',
            row.cells[options.columns.length] ?? '',
            false,
          ),
        )
      }
      if (draft.email === null && draft.phone === null) {
        if (row.cells.every((cell) => cell.trim() === '')) return NOTHING
        leaveOut(row, problems)
        return NOTHING
      }
      return { draft, claims: claimsOf(gathered, problems, about) }
    },
  }
}

const NOTHING: ConvertedRow = { draft: null, claims: [] }
const NO_CLAIMS: readonly ConsentClaim[] = []

/** A row without a usable address: the problems of its addresses explain it, or that it has none. */
function leaveOut(row: CsvRow, problems: Problem[]): void {
  let isExplained = false
  for (let i = problems.length - 1; i >= 0 && problems[i]?.rowNumber === row.number; i--) {
    const found = problems[i]
    if (!found || !(found.reason.startsWith('email_') || found.reason.startsWith('phone_'))) continue
    found.isRow = true
    isExplained = true
  }
  if (!isExplained) problems.push(problem(row, 0, 'address_missing', '', true))
}

function problem(row: CsvRow, columnNumber: number, reason: Reason, value: string, isRow: boolean): Problem {
  // PostgreSQL cannot store NUL, not even to show it.
  return {
    rowNumber: row.number,
    columnNumber,
    reason,
    value: value.slice(0, PROBLEM_VALUE_CHARS_MAX).replaceAll('\0', '␀'),
    isRow,
  }
}

/**
 * A yes counts only with its date and its source (PC-09); a no always counts, dated by the import when the file does
 * not say when. Nothing said stays nothing.
 */
function claimsOf(
  { draft, row, consent }: Gathered,
  problems: Problem[],
  about: ConvertContext,
): readonly ConsentClaim[] {
  if (consent.email === null && consent.sms === null) return NO_CLAIMS
  const claims: ConsentClaim[] = []
  for (const channel of ['email', 'sms'] as const) {
    const granted = consent[channel]
    if (granted === null) continue
    const hasAddress = channel === 'email' ? draft.email !== null : draft.phone !== null
    if (!hasAddress) {
      if (granted) problems.push(problem(row, 0, 'consent_no_address', channel, false))
      continue
    }
    if (granted && (consent.at === null || consent.source === null))
      problems.push(problem(row, 0, 'consent_unproven', channel, false))
    else
      claims.push({ channel, granted, at: consent.at ?? about.now, source: consent.source ?? about.fileName })
  }
  return claims
}

function applyFor(mapping: ColumnMapping, options: ImportOptions, about: ConvertContext): Apply | null {
  const { target } = mapping
  const key = customKeyOf(target)
  if (key !== null) {
    const field = about.customFields.get(key)
    if (!field) return null
    const parse = remembered((cell) => parseAttribute(cell, field, mapping))
    return (cell, { draft }) => {
      const parsed = parse(cell)
      if (!parsed.ok) return parsed.reason
      draft.attributes[key] = parsed.value
      return null
    }
  }
  switch (target) {
    case 'ignore':
      return null
    case 'fullName':
      return (cell, { draft }) => setFullName(draft, cell)
    case 'tags': {
      const parse = remembered((cell) => {
        const parsed = parseList(cell)
        return parsed.ok ? read([...new Set([...options.tags, ...parsed.value])]) : parsed
      })
      return (cell, { draft }) => store(parse(cell), (tags) => (draft.tags = tags))
    }
    case 'consent.email':
      return (cell, { consent }) => store(parseBoolean(cell), (granted) => (consent.email = granted))
    case 'consent.sms':
      return (cell, { consent }) => store(parseBoolean(cell), (granted) => (consent.sms = granted))
    case 'consent.at':
      return (cell, { consent }) => {
        const parsed = parseInstant(cell, mapping.dateOrder)
        if (parsed.ok && parsed.value > about.now) return 'date_future'
        return store(parsed, (at) => (consent.at = at))
      }
    case 'consent.source':
      return (cell, { consent }) =>
        store(parseText(cell, SHORT_TEXT_CHARS_MAX), (source) => (consent.source = source))
    default: {
      const field = target as StandardField // what is left of the union: custom keys and special targets are handled above
      const parser = parserOf(field, mapping, options, about)
      // Addresses are each their own; everything else repeats.
      const parse = field === 'email' || field === 'phone' ? parser : remembered(parser)
      return (cell, { draft }) => {
        const parsed = parse(cell)
        if (!parsed.ok) return parsed.reason
        draft[field] = parsed.value
        return null
      }
    }
  }
}

function store<T>(parsed: Parsed<T>, keep: (value: T) => void): Reason | null {
  if (!parsed.ok) return parsed.reason
  keep(parsed.value)
  return null
}

/** How the text of a standard field is read. */
function parserOf(
  field: StandardField,
  mapping: ColumnMapping,
  options: ImportOptions,
  about: ConvertContext,
): (cell: string) => Parsed<string> {
  switch (field) {
    case 'email':
      return parseEmail
    case 'phone':
      return (cell) => parsePhone(cell, options.defaultCountry)
    case 'country':
      return parseCountry
    case 'language':
      return parseLanguage
    case 'timeZone':
      return parseTimeZone
    case 'birthday': {
      const today = about.now.toISOString().slice(0, 10)
      return (cell) => {
        const parsed = parseDay(cell, mapping.dateOrder)
        return parsed.ok && parsed.value > today ? { ok: false, reason: 'date_future' } : parsed
      }
    }
    case 'firstName':
    case 'lastName':
    case 'city':
    case 'subscriptionTier':
    case 'subscriptionStatus':
      return (cell) => parseText(cell, SHORT_TEXT_CHARS_MAX)
  }
}

/** `Dupont, Jean`, `Jean DUPONT` and `Jean Dupont` are read; of several words the first is the first name. */
function setFullName(draft: Draft, cell: string): Reason | null {
  const parsed = parseText(cell, SHORT_TEXT_CHARS_MAX)
  if (!parsed.ok) return parsed.reason
  const [last, first] = parsed.value.split(/\s*,\s*/, 2)
  if (first !== undefined && first !== '') {
    draft.firstName ??= first
    draft.lastName ??= last ?? null
    return null
  }
  const words = parsed.value.split(/\s+/)
  const isCapital = (word: string) =>
    word.length > 1 && word === word.toUpperCase() && word !== word.toLowerCase()
  // DUPONT Jean: a last name in capitals stands first in many French files.
  const capitals = words.findIndex((word) => !isCapital(word))
  const cut = capitals > 0 ? capitals : 1
  const [head, tail] = [words.slice(0, cut).join(' '), words.slice(cut).join(' ')]
  draft.firstName ??= capitals > 0 ? tail : head
  draft.lastName ??= (capitals > 0 ? head : tail) || null
  return null
}
