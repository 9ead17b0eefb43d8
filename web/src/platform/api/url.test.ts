import { expect, test } from 'vitest'
import { url } from './url.ts'

test('parameters are escaped, so that an id can never lead to another route', () => {
  expect(url('/api/campaigns/:id/launch', { params: { id: '../contacts?x' } })).toBe(
    '/api/campaigns/..%2Fcontacts%3Fx/launch',
  )
})

test('a missing parameter is refused before anything is sent', () => {
  expect(() => url('/api/campaigns/:id', { params: {} })).toThrow('id is missing')
})

test('a query leaves out what is not set and repeats the key of a list', () => {
  expect(url('/api/contacts', { query: { q: 'Zoé', tag: ['a', 'b'], cursor: undefined, status: '' } })).toBe(
    '/api/contacts?q=Zo%C3%A9&tag=a&tag=b',
  )
})
