/** Passwords at rest: argon2id, written with its parameters so that they can grow. */
import { argon2 } from 'node:crypto'
import { newSecret } from '../../platform/ids.ts'
import { sameHash } from './tokens.ts'

/** About 40 ms and 19 MiB each. Source: OWASP Password Storage Cheat Sheet, argon2id, second configuration */
const MEMORY_KIB = 19_456
const PASSES = 2
const TAG_BYTES = 32

/** `$argon2id$v=19$m=…,t=…,p=1$salt$tag`, the PHC string format. */
export async function hashPassword(password: string): Promise<string> {
  const salt = Buffer.from(newSecret(), 'base64url')
  const tag = await derive(password, salt, MEMORY_KIB, PASSES)
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=1$${unpadded(salt)}$${unpadded(tag)}`
}

/**
 * Whether the password is the one behind the hash. Without a hash (nobody has this address, or they never chose a
 * password) it takes as long and says no, so that the time tells nothing.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const parts = hash === null ? null : PHC.exec(hash)
  if (!parts) {
    await derive(password, Buffer.alloc(TAG_BYTES), MEMORY_KIB, PASSES)
    return false
  }
  const [, memory = '', passes = '', salt = '', tag = ''] = parts
  const derived = await derive(password, Buffer.from(salt, 'base64'), Number(memory), Number(passes))
  return sameHash(derived, Buffer.from(tag, 'base64'))
}
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

function derive(password: string, nonce: Buffer, memory: number, passes: number): Promise<Buffer> {
  const message = password.normalize('NFKC')
  return new Promise((resolve, reject) =>
    argon2(
      'argon2id',
      { message, nonce, parallelism: 1, tagLength: TAG_BYTES, memory, passes },
      (error, tag) => (error ? reject(error) : resolve(tag)),
    ),
  )
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
