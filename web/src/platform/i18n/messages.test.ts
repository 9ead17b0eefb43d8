import { globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { createTranslator, IntlErrorCode } from 'use-intl/core'
import { expect, test } from 'vitest'
import { frenchSpaces } from '../../../build/french-typography.ts'

interface Tree {
  [key: string]: string | Tree
}

const root = new URL('../../', import.meta.url).pathname
const rooms = globSync('*/messages/en.json', { cwd: root }).map((file) => basename(dirname(dirname(file))))

function read(room: string, language: 'en' | 'fr'): Map<string, string> {
  const texts = new Map<string, string>()
  const walk = (tree: Tree, path: string) => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === 'string') texts.set(path + key, value)
      else walk(value, `${path}${key}.`)
    }
  }
  walk(JSON.parse(readFileSync(`${root}${room}/messages/${language}.json`, 'utf8')), '')
  return texts
}

// A word in braces after a plural keyword is a branch; everywhere else it is a value.
const valuePattern = /(?<!(?:=\d+|\b(?:zero|one|two|few|many|other))\s*)\{(\w+)\s*[,}]|<(\w+)>/g
const names = (text: string) =>
  [...new Set([...text.matchAll(valuePattern)].map(([, a, b]) => a ?? b ?? ''))].toSorted().join(' ')

test.each(rooms)('%s says the same things in English and French, with the same values in them', (room) => {
  const [en, fr] = [read(room, 'en'), read(room, 'fr')]
  expect([...fr.keys()]).toEqual([...en.keys()])
  const different = [...en].filter(([key, text]) => names(text) !== names(fr.get(key) ?? ''))
  expect(different.map(([key]) => key)).toEqual([])
})

test.each(rooms.flatMap((room) => [[room, 'en'] as const, [room, 'fr'] as const]))(
  'every text of %s in %s is valid ICU',
  (room, language) => {
    const broken: string[] = []
    for (const [key, text] of read(room, language)) {
      const t = createTranslator({
        locale: language,
        messages: { text },
        onError: (error) => {
          if (error.code === IntlErrorCode.INVALID_MESSAGE) broken.push(`${key}: ${error.message}`)
        },
      })
      t('text', {})
    }
    expect(broken).toEqual([])
  },
)

test.each(rooms)('%s has the French plural of millions wherever it counts', (room) => {
  const counting = [...read(room, 'fr')].filter(([, text]) => /,\s*plural,/.test(text))
  expect(counting.filter(([, text]) => !text.includes('many {')).map(([key]) => key)).toEqual([])
})

test.each(rooms)('%s uses the apostrophe of print, for the straight one escapes in ICU', (room) => {
  const texts = [...read(room, 'en'), ...read(room, 'fr')]
  expect(texts.filter(([, text]) => text.includes("'")).map(([key]) => key)).toEqual([])
})

test('French punctuation gets its spaces', () => {
  expect(frenchSpaces('Attention : « Noël » est prêt ; envoyer ?')).toBe(
    'Attention\u00A0: «\u202FNoël\u202F» est prêt\u202F; envoyer\u202F?',
  )
})
