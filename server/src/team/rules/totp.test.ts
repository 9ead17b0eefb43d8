import { describe, expect, test } from 'vitest'
import { base32 } from './tokens.ts'
import { matchTotp, totpCode, totpStep, totpUri } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

describe('time-based one-time passwords', () => {
  // Source: RFC 6238 appendix B, SHA-1, the last six of the eight digits
  test.each([
    ['1970-01-01T00:00:59Z', '287082'],
    ['2005-03-18T01:58:29Z', '081804'],
    ['2005-03-18T01:58:31Z', '050471'],
    ['2009-02-13T23:31:30Z', '005924'],
    ['2033-05-18T03:33:20Z', '279037'],
    ['2603-10-11T11:33:20Z', '353130'],
  ])('at %s the code is %s', (at, code) => {
    expect(totpCode(secret, totpStep(new Date(at)))).toBe(code)
  })

  test('a code counts one step early or late, and never twice', () => {
    const now = new Date('2026-11-20T09:00:00Z')
    const step = totpStep(now)
    for (const near of [step - 1, step, step + 1])
      expect(matchTotp(secret, totpCode(secret, near), now, 0)).toBe(near)
    for (const far of [step - 2, step + 2])
      expect(matchTotp(secret, totpCode(secret, far), now, 0)).toBeNull()
    expect(matchTotp(secret, totpCode(secret, step), now, step)).toBeNull()
    expect(matchTotp(secret, 'abcdef', now, 0)).toBeNull()
  })

  // Source: RFC 4648 §10
  test.each([
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('base32 of %s is %s', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded)
  })

  test('the picture for the app names the person and the product', () => {
    expect(totpUri(secret, 'zoe+a@example.com')).toBe(
      'otpauth://totp/Fanfare%3Azoe%2Ba%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Fanfare&algorithm=SHA1&digits=6&period=30',
    )
  })
})
