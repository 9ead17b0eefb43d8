import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContactId } from '../../platform/ids.ts'
import { createCmac, macOf } from './cmac.ts'
import { readTokenContent, TOKEN_CHARS } from './format.ts'
import { signerFor } from './signer.ts'

const cmac = createCmac(randomBytes(32))
const BASE = 'https://links.example.com'
const tokenOf = (url: string): string => (url.split('/').at(-1) ?? '').replace('.gif', '')

describe('AES-CMAC', () => {
  test('equals the vector of NIST SP 800-38B for one block under a 256-bit key', () => {
    const key = Buffer.from('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4', 'hex')
    const known = createCmac(key)
    expect(known.subkey.toString('hex')).toBe('cad1ed03299eedac2e9a99808621502f')
    expect(macOf(known, Buffer.from('6bc1bee22e409f96e93d7e117393172a', 'hex')).toString('hex')).toBe(
      '28a7023f452e8f82bd4bf28d8c37c35c',
    )
  })
})

describe('message tokens', () => {
  const anySource = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  const anyContact = fc.integer({ min: 1, max: 2 ** 48 - 1 }).map((id) => String(id) as ContactId)

  test('say what was signed, for every contact, link and purpose', () => {
    fc.assert(
      fc.property(anySource, anyContact, fc.integer({ min: 0, max: 40 }), (source, contactId, linkCount) => {
        const links = signerFor(cmac, source, linkCount, BASE).linksFor(contactId)
        const read = (url: string): unknown => readTokenContent(cmac, tokenOf(url))
        const said = { sourceKey: source.toString(), contactId }
        links.clicks.forEach((url, linkNo) =>
          expect(read(url)).toEqual({ ...said, purpose: 'click', linkNo }),
        )
        for (const purpose of ['open', 'unsubscribe', 'preferences', 'view', 'message'] as const)
          expect(read(links[purpose])).toEqual({ ...said, purpose, linkNo: null })
      }),
    )
  })

  test('PC-16 PC-26 are refused when any one character is another', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const token = tokenOf(signerFor(cmac, 42n, 3, BASE).linksFor('77' as ContactId).unsubscribe)
    const accepted: string[] = []
    for (let at = 0; at < TOKEN_CHARS; at++)
      for (const letter of alphabet) {
        const altered = token.slice(0, at) + letter + token.slice(at + 1)
        if (altered !== token && readTokenContent(cmac, altered) !== null) accepted.push(altered)
      }
    expect(accepted).toEqual([])
  })

  test('are refused in any other shape, and under any other key', () => {
    const token = tokenOf(signerFor(cmac, 42n, 0, BASE).linksFor('77' as ContactId).unsubscribe)
    for (const foreign of [
      '',
      token.slice(1),
      `${token}A`,
      `${token}=`,
      token.replace(/.$/, '.'),
      '\u0000'.repeat(40),
    ])
      expect(readTokenContent(cmac, foreign)).toBeNull()
    expect(readTokenContent(createCmac(randomBytes(32)), token)).toBeNull()
  })

  test('PC-28 keep List-Unsubscribe and Message-ID below 78 characters a line', () => {
    const links = signerFor(cmac, 42n, 0, 'https://news.example.com').linksFor('77' as ContactId)
    expect(` <${links.unsubscribe}>`.length).toBeLessThanOrEqual(78)
    expect(`Message-ID: <${links.message}@news.example.com>`.length).toBeLessThanOrEqual(78)
  })

  test('are the same for each of many people, in whatever order they are asked for', () => {
    const manyContacts = fc.array(anyContact, { minLength: 1, maxLength: 120 })
    const anyShort = fc.constantFrom(undefined, { no: 7, origin: 'https://go.example' })
    fc.assert(
      fc.property(
        manyContacts,
        fc.integer({ min: 0, max: 40 }),
        anyShort,
        fc.infiniteStream(fc.nat()),
        (ids, linkCount, short, out) => {
          const signer = signerFor(cmac, 42n, linkCount, BASE, short)
          const [linksOf, outOfTurn] = [signer.linksOf(ids), signer.linksOf(ids)]
          ids.forEach((id, at) => {
            expect(linksOf(at)).toEqual(signer.linksFor(id))
            const other = (out.next().value as number) % ids.length
            expect(outOfTurn(other)).toEqual(signer.linksFor(ids[other] as ContactId))
          })
        },
      ),
      { numRuns: 30 },
    )
  })
})
