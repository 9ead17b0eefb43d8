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

test.each([
  [
    550,
    '5.4.5',
    'Daily user sending limit exceeded. For more information on Gmail sending limits go to x',
    'content',
  ],
  [550, '5.4.5', 'Daily user sending quota exceeded. gsmtp', 'sender'],
  [550, '5.4.5', 'https://support.google.com/mail/?p=DailyLimitExceeded', 'recipient'],
  [550, '5.7.1', 'Daily SMTP relay sending limit exceeded for customer.', 'sender'],
  [554, '5.7.1', '<a@shop.example>: Sender address rejected: Policy rejection: Quota exceeded', 'recipient'],
  [
    554,
    '5.7.1',
    '<a@b.example>: Recipient address rejected: You have exceeded your Outmail quota',
    'recipient',
  ],
  [
    550,
    '5.1.90',
    "Your message can't be sent because you've reached your daily limit for message recipients",
    'content',
  ],
  [550, '5.2.2', 'Submission quota exceeded for this account', 'content'],
  [
    554,
    '5.2.0',
    'STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process',
    'content',
  ],
  [451, '4.7.1', 'Hourly sending limit reached', 'recipient'],
  [550, null, 'Domain shop.example has exceeded the max emails per hour (100/100 (100%)) allowed', 'content'],
  [550, null, 'You have exceeded the maximum number of recipients per day', 'recipient'],
  [452, '4.5.3', 'Sending quota exceeded', 'sender'],
] as const)('%i %s %s is our account’s limit, nobody’s bounce', (code, enhanced, text, stage) => {
  expect(judged(code, enhanced, text, stage)).toMatchObject({
    class: 'configuration',
    reason: 'sending_quota',
  })
})

test.each([
  [552, '5.2.2', 'The email account that you tried to reach is over quota', 'mailbox_full'],
  [452, '4.2.2', 'The email account that you tried to reach is over quota', 'mailbox_full'],
  [552, '5.2.2', 'mailbox full; STOREDRV.Submission.Exception:QuotaExceededException', 'mailbox_full'],
  [550, '5.7.1', 'Mailbox quota exceeded', 'mailbox_full'],
  [550, '5.7.1', 'user over quota', 'mailbox_full'],
  [450, '4.2.1', 'The user you are trying to contact is receiving mail too quickly', 'inactive_mailbox'],
  [550, '5.2.1', 'The user you are trying to contact is receiving mail at a rate that', 'inactive_mailbox'],
  [452, '4.5.3', 'Your message has too many recipients. For Google’s sending limits, visit x', 'slowed_down'],
] as const)('PC-20 %i %s %s stays about the receiver', (code, enhanced, text, reason) => {
  expect(judged(code, enhanced, text)).toMatchObject({ reason })
})
