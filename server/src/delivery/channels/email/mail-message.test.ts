import { expect, test } from 'vitest'
import { cutText } from '../../../content/index.ts'
import type { VendorAdapter, VendorCall } from '../api/vendor.ts'
import { RemadeMail, tellingMails, type MailMessage } from './mail-message.ts'

const mail = (name: string, made: string[]): RemadeMail =>
  new RemadeMail('news@shop.example', `${name}@example.net`, () => {
    made.push(name)
    return {
      token: name,
      from: { name: null, address: 'news@shop.example' },
      replyTo: null,
      subject: `Hello ${name}`,
      html: cutText(`<p>${name}</p>`),
      text: cutText(name),
      unsubscribeUrl: null,
      feedbackId: null,
    }
  })

/** Takes one mail a call, and says of each call what it held. */
const single: VendorAdapter<MailMessage> = {
  callMax: 2,
  callsMax: 1,
  call: (messages): VendorCall | null =>
    messages.length > 1
      ? null
      : {
          method: 'POST',
          url: 'https://vendor.example',
          headers: {},
          body: messages.map(({ parts }) => parts.subject).join(),
        },
  read: () => [],
}

test('a mail that stood in a call is made again for the next, which says the same', () => {
  const made: string[] = []
  const [ada, bob] = [mail('ada', made), mail('bob', made)]
  const adapter = tellingMails(single)
  const now = new Date()
  expect(made).toEqual(['ada', 'bob'])
  // No call came of it: nothing is let go.
  expect(adapter.call([ada, bob], now)).toBeNull()
  const first = adapter.call([ada], now)
  expect(made).toEqual(['ada', 'bob'])
  expect(adapter.call([ada], now)).toEqual(first)
  expect(first?.body).toBe('Hello ada')
  expect(made).toEqual(['ada', 'bob', 'ada'])
  expect(adapter.call([bob], now)?.body).toBe('Hello bob')
})
