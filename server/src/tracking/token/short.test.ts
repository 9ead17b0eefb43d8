import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContactId } from '../../platform/ids.ts'
import { createCmac } from './cmac.ts'
import { readShortContent, SHORT_CODE_CHARS, SHORT_LINKS_MAX } from './short.ts'
import { signerFor } from './signer.ts'

const cmac = createCmac(randomBytes(32))
const ORIGIN = 'https://go.shop.example'
const KEY = -42n
const codeOf = (url: string): string => url.slice(`${ORIGIN}/s/`.length)
const linksOf = (no: number, contactId: number, linkCount: number, key = KEY) =>
  signerFor(cmac, key, linkCount, 'https://links.example', { no, origin: ORIGIN }).linksFor(
    String(contactId) as ContactId,
  )

describe('short codes', () => {
  test('PC-26 say what was signed, for every source, contact, link and purpose', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 62 ** 6 - 1 }),
        fc.integer({ min: 1, max: 2 ** 48 - 1 }),
        fc.integer({ min: 0, max: SHORT_LINKS_MAX }),
        (no, contactId, linkCount) => {
          const links = linksOf(no, contactId, linkCount)
          const said = { sourceNo: no, contactId: String(contactId) }
          const read = (url: string): unknown => {
            const content = readShortContent(codeOf(url))
            expect(content?.isGenuine(cmac, KEY)).toBe(true)
            return content
          }
          links.clicks.forEach((url, linkNo) =>
            expect(read(url)).toMatchObject({ ...said, purpose: 'click', linkNo }),
          )
          for (const purpose of ['unsubscribe', 'preferences', 'view'] as const)
            expect(read(links[purpose])).toMatchObject({ ...said, purpose, linkNo: null })
        },
      ),
    )
  })

  test('have 17 characters at most while there are 14 million contacts and sources, all of the cheap alphabet', () => {
    const [url = ''] = linksOf(62 ** 4 - 1, 62 ** 4 - 1, 1).clicks
    expect(codeOf(url)).toMatch(new RegExp(`^[A-Za-z0-9]{${SHORT_CODE_CHARS}}$`))
    expect(codeOf(linksOf(900, 200_000, 1).clicks[0] ?? '')).toHaveLength(14)
  })

  test('PC-16 PC-26 are refused when any one character is another, or the code has another length', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_é'
    const code = codeOf(linksOf(71, 3_000, 1).unsubscribe)
    const accepted: string[] = []
    const others = [code.slice(1), `${code}0`, `0${code}`, '', 'x'.repeat(300)]
    for (let at = 0; at < code.length; at++)
      for (const letter of alphabet) others.push(code.slice(0, at) + letter + code.slice(at + 1))
    // As the database answers: another number is another source, with a key of its own.
    const keyOf = (no: number): bigint => (no === 71 ? KEY : BigInt(no))
    for (const other of others) {
      const content = readShortContent(other)
      if (other !== code && content?.isGenuine(cmac, keyOf(content.sourceNo))) accepted.push(other)
    }
    expect(accepted).toEqual([])
  })

  test('lead nowhere when a restored backup gave their number to another source', () => {
    const content = readShortContent(codeOf(linksOf(71, 3_000, 1).clicks[0] ?? ''))
    expect(content?.isGenuine(cmac, KEY + 1n)).toBe(false)
    expect(content?.isGenuine(createCmac(randomBytes(32)), KEY)).toBe(false)
  })

  test('leave links beyond their number to the long form', () => {
    const { clicks } = linksOf(1, 1, SHORT_LINKS_MAX + 1)
    expect(clicks[SHORT_LINKS_MAX - 1]).toContain(`${ORIGIN}/s/`)
    expect(clicks[SHORT_LINKS_MAX]).toMatch(/^https:\/\/links\.example\/c\/.{40}$/)
  })
})
