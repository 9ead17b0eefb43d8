import { describe, expect, test } from 'vitest'
import { twilioEvents } from './message-events.ts'

const NOW = new Date('2026-11-20T09:00:00Z')

describe('Twilio', () => {
  const failed = (code: number | null) =>
    twilioEvents(
      {
        MessageSid: 'SM1',
        MessageStatus: 'undelivered',
        To: '+14155550100',
        ...(code === null ? {} : { ErrorCode: String(code) }),
      },
      'token',
      NOW,
    ).events[0]

  test.each([30001, 30002, 30022, 30024, 30032, 30034, 30450, 90010, 39999])(
    'what lies with our account or sender (%i) is nobody’s bounce',
    (code) => {
      expect(failed(code)).toMatchObject({ what: 'failed', verdict: { class: 'block' } })
    },
  )

  test.each([null, 30003, 30005, 30006, 30036])(
    'what lies with the telephone or its number (%s) is the person’s',
    (code) => {
      expect(failed(code)).toMatchObject({ what: 'bounced' })
    },
  )
})
