import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eraserOf } from './forget-in-json.ts'

const erase = eraserOf({
  texts: ['null', 'true', '12345', 'Ada', 'Ada Lovelace', 'ada@example.org', 'a "b" \\ c'],
  inNames: ['Ada Lovelace', 'ada@example.org'],
})

test.each([
  ['{"a": null, "b": true, "c": "null, TRUE"}', '{"a": null, "b": true, "c": "[erased], [erased]"}'],
  ['{"true": 1, "Ada": 2, "ADA@example.org": 3}', '{"true": 1, "Ada": 2, "[erased]": 3}'],
  ['[12345, 123456, -12345, 12345.5, {"x": 12345}]', '[null, 123456, -12345, 12345.5, {"x": null}]'],
  ['{"amountMinor": 12345, "count": 12345}', '{"amountMinor": 12345, "count": null}'],
  ['"ada lovelace"', '"[erased]"'],
  ['"first\\nAda"', '"first\\n[erased]"'],
  [JSON.stringify('so a "b" \\ c is'), '"so [erased] is"'],
  ['"jan.ada@example.org, Adam"', '"jan.ada@example.org, Adam"'],
  ['[12345678901234567890.10, "x"]', '[12345678901234567890.10, "x"]'],
])('PC-45 of %s stays %s', (json, left) => expect(erase(json)).toBe(left))

test('PC-45 whatever is taken out, what stays is the same JSON without it', () => {
  const word = fc.constantFrom(
    'null',
    'true',
    '12345',
    'Ada',
    '"',
    '\\',
    ': ',
    ', ',
    '12345}',
    '\n',
    'é',
    'x',
  )
  const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(''))
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.constantFrom(null, true, false, 1.5, -7),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(text, tie('value'), { maxKeys: 3 }),
    ),
  }))
  const without = (given: unknown): unknown => {
    if (typeof given === 'string') return JSON.parse(erase(JSON.stringify(given)))
    if (Array.isArray(given)) return given.map(without)
    if (given === null || typeof given !== 'object') return given
    return Object.fromEntries(Object.entries(given).map(([name, inner]) => [name, without(inner)]))
  }
  fc.assert(
    fc.property(value, (given) => {
      expect(JSON.parse(erase(JSON.stringify(given)))).toEqual(without(given))
    }),
  )
})
