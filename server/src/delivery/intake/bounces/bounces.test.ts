import { describe, expect, test } from 'vitest'
import { readReport } from './read-report.ts'
import type { Report } from './report.ts'

const read = (lines: readonly string[]): Report => readReport(Buffer.from(lines.join('\r\n')))

const dsn = (fields: readonly string[], human = 'Your message could not be delivered.'): Report =>
  read([
    'Return-Path: <>',
    'From: Mail Delivery System <MAILER-DAEMON@mx.example.net>',
    'To: b-token@bounces.shop.example',
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="cut"',
    '',
    '--cut',
    'Content-Type: text/plain',
    '',
    human,
    '--cut',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    ...fields,
    '',
    '--cut',
    'Content-Type: text/rfc822-headers',
    '',
    'Message-ID: <token@shop.example>',
    'Subject: Spring',
    '',
    '--cut--',
  ])

const failedIn = (report: Report) => (report.kind === 'bounce' ? report.failed : [])
const classOf = (report: Report): string | undefined => failedIn(report)[0]?.verdict.class

describe('standard reports', () => {
  test('FR-002.3 an unknown user is hard, with address, code and the message it is about', () => {
    const report = dsn([
      'Final-Recipient: rfc822; ada@example.com',
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown',
    ])
    expect(report).toMatchObject({
      kind: 'bounce',
      failed: [{ address: 'ada@example.com', code: 550, enhanced: '5.1.1', verdict: { class: 'hard' } }],
      about: { messageId: 'token@shop.example', sentTo: ['b-token@bounces.shop.example'] },
    })
  })

  test('PC-20 a full mailbox is soft, and a report on several recipients judges each', () => {
    const report = dsn([
      'Final-Recipient: rfc822; ada@example.com',
      'Action: failed',
      'Status: 5.2.2',
      'Diagnostic-Code: smtp; 552 5.2.2 Mailbox full',
      '',
      'Final-Recipient: rfc822; bob@example.com',
      'Action: failed',
      'Status: 5.1.1',
    ])
    expect(failedIn(report).map(({ address, verdict }) => [address, verdict.class])).toEqual([
      ['ada@example.com', 'soft'],
      ['bob@example.com', 'hard'],
    ])
  })

  test('PC-21 missing authentication is ours, whatever the report calls it', () => {
    const report = dsn([
      'Final-Recipient: rfc822; ada@example.com',
      'Action: failed',
      'Status: 5.7.515',
      'Diagnostic-Code: smtp; 550 5.7.515 Access denied, sending domain shop.example does not meet the required authentication level.',
    ])
    expect(classOf(report)).toBe('block')
  })

  test('FR-002.3 a filter’s “unknown user” after the whole mail was sent does not condemn the address', () => {
    const fields = [
      'Final-Recipient: rfc822; ada@example.com',
      'Action: failed',
      'Status: 5.0.0',
      'Diagnostic-Code: smtp; 550 Unknown user ada@example.com',
    ]
    expect(
      classOf(
        dsn(fields, '<ada@example.com>: host mx said: 550 Unknown user (in reply to end of DATA command)'),
      ),
    ).toBe('soft')
    expect(
      classOf(dsn(fields, '<ada@example.com>: host mx said: 550 Unknown user (in reply to RCPT TO command)')),
    ).toBe('hard')
  })

  test('FR-002.3 a note that a mail arrived is no bounce', () => {
    const report = dsn(['Final-Recipient: rfc822; ada@example.com', 'Action: delivered', 'Status: 2.0.0'])
    expect(report).toMatchObject({ kind: 'delivered', recipients: ['ada@example.com'] })
  })
})

describe('reports for people only', () => {
  test.each([
    ['The email account does not exist.', 'hard'],
    ['mailbox full', 'soft'],
    ['550 5.7.1 Message rejected as spam', 'block'],
    ['Connection timed out', 'soft'],
    ['Host or domain name not found', 'hard'],
  ])('FR-002.3 «%s» is %s', (said, expected) => {
    const report = read([
      'Return-Path: <>',
      'From: MAILER-DAEMON@mx.example.net',
      'To: news@shop.example',
      'Subject: failure notice',
      '',
      'I was not able to deliver your message to the following addresses.',
      '',
      '<ada@example.com>:',
      said,
      '',
      '--- Below this line is a copy of the message.',
      '',
      'From: news@shop.example',
      'Subject: our mailbox is full of spam offers',
    ])
    expect(failedIn(report)).toMatchObject([{ address: 'ada@example.com', verdict: { class: expected } }])
  })
})

describe('complaints', () => {
  test('PC-22 a feedback report with a redacted recipient still points to our message', () => {
    const report = read([
      'From: fbl@provider.example',
      'To: abuse@shop.example',
      'Subject: FW: Spring',
      'Content-Type: multipart/report; report-type=feedback-report; boundary="cut"',
      '',
      '--cut',
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: abuse',
      'User-Agent: Loop/1.0',
      'Original-Rcpt-To: redacted',
      '',
      '--cut',
      'Content-Type: message/rfc822',
      '',
      'Message-ID: <token@shop.example>',
      'To: redacted',
      '',
      '--cut--',
    ])
    expect(report).toEqual({
      kind: 'complaint',
      feedbackType: 'abuse',
      recipients: [],
      about: { messageId: 'token@shop.example', sentTo: ['abuse@shop.example'] },
    })
  })
})

describe('other mail', () => {
  test.each([
    [
      'an answering machine',
      ['Auto-Submitted: auto-replied', 'From: ada@example.com', 'Subject: Re: Spring'],
      'auto_reply',
    ],
    ['an absence', ['From: ada@example.com', 'Subject: Out of office: back on Monday'], 'auto_reply'],
    [
      'a reader who tells of a failure',
      ['From: Ada <ada@example.com>', 'Return-Path: <ada@example.com>', 'Subject: Question'],
      'nothing',
    ],
  ])('FR-002.3 %s makes no event', (_name, headers, expected) => {
    const report = read([
      ...headers,
      '',
      'My friend told me her mail to you could not be delivered: user unknown, mailbox full. Is it so?',
    ])
    expect(report.kind).toBe(expected)
  })

  test('FR-002.3 no mail, however broken, makes the reader fail', () => {
    for (const source of [
      '',
      '\n',
      '\0\0',
      'Content-Type: multipart/report; boundary=a\n\n--a\n--a\n--a',
      ':'.repeat(9_999),
    ])
      expect(() => readReport(Buffer.from(source))).not.toThrow()
  })
})
