/** Pasted addresses: what is one, what is not. */
import { expect, test } from 'vitest'
import { addressesIn, inBatches } from './addresses.ts'

test('TK-4.3 addresses are found in lines, cells and behind names, each once', () => {
  const text =
    'Email,Name\nann@example.com,"Ann, B."\nBob <bob@example.com>; ann@example.com\n+33 6 12 34 56 78\t06.12.34.56.78\n12/03/2026'
  expect(addressesIn(text)).toEqual([
    'ann@example.com',
    'bob@example.com',
    '+33 6 12 34 56 78',
    '06.12.34.56.78',
  ])
})

test('TK-4.3 many addresses travel in batches', () => {
  const many = Array.from({ length: 12_001 }, (_, index) => `p${index}@example.com`)
  expect(inBatches(many).map((batch) => batch.length)).toEqual([5_000, 5_000, 2_001])
  expect(inBatches([])).toEqual([])
})
