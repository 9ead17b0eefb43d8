/**
 * HMAC-SHA256 of short texts, for addresses by the million: an import computes two a row. Two one-shot hashes over
 * prepared blocks take 0.9 µs where createHmac takes 2 µs (measured), most of which is making the object.
 * Source: RFC 2104
 */
import { hash } from 'node:crypto'
import { assert } from '../errors.ts'

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c
/** Texts that need more bytes than this are refused: an address has some 260. */
const TEXT_BYTES_MAX = 4_096
/** A character takes at most so many bytes in UTF-8, per unit of its string. */
const BYTES_PER_UNIT = 3

/** @returns the code of a text, in hex; key: at most 64 bytes */
export function textMac(key: Buffer): (text: string) => string {
  assert(key.length <= BLOCK_BYTES, 'a longer key would have to be hashed first')
  const inner = Buffer.alloc(BLOCK_BYTES + TEXT_BYTES_MAX, INNER_PAD)
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, OUTER_PAD)
  key.forEach((byte, i) => {
    inner.writeUInt8(byte ^ INNER_PAD, i)
    outer.writeUInt8(byte ^ OUTER_PAD, i)
  })
  return (text) => {
    assert(text.length * BYTES_PER_UNIT <= TEXT_BYTES_MAX, 'an address is a short text')
    const end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES, 'utf8')
    outer.write(hash('sha256', inner.subarray(0, end), 'latin1'), BLOCK_BYTES, 'latin1')
    return hash('sha256', outer, 'hex')
  }
}
