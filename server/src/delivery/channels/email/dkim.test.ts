import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { expect, test } from 'vitest'
import { OWN, type Pieces } from '../../../content/index.ts'
import { loadDkimKey, newDkimKey, signMail, type DkimKey } from './dkim.ts'
import { mailBytes, mailComposer } from './mime.ts'

const ownText = (text: string): Pieces => ({ fixed: [], order: [OWN], own: [text] })
const compose = mailComposer({
  from: { name: 'Été', address: 'hello@shop.example' },
  replyTo: null,
  feedbackId: 'c1:o1:promotion:fanfare',
  isAutomatic: false,
})
const mail = compose({
  to: { name: null, address: 'ada@example.net' },
  subject: `Une  très longue ligne ${'é'.repeat(60)}`,
  html: ownText('<table>\n   <tr>  <td>x\t</td> </tr>\n\n</table>\n\n\n'),
  text: ownText('Hello  there \n\n'),
  messageId: 'token@shop.example',
  date: new Date('2026-11-20T14:15:08Z'),
  unsubscribe: { url: `https://shop.example/u/${'t'.repeat(90)}`, mailto: null },
})

test('PC-12 RSA and Ed25519 signatures verify independently and cover the one-click fields', async () => {
  const [rsa, ed] = await Promise.all([newDkimKey('rsa-sha256'), newDkimKey('ed25519-sha256')])
  const keys: DkimKey[] = [
    loadDkimKey({ domain: 'shop.example', selector: 'r1', ...rsa }),
    loadDkimKey({ domain: 'shop.example', selector: 'e1', ...ed }),
  ]
  const signed = mailBytes(mail, await signMail(mail, keys, new Date()))
  const records: Record<string, string> = {
    'r1._domainkey.shop.example': rsa.record,
    'e1._domainkey.shop.example': ed.record,
  }
  const { results } = await dkimVerify(signed, { resolver: async (name: string) => [[records[name] ?? '']] })
  expect(results.map((result) => [result.selector, result.status.result])).toEqual([
    ['r1', 'pass'],
    ['e1', 'pass'],
  ])
  for (const { signingHeaders } of results) {
    const keysSigned = signingHeaders.keys.toLowerCase().split(/[:\s]+/)
    for (const name of ['from', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id'])
      expect(keysSigned).toContain(name)
  }
  for (const line of signed.toString('latin1').split('\r\n\r\n', 1)[0]?.split('\r\n') ?? [])
    expect(line.length).toBeLessThanOrEqual(998)
})

test('a mail that was changed on the way no longer verifies', async () => {
  const key = await newDkimKey('ed25519-sha256')
  const signed = mailBytes(
    mail,
    await signMail(mail, [loadDkimKey({ domain: 'shop.example', selector: 'e1', ...key })], new Date()),
  )
  const changed = Buffer.from(signed.toString('latin1').replace('Hello', 'Hallo'), 'latin1')
  const { results } = await dkimVerify(changed, { resolver: async () => [[key.record]] })
  expect(results.map((result) => result.status.result)).not.toContain('pass')
})
