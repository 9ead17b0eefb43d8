import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import { OWN, type Pieces } from '../../../content/index.ts'
import { mailBytes, mailComposer, type MailFrame, type PersonalMail } from './mime.ts'
import { cursorAt, encodedText, endQuotedPrintable, writeEncodedText } from './transfer-encoding.ts'

const frame: MailFrame = {
  from: { name: 'Café des Étoiles', address: 'hello@shop.example' },
  replyTo: 'answers@shop.example',
  feedbackId: 'c1:o1:promotion:fanfare',
  isAutomatic: false,
}
/** A text of which all is one reader's own. */
const ownText = (text: string): Pieces => ({ fixed: [], order: [OWN], own: [text] })
const personal: PersonalMail = {
  to: { name: null, address: 'ada@example.net' },
  subject: 'Hello',
  html: ownText('<p>Hello</p>'),
  text: ownText('Hello'),
  messageId: 'token@shop.example',
  date: new Date('2026-11-20T14:15:08Z'),
  unsubscribe: { url: 'https://shop.example/u/token', mailto: null },
}
const made = (changes: Partial<PersonalMail>, changedFrame: Partial<MailFrame> = {}): Buffer =>
  mailBytes(mailComposer({ ...frame, ...changedFrame })({ ...personal, ...changes }), [])
const headLines = (mail: Buffer): string[] =>
  mail.toString('latin1').split('\r\n\r\n', 1).join('').split('\r\n')

describe('headers', () => {
  test('PC-28 a subject of 120 é and emoji keeps lines ≤ 78, encoded words ≤ 75 and whole characters', async () => {
    const subject = 'é'.repeat(120) + '🎺🎉'.repeat(20)
    const mail = made({ subject })
    for (const line of headLines(mail)) expect(line.length).toBeLessThanOrEqual(78)
    for (const [word] of mail.toString('latin1').matchAll(/=\?UTF-8\?B\?[^?]*\?=/g)) {
      expect(word.length).toBeLessThanOrEqual(75)
      expect(Buffer.from(word.slice(10, -2), 'base64').toString('utf8')).not.toContain('\ufffd')
    }
    expect((await simpleParser(mail)).subject).toBe(subject)
  })

  test('PC-27 a line end in a merged value adds no header and no recipient', async () => {
    const evil = 'Bob\r\nBcc: evil@example.net'
    const parsed = await simpleParser(
      made(
        { subject: evil, to: { name: evil, address: 'ada@example.net' } },
        { from: { name: evil, address: 'hello@shop.example' }, feedbackId: evil },
      ),
    )
    expect(parsed.headers.has('bcc')).toBe(false)
    expect(parsed.subject).toBe('Bob Bcc: evil@example.net')
    expect(parsed.to).toMatchObject({ value: [{ address: 'ada@example.net' }] })
    expect(parsed.from?.value).toMatchObject([
      { address: 'hello@shop.example', name: 'Bob Bcc: evil@example.net' },
    ])
  })

  test('PC-12 marketing mail has exactly one List-Unsubscribe and one List-Unsubscribe-Post', () => {
    const lines = headLines(
      made({ unsubscribe: { url: 'https://shop.example/u/token', mailto: 'unsubscribe@shop.example' } }),
    )
    expect(lines.filter((line) => line.startsWith('List-Unsubscribe:'))).toEqual([
      'List-Unsubscribe: <https://shop.example/u/token>,',
    ])
    expect(lines).toContain(' <mailto:unsubscribe@shop.example>')
    expect(lines.filter((line) => line.startsWith('List-Unsubscribe-Post:'))).toEqual([
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    ])
  })

  test('any subject and any name is read back by an independent parser, in lines ≤ 78', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        async (subject, name) => {
          const mail = made({ subject }, { from: { name, address: 'hello@shop.example' } })
          // One ASCII word longer than a line is encoded, so no line is ever longer.
          for (const line of headLines(mail)) expect(line.length).toBeLessThanOrEqual(78)
          const parsed = await simpleParser(mail)
          expect(squeezed(parsed.subject ?? '')).toBe(squeezed(subject))
          expect(squeezed(parsed.from?.value[0]?.name ?? '')).toBe(squeezed(name))
        },
      ),
      { numRuns: 300 },
    )
  })
})
const squeezed = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim()

describe('bodies', () => {
  test('PC-28 a line of 3,000 characters and a line of one dot arrive byte for byte, in lines ≤ 76', async () => {
    const html = `<p>${'x'.repeat(3_000)}</p>\r\n.\r\n..two\r\ntrailing \r\n\tend\t`
    const mail = made({ html: ownText(html) })
    for (const line of mail.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
    expect(mail.toString('latin1')).not.toContain('\r\n.')
    expect(decodedPart(mail, 'text/html').toString('utf8')).toBe(html)
  })

  test('PC-12 quoted-printable gives any pieces back, in lines ≤ 76 that DKIM hashes as they are, without a dot at the start', () => {
    const words = fc.array(
      fc.constantFrom('a', ' ', '\t', '.', '=', 'é', '\r\n', '\n', '\r', 'x'.repeat(74), 'y'.repeat(75)),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), (pieces) => {
        const texts = pieces.map((piece) => piece.join(''))
        const cursor = cursorAt(Buffer.alloc(texts.join('').length * 8 + 64), 0)
        for (const text of texts) writeEncodedText(cursor, encodedText(text))
        endQuotedPrintable(cursor)
        const written = cursor.bytes.subarray(0, cursor.at).toString('latin1')
        for (const line of written.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(76)
          expect(line).not.toMatch(/^\.|[ \t]$| {2}|\t/)
        }
        expect(unquoted(written).toString()).toBe(texts.join('').replaceAll(/\r?\n/g, '\r\n'))
      }),
    )
  })

  test('a reader’s own words go between what the template says, whatever the encoding', () => {
    for (const [fixed, name] of [
      [['<p>Bonjour ', `, ${'voici '.repeat(40)}</p>\r\n`], 'Zoé'],
      [['一封信'.repeat(300), '信'.repeat(300)], '艾达'],
    ] as const) {
      const mail = made({ html: { fixed, order: [0, OWN, 1, OWN, 0], own: [name, `${name} `] } })
      const html = decodedPart(mail, 'text/html').toString('utf8')
      expect(html).toBe(`${fixed[0]}${name}${fixed[1]}${name} ${fixed[0]}`)
    }
  })

  test('the shorter encoding is chosen by the text', () => {
    expect(made({ html: ownText('<p>Français</p>') }).toString('latin1')).toContain(
      'text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable',
    )
    expect(made({ html: ownText('一封信'.repeat(800)) }).toString('latin1')).toContain(
      'text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64',
    )
  })

  test('PC-11 text and HTML both arrive, and a parser finds them', async () => {
    const parsed = await simpleParser(
      made({ html: ownText('<p>一封信</p>\n'.repeat(900)), text: ownText('Ligne 1\nLigne 2') }),
    )
    expect(parsed.text?.trim()).toBe('Ligne 1\nLigne 2')
    expect(parsed.html).toBe('<p>一封信</p>\n'.repeat(900))
  })
})

function decodedPart(mail: Buffer, type: string): Buffer {
  const part =
    mail
      .toString('latin1')
      .split('--=_fanfare_alternative')
      .find((piece) => piece.includes(type)) ?? ''
  const body = part.slice(part.indexOf('\r\n\r\n') + 4, -2)
  return part.includes('Encoding: base64') ? Buffer.from(body, 'base64') : unquoted(body)
}

const unquoted = (text: string): Buffer =>
  Buffer.from(
    text
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
