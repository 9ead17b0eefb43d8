/**
 * What the server says when it refuses: every sentence in French too, and a text that cannot be stored is the caller's
 * fault, with its field.
 */
import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { rooms } from '../app.ts'
import { AppError } from '../platform/errors.ts'
import { hasFrench, inLanguage } from '../platform/http/language.ts'
import { harness } from './harness.ts'

const h = await harness()
const SOURCES = fileURLToPath(new URL('..', import.meta.url))

/** Sources whose `message:` is no word to a caller of the API: made in both languages there, for operators, for logs. */
const OTHER_WORDS =
  /\.test\.ts$|^testing\/|^platform\/config\/|-messages\.ts$|message-texts\.ts$|mail-line\.ts$/
/** Sources whose other sentences are for operators and logs. */
const OPERATORS_WORDS =
  /^cli\.ts$|^platform\/(?:backup|commands|db|jobs|postgres|supervisor)\/|smtp-settings\.ts$/
/** A source that has French words says everything in both languages. */
const SAYS_BOTH = /\bfr\b|'fr'|\bFRENCH\b/

describe('refusals', () => {
  test('every error of every room has French words', async () => {
    const said = await sentencesOfErrors()
    expect(said.size).toBeGreaterThan(150)
    expect([...said].filter((sentence) => !hasFrench(sentence))).toEqual([])
  })

  test('every sentence of a schema of a route has French words', () => {
    const said = new Set(
      rooms
        .flatMap((room) => room.routes)
        .flatMap(({ spec }) => [spec.params, spec.query, spec.body])
        .flatMap((schema) => (schema === undefined ? [] : sentencesOfSchema(schema))),
    )
    expect(said.size).toBeGreaterThan(80)
    expect([...said].filter((sentence) => !hasFrench(sentence))).toEqual([])
  })

  test('every sentence that a verb or a transport says has French words', async () => {
    const said = await sentencesInSources()
    expect(said.size).toBeGreaterThan(60)
    expect([...said].filter((sentence) => !hasFrench(sentence))).toEqual([])
  })

  test('a sentence keeps its numbers and names in another language', () => {
    expect(inLanguage('At most 1,000 characters.', 'fr')).toBe('Au plus 1\u202f000 caractères.')
    expect(inLanguage('Too small: expected number to be >=5', 'fr')).toBe('Au moins 5.')
    expect(inLanguage('At most 1,000 characters.', 'en')).toBe('At most 1,000 characters.')
    expect(inLanguage('Too big: expected string to have <=1,000 characters', 'en')).toBe(
      'At most 1,000 characters.',
    )
    expect(inLanguage('Words of a provider.', 'fr')).toBe('Words of a provider.')
  })

  test('a reader of French is refused in French, a program in English', async () => {
    const org = await h.organization()
    const refused = async (language?: string) =>
      (
        await org.owner.post(
          '/api/segments',
          { name: '' },
          language === undefined ? {} : { 'accept-language': language },
        )
      ).body
    expect(await refused('fr-FR,fr;q=0.9')).toMatchObject({
      code: 'request.invalid',
      detail: 'Une partie de ce qui a été envoyé n’est pas correcte.',
      errors: expect.arrayContaining([{ path: 'name', message: 'Donnez un nom au segment.' }]),
    })
    expect(await refused()).toMatchObject({
      detail: 'Some of what was sent is not right.',
      errors: expect.arrayContaining([{ path: 'name', message: 'Give the segment a name.' }]),
    })
  })

  test('what a schema misses is said in words for people, with the field', async () => {
    const org = await h.organization()
    const refused = async (body: unknown) => (await org.owner.post('/api/campaigns', body)).body
    expect(await refused({})).toMatchObject({ errors: [{ path: 'name', message: 'This field is needed.' }] })
    expect(await refused({ name: 7 })).toMatchObject({
      errors: [{ path: 'name', message: 'A text is expected.' }],
    })
  })

  test.each([
    ['\0', 'NUL'],
    ['\ud800', 'half a surrogate pair'],
  ])('a text that holds %j (%s) is refused with its field, not answered as our fault', async (text) => {
    const org = await h.organization()
    const answer = await org.editor.post('/api/campaigns', { name: `Spring${text}` })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      code: 'request.invalid',
      errors: [{ path: 'name', message: 'This text holds a character that cannot be stored.' }],
    })
  })

  test('a file of spends that is no text is refused as such', async () => {
    const org = await h.organization()
    const answer = await org.owner.post('/api/spends/imports/preview', {
      fileName: 'media.csv',
      text: 'PK\u0003\u0004\0\0garbage',
    })
    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe('reports.spend_file_not_text')
  })
})

/** What the errors of all rooms say. */
async function sentencesOfErrors(): Promise<Set<string>> {
  const said = new Set<string>()
  for await (const file of glob('**/errors.ts', { cwd: SOURCES })) {
    const room: { errors?: Record<string, () => unknown> } = await import(/* @vite-ignore */ `../${file}`)
    for (const make of Object.values(room.errors ?? {})) {
      const error = make()
      if (error instanceof AppError) said.add(error.message)
    }
  }
  return said
}

/** The sentences of our own that a schema may answer. */
function sentencesOfSchema(schema: z.ZodType): string[] {
  const said: string[] = []
  const seen = new Set<unknown>()
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return
    seen.add(part)
    const { _zod: inside }: { _zod?: { def: Record<string, unknown> } } = part
    if (inside === undefined) {
      Object.values(part).forEach(walk)
      return
    }
    const { error, getter, ...def } = inside.def
    if (typeof error === 'function') {
      const sentence: unknown = error({ code: 'custom', input: null, path: [] })
      if (typeof sentence === 'string') said.push(sentence)
    }
    if (typeof getter === 'function') walk(getter())
    Object.values(def).forEach(walk)
  }
  walk(schema)
  return said
}

/** What is said about a field. */
const FIELD_MESSAGE = /\bmessage: (['`])((?:(?!\1)[^\n])+)\1/g
/** A text of one line that is a sentence. */
const SENTENCE = /(['`])([A-Z](?:(?!\1)[^\n])*[a-z](?:(?!\1)[^\n])*[.!])\1/g
/** What stands before words about a route, for its documentation, and before what nobody reads while it holds. */
const NO_ANSWER = /^\s*(?:\/\/|\*|\/\*)|\b(?:summary|description|details?):\s*$|\bassert\(/

/** What verbs and transports say: the sentences in their sources, with numbers for what is worked out. */
async function sentencesInSources(): Promise<Set<string>> {
  const said = new Set<string>()
  for await (const file of glob('**/*.ts', { cwd: SOURCES })) {
    if (OTHER_WORDS.test(file) || file.endsWith('errors.ts')) continue
    const source = await readFile(`${SOURCES}${file}`, 'utf8')
    const messages = [...source.matchAll(FIELD_MESSAGE)]
    const sentences = OPERATORS_WORDS.test(file) || SAYS_BOTH.test(source) ? [] : sentencesIn(source)
    for (const [, quote, text = ''] of [...messages, ...sentences]) {
      const sentence = quote === '`' ? text.replaceAll(/\$\{.*?\}(?![^{]*\}\))/g, '7') : text
      if (/^[A-Z7].*[a-z]/.test(sentence)) said.add(sentence)
    }
  }
  return said
}

const sentencesIn = (source: string): RegExpMatchArray[] =>
  [...source.matchAll(SENTENCE)].filter(
    ({ index }) => !NO_ANSWER.test(source.slice(source.lastIndexOf('\n', index) + 1, index)),
  )
