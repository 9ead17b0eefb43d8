/** Numbers and yes/no, in French and in English. */
import { type Parsed, read, refused } from './reasons.ts'
import { fold } from './text.ts'

/** Which sign stands before the fraction where both readings are possible, as in 1,250. */
export type DecimalSign = 'comma' | 'point'

/** Digits that a double keeps exactly. */
const DIGITS_MAX = 15

/** Reads a number; currency signs, percent signs and group separators around it are dropped. */
export function parseNumber(text: string, sign: DecimalSign): Parsed<number> {
  const bare = text.trim().replaceAll(/[\s\u00a0\u202f'’€$£%]|eur|usd|gbp|chf/gi, '')
  const negative = /^\((.+)\)$/.exec(bare)
  const written = negative ? `-${negative[1]}` : bare
  if (!/^[+-]?[\d.,]*\d[\d.,]*(?:e[+-]?\d{1,3})?$/i.test(written)) return refused('number_unknown')
  const plain = withPoint(written, sign)
  if (plain === null) return refused('number_unknown')
  const value = Number(plain)
  if (Number.isNaN(value)) return refused('number_unknown')
  const digits = plain.replace(/e.*$/i, '').replaceAll(/\D/g, '').replace(/^0+/, '').length
  return !Number.isFinite(value) || digits > DIGITS_MAX ? refused('number_too_large') : read(value)
}

/** The number with a point before its fraction and no groups, or null when its signs make no number. */
function withPoint(written: string, sign: DecimalSign): string | null {
  const comma = written.lastIndexOf(',')
  const point = written.lastIndexOf('.')
  if (comma === -1 && point === -1) return written
  // Both present: the last one stands before the fraction. One, several times: it separates groups.
  const isComma = comma !== -1 && point !== -1 ? comma > point : comma !== -1
  const decimal = isComma ? ',' : '.'
  const isRepeated = written.indexOf(decimal) !== written.lastIndexOf(decimal)
  const isBoth = comma !== -1 && point !== -1
  const looksGrouped = GROUPED.test(written)
  const isDecimal = isBoth ? !isRepeated : !isRepeated && !(looksGrouped && (sign === 'comma') !== isComma)
  if (isBoth && isRepeated) return null
  if (!isDecimal && !looksGrouped) return null
  const other = isComma ? '.' : ','
  const ungrouped = written.replaceAll(other, '')
  return isDecimal ? ungrouped.replace(decimal, '.') : ungrouped.replaceAll(decimal, '')
}
const GROUPED = /^[+-]?\d{1,3}(?:[.,]\d{3})+$/

/**
 * The sign that a column's values prove: a value such as `12,5` or `1.250,00` can be read one way only.
 * @returns null when every value reads both ways
 */
export function decimalSignOf(values: Iterable<string>): DecimalSign | null {
  let comma = 0
  let point = 0
  for (const value of values) {
    const bare = value.replaceAll(/[\s\u00a0\u202f'’€$£%]/g, '')
    const [commaAt, pointAt] = [bare.lastIndexOf(','), bare.lastIndexOf('.')]
    if (commaAt === -1 && pointAt === -1) continue
    if (commaAt !== -1 && pointAt !== -1) {
      if (commaAt > pointAt) comma++
      else point++
    } else if (!GROUPED.test(bare)) {
      if (commaAt !== -1) comma++
      else point++
    }
  }
  if (comma === point) return null
  return comma > point ? 'comma' : 'point'
}

const YES = new Set([
  'yes',
  'y',
  'true',
  't',
  '1',
  'oui',
  'o',
  'vrai',
  'v',
  'x',
  'on',
  'ok',
  'checked',
  'subscribed',
  'opted in',
  'opt-in',
  'optin',
  'abonne',
  'inscrit',
  'accepted',
  'accepte',
  'granted',
])
const NO = new Set([
  'no',
  'n',
  'false',
  'f',
  '0',
  'non',
  'faux',
  'off',
  'unchecked',
  'unsubscribed',
  'opted out',
  'opt-out',
  'optout',
  'desabonne',
  'desinscrit',
  'refused',
  'refuse',
  'denied',
  'never subscribed',
  'not subscribed',
  'not_subscribed',
  'cleaned',
  'blacklisted',
  '-1',
])

/** Reads yes or no, in both languages and as exports of the usual tools write them. */
export function parseBoolean(text: string): Parsed<boolean> {
  const word = fold(text)
  if (YES.has(word)) return read(true)
  return NO.has(word) ? read(false) : refused('boolean_unknown')
}
