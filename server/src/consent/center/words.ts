/** Texts in the languages that pages speak. Pure. */
import { z } from 'zod'
import type { Locale } from '../../platform/context.ts'

/** A text in one language or in both. */
export const localized = (charsMax: number) =>
  z.strictObject({
    en: z.string().trim().max(charsMax).optional(),
    fr: z.string().trim().max(charsMax).optional(),
  })

/** A text in one language or in both. */
export type Localized = Partial<Record<Locale, string | undefined>>

/** The text in a language, or in the other one; null when there is none. */
export function textIn(words: Localized | undefined, locale: Locale): string | null {
  const other = locale === 'fr' ? 'en' : 'fr'
  return [words?.[locale], words?.[other]].find((text) => text !== undefined && text !== '') ?? null
}

/** The language in which `textIn` answers. */
export function languageOf(words: Localized, locale: Locale): Locale {
  const own = words[locale]
  return own !== undefined && own !== '' ? locale : locale === 'fr' ? 'en' : 'fr'
}
