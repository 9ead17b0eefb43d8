/** Amounts and days as spreadsheets write them. Pure. */

/** What was read, or why it could not be. */
export type Read<Value, Code extends string> = { value: Value } | { code: Code }

/**
 * An amount in minor units. `1 234,50`, `1,234.50` and `€12` are read; `1,234` is not, because it is one amount in English
 * and another in French.
 *
 * @param decimals  of the currency
 */
export function readAmount(
  text: string,
  decimals: number,
): Read<
  number,
  'amount_missing' | 'amount_unreadable' | 'amount_ambiguous' | 'amount_not_positive' | 'amount_too_precise'
> {
  const plain = text.replaceAll(/[\s\u00a0\u202f'’]|\p{Sc}/gu, '')
  if (plain === '') return { code: 'amount_missing' }
  if (!/^-?[\d.,]*\d[\d.,]*$/.test(plain)) return { code: 'amount_unreadable' }
  const point = pointOf(plain)
  if (point === 'ambiguous') return { code: 'amount_ambiguous' }
  const [whole = '', fraction = ''] = point === null ? [plain] : splitAt(plain, point)
  const digits = whole.replaceAll(/[.,]/g, '')
  if (!isGrouped(whole.replace('-', '')) || /\D/.test(fraction)) return { code: 'amount_unreadable' }
  if (fraction.replace(/0+$/, '').length > decimals) return { code: 'amount_too_precise' }
  const minor = Number(`${digits}${fraction.slice(0, decimals).padEnd(decimals, '0')}`)
  if (!(minor > 0)) return { code: 'amount_not_positive' }
  return Number.isSafeInteger(minor) && minor <= AMOUNT_MINOR_MAX
    ? { value: minor }
    : { code: 'amount_unreadable' }
}

/**
 * Tells whether what is written may be an amount of a currency: its code, or a sign that the currency has. A dollar is one
 * of any country that calls its money so. Its signs are looked up once, for all rows of a file.
 */
export function currencyTest(currency: string): (written: string) => boolean {
  const signs = (['narrowSymbol', 'symbol'] as const).map(
    (currencyDisplay) =>
      new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay })
        .formatToParts(1)
        .find(({ type }) => type === 'currency')?.value ?? currency,
  )
  return (written) => (/^[A-Z]{3}$/.test(written) ? written === currency : signs.includes(written))
}

/** The sign of a currency that stands beside an amount; null without one. */
export const signIn = (text: string): string | null => /\p{Sc}/u.exec(text)?.[0] ?? null

/** A hundred thousand million minor units: more is a mistake. */
const AMOUNT_MINOR_MAX = 1e11

/** Where the decimal point of an amount stands; null without one. */
function pointOf(text: string): number | 'ambiguous' | null {
  const [comma, stop] = [text.lastIndexOf(','), text.lastIndexOf('.')]
  // With both, the last is the point.
  if (comma >= 0 && stop >= 0) return Math.max(comma, stop)
  const at = Math.max(comma, stop)
  if (at < 0) return null
  const isRepeated = text.indexOf(text.charAt(at)) !== at
  if (isRepeated) return null
  const before = text.slice(0, at).replace('-', '')
  // 1,234 may be a thousand or one; 0,234 and 12345,678 can only have a point.
  return text.length - at - 1 === 3 && /^[1-9]\d{0,2}$/.test(before) ? 'ambiguous' : at
}

const splitAt = (text: string, at: number): [string, string] => [text.slice(0, at), text.slice(at + 1)]

/** Whole numbers with or without groups of three. */
const isGrouped = (whole: string): boolean => /^\d*$/.test(whole) || /^\d{1,3}([.,]\d{3})+$/.test(whole)

/** In which order a day is written when the year is not first. */
export type DayOrder = 'dmy' | 'mdy'

const SLASHED = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/

/**
 * The order in which a file writes its days, told by those that can only be read one way; null when none tells, or when
 * they disagree.
 */
export function dayOrderOf(texts: readonly string[]): DayOrder | null {
  const told = new Set(
    texts.flatMap((text): DayOrder[] => {
      const [, first = '', second = ''] = SLASHED.exec(text.trim()) ?? []
      if (Number(first) > 12) return ['dmy']
      return Number(second) > 12 ? ['mdy'] : []
    }),
  )
  const [only] = told
  return told.size === 1 && only !== undefined ? only : null
}

/** A day as `2026-11-27`. */
export function readDay(text: string, order: DayOrder): Read<string, 'date_missing' | 'date_unreadable'> {
  const written = text.trim()
  if (written === '') return { code: 'date_missing' }
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/.exec(written)
  const [, first = '', second = '', last = ''] = SLASHED.exec(written) ?? []
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : [last.length === 2 ? `20${last}` : last, ...(order === 'dmy' ? [second, first] : [first, second])]
  try {
    return {
      value: Temporal.PlainDate.from(
        { year: Number(year), month: Number(month), day: Number(day) },
        { overflow: 'reject' },
      ).toString(),
    }
  } catch {
    return { code: 'date_unreadable' }
  }
}
