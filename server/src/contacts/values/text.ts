/** Plain text, lists, tags and choices. */
import { type Parsed, read, refused } from './reasons.ts'

/** Longest value of a standard text field (names, city, tier), in characters. */
export const SHORT_TEXT_CHARS_MAX = 200
/** Longest value of a custom text field, in characters. */
export const LONG_TEXT_CHARS_MAX = 2_000
/** Most entries of a list, and most tags of a contact. */
export const LIST_ENTRIES_MAX = 100
/** Longest entry of a list, longest tag and longest choice, in characters. */
export const ENTRY_CHARS_MAX = 100

// Control characters other than tab and line ends; NUL cannot even be stored by PostgreSQL.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** Text without surrounding space, and without the apostrophe that exports put before what looks like a formula. */
export function parseText(text: string, charsMax: number): Parsed<string> {
  // Composed letters: `é` is one letter however a file wrote it, so that rules and searches find it.
  const trimmed = isAscii(text) ? text.trim() : text.trim().normalize('NFC')
  const value = /^'[=+\-@]/.test(trimmed) ? trimmed.slice(1) : trimmed
  if (value.length > charsMax) return refused('text_too_long')
  if (CONTROL.test(value)) return refused('character_control')
  if (value.includes('\ufffd')) return refused('character_broken')
  return read(value)
}

/**
 * Several short texts in one cell, separated by comma, semicolon, bar or line end. Quotes around entries, as
 * Mailchimp writes its tags, are dropped; doubles are dropped, the first spelling stays.
 */
export function parseList(text: string): Parsed<string[]> {
  const entries: string[] = []
  const seen = new Set<string>()
  for (const part of text.split(/[,;|\n]/)) {
    const entry = parseText(part.trim().replace(/^"(.*)"$/, '$1'), ENTRY_CHARS_MAX)
    if (!entry.ok) return entry
    if (entry.value === '' || seen.has(entry.value)) continue
    seen.add(entry.value)
    entries.push(entry.value)
  }
  return entries.length > LIST_ENTRIES_MAX ? refused('list_too_long') : read(entries)
}

/** One of the choices of a field, whatever its case and accents; stored as the field spells it. */
export function parseChoice(text: string, choices: readonly string[]): Parsed<string> {
  if (choices.includes(text)) return read(text)
  const wanted = fold(text)
  const choice = choices.find((candidate) => fold(candidate) === wanted)
  return choice === undefined ? refused('choice_unknown') : read(choice)
}

/**
 * Text made comparable: without accents, case and surrounding or doubled space. `Éric  ` and `eric` are the same.
 * Used for search keys, for names of countries, and for headers.
 */
export function fold(text: string): string {
  const plain = isAscii(text)
    ? text
    : text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('œ', 'oe').replaceAll('Œ', 'OE')
  return plain.toLowerCase().replaceAll(/\s+/g, ' ').trim()
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}
