import { expect, test } from 'vitest'
import { thinOut } from './axis-ticks.ts'

const at = (x: number, label: string) => ({ time: new Date(x), x, label })

test('words under the axis never repeat: seconds of one minute say it once', () => {
  expect(thinOut([at(0, '16:59'), at(100, '16:59'), at(200, '17:00')]).map(({ label }) => label)).toEqual([
    '16:59',
    '17:00',
  ])
})

test('words under the axis never run into each other', () => {
  const long = '20 November 2026, 16:59'
  expect(thinOut([at(0, long), at(110, `${long}.`), at(220, `${long}:`)])).toHaveLength(2)
})
