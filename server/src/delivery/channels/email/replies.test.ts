import { expect, test } from 'vitest'
import { judgeRefusal } from './replies.ts'

const judged = (
  code: number,
  enhanced: string | null,
  text: string,
  stage: 'sender' | 'recipient' | 'content' = 'recipient',
) => judgeRefusal({ code, enhanced, text }, stage)

test('PC-19 an unknown user is hard and never tried again', () => {
  expect(judged(550, '5.1.1', 'user unknown')).toEqual({
    class: 'hard',
    reason: 'invalid_recipient',
    isRetried: false,
  })
  expect(judged(550, null, 'No such user here')).toMatchObject({ class: 'hard' })
})

test('PC-20 a full mailbox is soft and tried again, also as 552', () => {
  expect(judged(452, '4.2.2', 'mailbox full')).toEqual({
    class: 'soft',
    reason: 'mailbox_full',
    isRetried: true,
  })
  expect(judged(552, '5.2.2', 'Mailbox full')).toEqual({
    class: 'soft',
    reason: 'mailbox_full',
    isRetried: true,
  })
})

test('PC-21 a refusal for missing authentication is ours, never the contact’s', () => {
  expect(
    judged(
      550,
      '5.7.515',
      'Access denied, sending domain shop.example does not meet the required authentication level.',
    ),
  ).toEqual({ class: 'block', reason: 'authentication', isRetried: false })
})

test.each([
  [421, '4.7.0', '[TS04] Messages temporarily deferred due to user complaints', 'recipient', 'busy'],
  [554, '5.7.1', 'Service unavailable; Client host blocked using Spamhaus', 'recipient', 'block'],
  [550, '5.7.1', 'Message rejected as spam', 'content', 'block'],
  [550, '5.1.8', 'Sender address rejected', 'sender', 'configuration'],
  [530, '5.7.0', 'Authentication required', 'sender', 'configuration'],
  [552, '5.3.4', 'Message too big', 'content', 'content'],
  [450, '4.1.1', 'Address verification in progress', 'recipient', 'soft'],
  [550, '5.2.1', 'The account is disabled', 'recipient', 'hard'],
  [451, null, 'Greylisted, try again later', 'recipient', 'busy'],
  [550, null, 'rejected', 'recipient', 'hard'],
  [550, null, 'rejected', 'content', 'content'],
] as const)('%i %s %s at %s is %s', (code, enhanced, text, stage, expected) => {
  expect(judged(code, enhanced, text, stage).class).toBe(expected)
})
