import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textMac } from './text-mac.ts'

test('NFR-004.3 equals the HMAC-SHA256 of Node for every key and text, one after the other', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { minLength: 1, maxLength: 5 }),
      (bytes, texts) => {
        const key = Buffer.from(bytes)
        const mac = textMac(key)
        for (const text of texts)
          expect(mac(text)).toBe(createHmac('sha256', key).update(text, 'utf8').digest('hex'))
      },
    ),
  )
})

test('a text that cannot be an address is refused', () => {
  expect(() => textMac(Buffer.alloc(32))('x'.repeat(2_000))).toThrow('short text')
})
