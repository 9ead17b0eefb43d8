import { describe, expect, test } from 'vitest'
import { postmarkEvents } from './mail-events.ts'

describe('Postmark', () => {
  const told = (record: Record<string, unknown>): string[] =>
    postmarkEvents({ MessageID: 'one', ...record }, new Date('2026-11-20T09:00:00Z')).events.map(
      ({ what }) => what,
    )
  const changed = (SuppressionReason: string | null, Origin: string | null, SuppressSending = true) =>
    told({ RecordType: 'SubscriptionChange', SuppressSending, SuppressionReason, Origin })

  test('CS-017.2 whoever unsubscribes there has withdrawn', () => {
    expect(changed('ManualSuppression', 'Recipient')).toEqual(['unsubscribed'])
    expect(told({ RecordType: 'Bounce', TypeCode: 16, Type: 'Unsubscribe' })).toEqual(['unsubscribed'])
  })

  test.each([
    ['HardBounce', 'Recipient'],
    ['SpamComplaint', 'Recipient'],
    ['ManualSuppression', 'Customer'],
    ['ManualSuppression', 'Admin'],
    [null, null],
  ])('a list that changes for %s by %s is nobody’s withdrawal', (reason, origin) => {
    expect(changed(reason, origin)).toEqual([])
  })

  test('neither is a person who is taken off the list, nor an automatic answer', () => {
    expect(changed('ManualSuppression', 'Recipient', false)).toEqual([])
    expect(told({ RecordType: 'Bounce', TypeCode: 64, Type: 'AutoResponder' })).toEqual([])
  })
})
