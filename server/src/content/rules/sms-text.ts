/**
 * How a text travels as SMS: its alphabet, the parts it is cut into, the characters that make it dear, and a cheaper
 * spelling of it. Pure.
 * Source: 3GPP TS 23.038 §6.2.1 (GSM 7 bit default alphabet and its extension table), TS 23.040 §9.2.3.24 (concatenation);
 * MA-5.1, PC-39…PC-42
 */

/** `gsm7`: the cheap alphabet of telephones. `ucs2`: everything, in UTF-16 units. */
export type SmsEncoding = 'gsm7' | 'ucs2'

/** Units of a text that fits one part, and of each part when several are joined (six octets of header). */
export const SMS_UNITS: Readonly<Record<SmsEncoding, { alone: number; joined: number }>> = {
  gsm7: { alone: 160, joined: 153 },
  ucs2: { alone: 70, joined: 67 },
}
/** Parts that operators join reliably; longer texts are refused by most providers. */
export const SMS_PARTS_MAX = 10

const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const EXTENSION = '\f^{}\\[~]|€'
/** Septets that a character costs; one that is not here has no place in the alphabet. */
const SEPTETS: ReadonlyMap<string, number> = new Map([
  ...Array.from(BASIC).map((character) => [character, 1] as const),
  ...Array.from(EXTENSION).map((character) => [character, 2] as const),
])

/** A character that keeps a text out of the cheap alphabet. */
export interface OffendingCharacter {
  character: string
  /** As Unicode names it, `U+2019`. */
  codePoint: string
  count: number
  /** What smart encoding would write in its place; null when nothing reads the same. */
  replacement: string | null
}

/** A text as SMS. */
export interface SmsMeasure {
  encoding: SmsEncoding
  /** Septets or UTF-16 units, before it is cut. */
  units: number
  parts: readonly string[]
  offending: readonly OffendingCharacter[]
}

/** Measures a text as it would leave: composed (NFC), so that an accent typed apart costs nothing. */
export function measureSms(text: string): SmsMeasure {
  const characters = Array.from(text.normalize('NFC'))
  const encoding = characters.every((character) => SEPTETS.has(character)) ? 'gsm7' : 'ucs2'
  const cost = (character: string): number =>
    encoding === 'gsm7' ? (SEPTETS.get(character) ?? 0) : character.length
  return {
    encoding,
    units: characters.reduce((sum, character) => sum + cost(character), 0),
    parts: cut(characters, cost, SMS_UNITS[encoding]),
    offending: offendingIn(characters),
  }
}

/** Texts of so few characters have ten parts at most, in either alphabet: not worth a measure. */
const SURELY_FITS_CHARACTERS = SMS_PARTS_MAX * SMS_UNITS.ucs2.joined - SMS_PARTS_MAX

/** Is it more than operators join? Most providers refuse such a text, some after they took part of it. */
export const isTooLongForSms = (text: string): boolean =>
  text.length > SURELY_FITS_CHARACTERS && measureSms(text).parts.length > SMS_PARTS_MAX

/** Whole characters only: an extension pair or a surrogate pair that does not fit begins the next part. */
function cut(
  characters: readonly string[],
  cost: (character: string) => number,
  room: { alone: number; joined: number },
): string[] {
  if (characters.reduce((sum, character) => sum + cost(character), 0) <= room.alone)
    return [characters.join('')]
  const parts: string[] = []
  let part = ''
  let used = 0
  for (const character of characters) {
    const units = cost(character)
    if (used + units > room.joined) {
      parts.push(part)
      part = ''
      used = 0
    }
    part += character
    used += units
  }
  return [...parts, part]
}

function offendingIn(characters: readonly string[]): OffendingCharacter[] {
  const counts = new Map<string, number>()
  for (const character of characters)
    if (!SEPTETS.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  return [...counts].map(([character, count]) => ({
    character,
    codePoint: codePointOf(character),
    count,
    replacement: REPLACEMENTS.get(character) ?? null,
  }))
}

const codePointOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** What reads the same in the cheap alphabet. Letters lose an accent only where the language stays readable. */
const REPLACEMENTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '’‘‚‛ʼ′´`': "'",
    '“”„‟″«»': '"',
    '–—‐‑‒―−': '-',
    '…': '...',
    // No-break, narrow, thin and other spaces; the zero-width ones vanish.
    '\u00a0\u202f\u2009\u2007\u2002\u2003\u2008\u200a\u3000\t': ' ',
    '\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f': '',
    '•·‣': '-',
    ç: 'c',
    êëęēĕė: 'e',
    âáãāăą: 'a',
    îïíīĭį: 'i',
    ôóõōŏő: 'o',
    ûúūŭůű: 'u',
    ÿýŷ: 'y',
    œ: 'oe',
    ÀÂÁÃĀ: 'A',
    ÈÊËĒ: 'E',
    ÎÏÍÌĪ: 'I',
    ÔÓÒÕŌ: 'O',
    ÛÚÙŪ: 'U',
    Ÿ: 'Y',
    Œ: 'OE',
    '™': '(TM)',
    '®': '(R)',
    '©': '(C)',
    '×': 'x',
  }).flatMap(([characters, replacement]) =>
    Array.from(characters, (character) => [character, replacement] as const),
  ),
)

/**
 * Rewrites what reads the same in the cheap alphabet. Only when that makes the whole text cheap: otherwise the text
 * stays as it was written, because it would lose its spelling for nothing.
 */
export function smartlyEncoded(text: string): string {
  const composed = text.normalize('NFC')
  const written = Array.from(composed, (character) =>
    SEPTETS.has(character) ? character : (REPLACEMENTS.get(character) ?? character),
  ).join('')
  return measureSms(written).encoding === 'gsm7' ? written : composed
}
