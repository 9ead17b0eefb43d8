import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { smsIntent } from './keywords.ts'
import {
  isTooLongForSms,
  measureSms,
  smartlyEncoded,
  SMS_PARTS_MAX,
  SMS_UNITS,
} from '../../../content/index.ts'

const parts = (text: string): number => measureSms(text).parts.length
const encodingOf = (text: string): string => measureSms(text).encoding

describe('parts', () => {
  test('PC-39 160 septets travel alone, 153 in each part when joined', () => {
    const counts = [160, 161, 306, 307, 459, 460].map((length) => parts('a'.repeat(length)))
    expect(counts).toEqual([1, 2, 2, 3, 3, 4])
  })

  test('PC-40 a character of the extension table costs two septets', () => {
    const texts = ['a'.repeat(158) + '€', 'a'.repeat(159) + '€', '€'.repeat(80), '€'.repeat(81)]
    expect(texts.map(parts)).toEqual([1, 2, 1, 2])
    expect(texts.map((text) => measureSms(text).units)).toEqual([160, 161, 160, 162])
  })

  test('PC-40 an extension pair is never cut in two', () => {
    expect(parts('a'.repeat(152) + '€' + 'a'.repeat(152))).toBe(3)
    expect(measureSms('a'.repeat(152) + '€' + 'a'.repeat(152)).parts[1]).toBe('€' + 'a'.repeat(151))
  })

  test('PC-41 the alphabet of French texts, with the characters that cost it', () => {
    expect(
      ['Ça va', 'Reçu', 'à bientôt', 'É', 'À', "l'offre", 'l’offre'].map((text) => [
        encodingOf(text),
        measureSms(text)
          .offending.map(({ character }) => character)
          .join(''),
      ]),
    ).toEqual([
      ['gsm7', ''],
      ['ucs2', 'ç'],
      ['ucs2', 'ô'],
      ['gsm7', ''],
      ['ucs2', 'À'],
      ['gsm7', ''],
      ['ucs2', '’'],
    ])
  })

  test('PC-41 an accent typed apart counts as its composed letter', () => {
    expect(encodingOf('e\u0301te\u0301')).toBe('gsm7')
  })

  test('PC-42 UCS-2 holds 70 units alone and 67 joined, and keeps surrogate pairs whole', () => {
    const texts = [
      ...[69, 70, 133, 134].map((length) => `ê${'a'.repeat(length)}`),
      ...[35, 36, 66, 67].map((length) => '😀'.repeat(length)),
    ]
    expect(texts.map(parts)).toEqual([1, 2, 2, 3, 1, 2, 2, 3])
  })

  test('PC-42 whatever the text, its parts join to it, fit, and split no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const measure = measureSms(text)
        const { alone, joined } = SMS_UNITS[measure.encoding]
        expect(measure.parts.join('')).toBe(text.normalize('NFC'))
        const room = measure.parts.length === 1 ? alone : joined
        const units = measure.parts.map((part) =>
          measure.encoding === 'ucs2' ? part.length : measureSms(part).units,
        )
        expect(Math.max(...units)).toBeLessThanOrEqual(room)
        expect(measure.parts.every((part) => part.isWellFormed() || !text.isWellFormed())).toBe(true)
      }),
    )
  })
})

describe('smart encoding', () => {
  test('PC-41 typographic characters give way when that makes the text cheap', () => {
    expect(smartlyEncoded('L’offre… “Été” à 10 € – reçu')).toBe('L\'offre... "Été" à 10 € - recu')
    expect(encodingOf(smartlyEncoded('L’offre… reçu à 10 €'))).toBe('gsm7')
  })

  test('PC-41 a text that stays dear keeps its spelling', () => {
    expect(smartlyEncoded('Reçu 😀')).toBe('Reçu 😀')
  })
})

describe('keywords', () => {
  test.each([
    ' stop. ',
    'Arrêt',
    'STOP 36111',
    'cancel',
    'Stop!!! 🛑',
    'arrete',
    'ARRÊTEZ',
    'opt-out',
    'OptOut',
    'stopall',
    'S T O P',
    'please stop',
    'Stop please',
    'STOP AU 36111',
    'desabonner',
    'me désabonner',
    'Unsubscribe me',
    'do not text me again',
    'plus de sms svp',
    'QUIT',
    'end',
    'revoke',
    'ＳＴＯＰ',
  ])('PC-43 «%s» is an opt-out', (text) => {
    expect(smsIntent(text)).toBe('stop')
  })

  test.each([
    ['START', 'start'],
    ['oui', 'yes'],
    ['Yes please', 'yes'],
    ['Unstop', 'start'],
    ['reprendre', 'start'],
    ['help', 'help'],
    ['Aide ?', 'help'],
    ['contact', 'help'],
    ['Stop by the shop at noon?', 'unclear'],
    ['I saw your bus stop ad', 'unclear'],
    ['See you tomorrow', 'none'],
    ['', 'none'],
    ['Merci', 'none'],
  ] as const)('PC-43 «%s» is read as %s', (text, intent) => {
    expect(smsIntent(text)).toBe(intent)
  })
})

describe('a text beyond ten parts', () => {
  test('PC-41 is too long, whatever its alphabet, and one of ten parts is not', () => {
    for (const character of ['a', '€', 'ж', '👍']) {
      const { alone } = SMS_UNITS[measureSms(character).encoding]
      expect(isTooLongForSms(character.repeat(Math.floor(alone / 2)))).toBe(false)
      let longest = character
      while (measureSms(longest + character).parts.length <= SMS_PARTS_MAX) longest += character
      expect(isTooLongForSms(longest)).toBe(false)
      expect(isTooLongForSms(longest + character)).toBe(true)
    }
    expect(isTooLongForSms('a'.repeat(20_000))).toBe(true)
  })
})
