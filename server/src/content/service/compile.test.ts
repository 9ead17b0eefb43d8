import { expect, test } from 'vitest'
import { mailSource } from '../schema.ts'
import { compileOnce } from './compile.ts'

const sourceOf = (subject: string) =>
  mailSource.parse({
    subject,
    fromName: 'Atelier Test',
    fromEmail: 'hello@shop.example',
    body: '<mjml><mj-body><mj-section><mj-column><mj-text>Your code is {{ data.code }}</mj-text></mj-column></mj-section></mj-body></mjml>',
  })

test('the same words are compiled once, and other words or other variables anew', async () => {
  const first = compileOnce(sourceOf('Sales'), [])
  expect(compileOnce(sourceOf('Sales'), [])).toBe(first)
  expect(compileOnce(sourceOf('Sale'), [])).not.toBe(first)
  const named = compileOnce(sourceOf('Sales'), [
    { name: 'data.code', type: 'text', optional: false, label: null },
  ])
  expect(named).not.toBe(first)
  expect([(await first).ok, (await named).ok]).toEqual([false, true])
})

test('what was asked for longest ago is forgotten first', () => {
  const first = compileOnce(sourceOf('0'), [])
  for (let n = 1; n < 16; n++) void compileOnce(sourceOf(String(n)), [])
  expect(compileOnce(sourceOf('0'), [])).toBe(first)
  const second = compileOnce(sourceOf('1'), [])
  for (let n = 16; n < 32; n++) void compileOnce(sourceOf(String(n)), [])
  expect(compileOnce(sourceOf('1'), [])).not.toBe(second)
})
