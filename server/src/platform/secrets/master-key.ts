/** The installation's key: given by configuration, or made once and kept in a file that only we may read. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import type { Config } from '../config/index.ts'

const KEY_BYTES = 32

/**
 * @throws platform.key_invalid when the given key is not 32 bytes of base64 or hex
 */
export async function loadMasterKey(config: Config): Promise<Buffer> {
  if (config.key !== null) return parseKey(config.key, 'FANFARE_KEY')
  const path = join(config.dataDir, 'keys', 'master.key')
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text !== null) return parseKey(text.trim(), path)
  await mkdir(join(config.dataDir, 'keys'), { recursive: true, mode: 0o700 })
  // 'wx': two processes that start together agree on the first one's key.
  await writeFile(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' }).catch(
    () => undefined,
  )
  return parseKey((await readFile(path, 'utf8')).trim(), path)
}

function parseKey(text: string, source: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  if (key.length !== KEY_BYTES)
    throw new AppError(
      'platform.key_invalid',
      503,
      `${source} must hold 32 random bytes in base64 or hex, for example the output of: openssl rand -base64 32`,
    )
  return key
}
