import { expect, test } from 'vitest'
import { keepLatest } from './kept.ts'

test('what was kept longest ago is forgotten first, and keeping anew counts', () => {
  const map = new Map<string, number>()
  for (const [n, key] of ['a', 'b', 'a', 'c'].entries()) keepLatest(map, key, n, 2)
  expect([...map]).toEqual([
    ['a', 2],
    ['c', 3],
  ])
})
