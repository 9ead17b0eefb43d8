import { expect, test } from 'vitest'
import { liquidOf } from './liquid-of.ts'

const text = { name: 'contact.first_name', type: 'text', optional: true, label: null } as const

test('MA-1.2 a variable that people may lack carries what they read instead', () => {
  expect(liquidOf(text, 'there')).toBe('{{ contact.first_name | default: "there" }}')
  expect(liquidOf(text, ' ')).toBe('{{ contact.first_name }}')
  expect(liquidOf({ ...text, optional: false }, 'there')).toBe('{{ contact.first_name }}')
})

test('quotes of a fallback do not end it', () => {
  expect(liquidOf(text, 'my "friend"')).toBe(`{{ contact.first_name | default: 'my "friend"' }}`)
  expect(liquidOf(text, `my "friend's"`)).toBe(`{{ contact.first_name | default: 'my "friend’s"' }}`)
})

test('lists and dates are written as people write them', () => {
  expect(liquidOf({ ...text, name: 'contact.tags', type: 'list' }, '')).toBe(
    '{{ contact.tags | join: ", " }}',
  )
  expect(liquidOf({ ...text, name: 'contact.birthday', type: 'date' }, 'soon')).toBe(
    '{{ contact.birthday | date: "%d/%m/%Y" | default: "soon" }}',
  )
})

test('CS-002.7 a property of an event whose name is no plain word stands in brackets', () => {
  expect(liquidOf({ ...text, name: 'event.product' }, 'it')).toBe('{{ event.product | default: "it" }}')
  expect(liquidOf({ ...text, name: 'event.Full name' }, '')).toBe('{{ event["Full name"] }}')
  expect(liquidOf({ ...text, name: 'event.5" disc' }, '')).toBe(`{{ event['5" disc'] }}`)
})
