/**
 * DKIM: RSA and Ed25519 signatures side by side, relaxed/relaxed, computed in the thread pool. Bodies are composed in their
 * relaxed form (`transfer-encoding.ts`): making it of each body took as long as writing the mail.
 * Sources: RFC 6376, RFC 8463; fields after compliance report §1.2; PC-12.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, hash, sign, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { HeaderField } from './headers.ts'
import type { ComposedMail } from './mime.ts'

export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256'

/** A key that signs for a domain. */
export interface DkimKey {
  domain: string
  selector: string
  algorithm: DkimAlgorithm
  privateKey: KeyObject
}

/** A new key as it is stored (PEM) and published. */
export interface NewDkimKey {
  algorithm: DkimAlgorithm
  privatePem: string
  /** The value of the TXT record at `selector._domainkey.domain`. */
  record: string
}

const RSA_BITS = 2_048
const SIGNATURE_CHARS_PER_LINE = 72

/**
 * What a signature covers. Each is named once more than it occurs, so that nobody can add another one behind the
 * signature's back (oversigning, RFC 6376 §8.15).
 */
const SIGNED = [
  'from',
  'to',
  'cc',
  'subject',
  'date',
  'reply-to',
  'message-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'feedback-id',
  'auto-submitted',
  'mime-version',
  'content-type',
] as const

const makeKeys = promisify(generateKeyPair)

/** Makes a key. RSA takes some 100 ms in the thread pool. */
export async function newDkimKey(algorithm: DkimAlgorithm): Promise<NewDkimKey> {
  const { privateKey } =
    algorithm === 'rsa-sha256'
      ? await makeKeys('rsa', { modulusLength: RSA_BITS })
      : await makeKeys('ed25519')
  return {
    algorithm,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    record: publicRecord(privateKey, algorithm),
  }
}

/** A stored key, ready to sign. */
export function loadDkimKey(key: {
  domain: string
  selector: string
  algorithm: DkimAlgorithm
  privatePem: string
}): DkimKey {
  return {
    domain: key.domain,
    selector: key.selector,
    algorithm: key.algorithm,
    privateKey: createPrivateKey(key.privatePem),
  }
}

/** The TXT record that publishes a key. An Ed25519 key is published bare, without its ASN.1 wrapping (RFC 8463 §4). */
function publicRecord(privateKey: KeyObject, algorithm: DkimAlgorithm): string {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  if (algorithm === 'rsa-sha256') return `v=DKIM1; k=rsa; p=${spki.toString('base64')}`
  return `v=DKIM1; k=ed25519; p=${spki.subarray(-32).toString('base64')}`
}

/**
 * Signs a mail with each key.
 * @returns one DKIM-Signature field per key, in the order of the keys
 */
export function signMail(mail: ComposedMail, keys: readonly DkimKey[], at: Date): Promise<HeaderField[]> {
  if (keys.length === 0) return Promise.resolve([])
  const bodyHash = hash('sha256', mail.body, 'base64')
  const { names, canonical } = signedHeaders(mail.headers)
  const seconds = Math.floor(at.getTime() / 1_000)
  return Promise.all(keys.map((key) => signatureOf(key, { names, canonical, bodyHash, seconds })))
}

interface Signed {
  names: string
  canonical: string
  bodyHash: string
  seconds: number
}

function signatureOf(key: DkimKey, { names, canonical, bodyHash, seconds }: Signed): Promise<HeaderField> {
  const unsigned = `v=1; a=${key.algorithm}; c=relaxed/relaxed; d=${key.domain};\r\n s=${key.selector}; t=${seconds};\r\n h=${names};\r\n bh=${bodyHash};\r\n b=`
  const data = Buffer.from(`${canonical}dkim-signature:${relaxed(unsigned)}`)
  // Ed25519 signs the hash of the data, not the data (RFC 8463 §3).
  const signs =
    key.algorithm === 'rsa-sha256'
      ? { digest: 'sha256', data }
      : { digest: null, data: hash('sha256', data, 'buffer') }
  return new Promise((resolve, reject) => {
    sign(signs.digest, signs.data, key.privateKey, (error, signature) => {
      if (error) reject(error)
      else resolve({ name: 'DKIM-Signature', value: unsigned + foldedBase64(signature) })
    })
  })
}

function signedHeaders(headers: readonly HeaderField[]): { names: string; canonical: string } {
  const names: string[] = []
  let canonical = ''
  for (const name of SIGNED) {
    // Several fields of one name are taken from the last upwards (RFC 6376 §5.4.2); our mails have one of each.
    for (let i = headers.length - 1; i >= 0; i--) {
      const field = headers[i]
      if (field === undefined || field.name.toLowerCase() !== name) continue
      names.push(name)
      canonical += `${name}:${relaxed(field.value)}\r\n`
    }
    names.push(name)
  }
  return { names: foldedNames(names), canonical }
}

/** RFC 6376 §3.4.2. */
const relaxed = (value: string): string =>
  value
    .replaceAll(/\r\n(?=[ \t])/g, '')
    .replaceAll(/[ \t]+/g, ' ')
    .trim()

function foldedNames(names: readonly string[]): string {
  const lines: string[] = []
  let line = ''
  for (const name of names) {
    if (line.length + name.length > SIGNATURE_CHARS_PER_LINE) {
      lines.push(line)
      line = ''
    }
    line += line === '' && lines.length === 0 ? name : `:${name}`
  }
  lines.push(line)
  return lines.join('\r\n ')
}

function foldedBase64(bytes: Buffer): string {
  const text = bytes.toString('base64')
  const lines: string[] = []
  for (let at = 0; at < text.length; at += SIGNATURE_CHARS_PER_LINE)
    lines.push(text.slice(at, at + SIGNATURE_CHARS_PER_LINE))
  return lines.join('\r\n ')
}
