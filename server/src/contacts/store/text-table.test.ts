import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextTable, textHash } from './text-table.ts'

/** Few different texts, some of which have the same hash: those of two letters that balance each other. */
const text = fc.constantFrom('', 'a', 'Aa', 'BB', 'AaAa', 'BBBB', 'AaBB', 'é', '😀', 'person@example.com')

test('a table of texts answers as a Map does', () => {
  expect(textHash('Aa')).toBe(textHash('BB'))
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.nat()), { maxLength: 40 }), (entries) => {
      const [table, map] = [new TextTable<number>(entries.length), new Map<string, number>()]
      for (const [key, value] of entries) {
        expect(table.get(key)).toBe(map.get(key))
        table.set(key, value)
        map.set(key, value)
      }
      for (const [key] of [...entries, ['another', 0] as const]) expect(table.get(key)).toBe(map.get(key))
    }),
  )
})
