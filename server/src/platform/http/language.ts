/** The language that a refusal is said in: what the caller asks for, English when in doubt. */
import type { FastifyRequest } from 'fastify'
import type { Locale } from '../context.ts'
import { FRENCH } from './french.ts'

/** The language of a request, by its `accept-language`. Programs send none and read English. */
export const localeOf = (request: FastifyRequest): Locale =>
  /^\s*fr/i.test(request.headers['accept-language'] ?? '') ? 'fr' : 'en'

/** A sentence of ours in a language; one that has no words there stays as it is. */
export function inLanguage(sentence: string, locale: Locale): string {
  if (locale === 'en') return sentence
  const exact = FRENCH[sentence]
  if (exact !== undefined) return exact
  for (const { pattern, french } of PATTERNS) {
    const parts = pattern.exec(sentence)
    if (parts === null) continue
    let next = 0
    return french.replaceAll(/\{(\d?)\}/g, (_hole, at: string) => {
      next += 1
      return grouped(parts[at === '' ? next : Number(at) + 1] ?? '')
    })
  }
  return sentence
}

/** Numbers as French groups them: 1,000 → 1 000, with a narrow space that does not break. */
const grouped = (part: string): string => part.replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '\u202f')

/** Whether a sentence can be said in French; for the test that looks at all of them. */
export const hasFrench = (sentence: string): boolean =>
  sentence in FRENCH || PATTERNS.some(({ pattern }) => pattern.test(sentence))

/** Sentences with holes, those with more words of their own first: “{} characters” before “{}”. */
const PATTERNS = Object.entries(FRENCH)
  .filter(([english]) => english.includes('{}'))
  .sort(([one], [other]) => other.length - one.length)
  .map(([english, french]) => ({
    pattern: new RegExp(
      `^${english
        .split('{}')
        .map((words) => RegExp.escape(words))
        .join('(.+?)')}$`,
      's',
    ),
    french,
  }))
