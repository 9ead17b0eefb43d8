/**
 * Secrets at rest. The installation's key lies outside the database (a file or FANFARE_KEY); it wraps one data key per
 * organization; from that come an encryption key, the keyed hash of addresses and the signatures of links.
 * Source: NFR-004.3; compliance report §4.7
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Ctx } from '../context.ts'
import { AppError, assert } from '../errors.ts'
import type { OrgId } from '../ids.ts'
import { textMac } from './text-mac.ts'

const KEY_BYTES = 32
const IV_BYTES = 12
/** Half a SHA-256: 128 bits name an address. */
const ADDRESS_HASH_HEX_CHARS = 32
const TAG_BYTES = 16
const KEY_VERSION = 1

/** What the keys of one organization can do. Fetched once per process, then free. */
export interface OrgKeys {
  /** Encrypts a text. `aad` names its place (`table.column:id`), so that ciphertexts cannot be exchanged. */
  seal(aad: string, text: string): Buffer
  /** @throws platform.secret_unreadable when the text, its place or the key is another */
  open(aad: string, sealed: Buffer): string
  /** The key of the suppression list and of contact.email_hash: a keyed hash of an address already normalised. */
  addressHash(channel: string, normalisedAddress: string): Buffer
  /** The same in hex, for batches of thousands. */
  addressHashHex(channel: string, normalisedAddress: string): string
  /** HMAC-SHA256 under a key that serves this purpose only. */
  sign(purpose: string, bytes: Buffer): Buffer
}

export interface Secrets {
  /** The keys of the ctx's organization, made at its first use. */
  of(ctx: Ctx): Promise<OrgKeys>
  /** HMAC under a key of the installation, for what is signed before an organization is known. */
  sign(purpose: string, bytes: Buffer): Buffer
}

/** @param masterKey 32 bytes from outside the database */
export function createSecrets(masterKey: Buffer): Secrets {
  assert(masterKey.length === KEY_BYTES, 'the installation key has 32 bytes')
  const wrapKey = derive(masterKey, 'wrap')
  const cache = new Map<OrgId, Promise<OrgKeys>>()
  return {
    of: (ctx) => {
      const known = cache.get(ctx.orgId)
      if (known) return known
      const loading = loadDataKey(ctx, wrapKey).then(keysFrom)
      cache.set(ctx.orgId, loading)
      loading.catch(() => cache.delete(ctx.orgId))
      return loading
    },
    sign: (purpose, bytes) =>
      createHmac('sha256', derive(masterKey, `sign:${purpose}`))
        .update(bytes)
        .digest(),
  }
}

async function loadDataKey(ctx: Ctx, wrapKey: Buffer): Promise<Buffer> {
  const aad = `org_key:${ctx.orgId}:${KEY_VERSION}`
  // Read and written outside the caller's transaction: the key must outlive a rollback, since it is cached.
  const own = ctx.platform.systemCtx(ctx.orgId)
  const read = (): Promise<{ wrappedKey: Buffer }[]> =>
    own.db.named('platform_key_read', 'select wrapped_key from org_key where org_id = $1 and version = $2', [
      ctx.orgId,
      KEY_VERSION,
    ])
  let [row] = await read()
  if (!row) {
    await own.db.named(
      'platform_key_make',
      `
      insert into org_key (org_id, version, wrapped_key, created_at) values ($1, $2, $3, $4)
      on conflict (org_id, version) do nothing`,
      [ctx.orgId, KEY_VERSION, encrypt(wrapKey, aad, randomBytes(KEY_BYTES)), ctx.now()],
    )
    ;[row] = await read()
  }
  assert(row, 'the key of the organization was just made')
  return decrypt(wrapKey, aad, row.wrappedKey)
}

function keysFrom(dataKey: Buffer): OrgKeys {
  const sealKey = derive(dataKey, 'seal')
  const addressMac = textMac(derive(dataKey, 'address'))
  const signKeys = new Map<string, Buffer>()
  const signKey = (purpose: string): Buffer => {
    const key = signKeys.get(purpose) ?? derive(dataKey, `sign:${purpose}`)
    signKeys.set(purpose, key)
    return key
  }
  const addressHashHex = (channel: string, address: string): string =>
    addressMac(`${channel}\0${address}`).slice(0, ADDRESS_HASH_HEX_CHARS)
  return {
    seal: (aad, text) => encrypt(sealKey, aad, Buffer.from(text, 'utf8')),
    open: (aad, sealed) => decrypt(sealKey, aad, sealed).toString('utf8'),
    addressHash: (channel, address) => Buffer.from(addressHashHex(channel, address), 'hex'),
    addressHashHex,
    sign: (purpose, bytes) => createHmac('sha256', signKey(purpose)).update(bytes).digest(),
  }
}

const derive = (key: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `fanfare:${purpose}`, KEY_BYTES))

/** iv ‖ tag ‖ ciphertext, AES-256-GCM. */
function encrypt(key: Buffer, aad: string, plain: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(aad))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

function decrypt(key: Buffer, aad: string, sealed: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES)).setAAD(
      Buffer.from(aad),
    )
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
  } catch (cause) {
    throw new AppError(
      'platform.secret_unreadable',
      503,
      'A stored secret cannot be read with the present key. Restore the installation key (FANFARE_KEY or keys/master.key in the data directory).',
      { cause, detail: { aad } },
    )
  }
}
