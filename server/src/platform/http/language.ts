/** The language that a refusal is said in: what the caller asks for, English when in doubt. */
import type { FastifyRequest } from 'fastify'
import type { Locale } from '../context.ts'
import { FRENCH } from './french.ts'
import { SCHEMA_WORDS } from './schema-words.ts'

/** The language of a request, by its `accept-language`. Programs send none and read English. */
export const localeOf = (request: FastifyRequest): Locale =>
  /^\s*fr/i.test(request.headers['accept-language'] ?? '') ? 'fr' : 'en'

/** A sentence of ours or of the schema library in a language; one that has no words there stays as it is. */
export const inLanguage = (sentence: string, locale: Locale): string =>
  said(sentence, locale, PHRASES[locale])

/** The same of our own sentences alone, where words of others may stand instead: those stay as they are. */
export const ownInLanguage = (sentence: string, locale: Locale): string =>
  locale === 'fr' ? said(sentence, locale, OWN_FRENCH) : sentence

function said(sentence: string, locale: Locale, { exact, patterns }: Phrases): string {
  const known = exact.get(sentence)
  if (known !== undefined) return known
  for (const { pattern, words } of patterns) {
    const parts = pattern.exec(sentence)
    if (parts === null) continue
    let next = 0
    return words.replaceAll(/\{(\d?)\}/g, (_hole, at: string) => {
      next += 1
      const part = parts[at === '' ? next : Number(at) + 1] ?? ''
      return locale === 'fr' ? grouped(part) : part
    })
  }
  return sentence
}

/** Numbers as French groups them: 1,000 → 1 000, with a narrow space that does not break. */
const grouped = (part: string): string => part.replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '\u202f')

/** Whether a sentence can be said in French; for the test that looks at all of them. */
export const hasFrench = (sentence: string): boolean =>
  PHRASES.fr.exact.has(sentence) || PHRASES.fr.patterns.some(({ pattern }) => pattern.test(sentence))

interface Phrases {
  /** Sentences without holes. */
  exact: ReadonlyMap<string, string>
  /** Sentences with holes, those with more words of their own first: “{} characters” before “{}”. */
  patterns: readonly { pattern: RegExp; words: string }[]
}

function phrasesOf(entries: readonly (readonly [sentence: string, words: string])[]): Phrases {
  return {
    exact: new Map(entries.filter(([sentence]) => !sentence.includes('{}'))),
    patterns: entries
      .filter(([sentence]) => sentence.includes('{}'))
      .toSorted(([one], [other]) => other.length - one.length)
      .map(([sentence, words]) => ({
        pattern: new RegExp(
          `^${sentence
            .split('{}')
            .map((part) => RegExp.escape(part))
            .join('(.+?)')}$`,
          's',
        ),
        words,
      })),
  }
}

const SCHEMA_PHRASES = Object.entries(SCHEMA_WORDS)

const OWN_FRENCH = phrasesOf(Object.entries(FRENCH))
const PHRASES: Readonly<Record<Locale, Phrases>> = {
  en: phrasesOf(SCHEMA_PHRASES.map(([sentence, { en }]) => [sentence, en])),
  fr: phrasesOf([
    ...Object.entries(FRENCH),
    ...SCHEMA_PHRASES.map(([sentence, { fr }]) => [sentence, fr] as const),
  ]),
}
