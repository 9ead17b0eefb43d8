/** A certificate of one's own for 127.0.0.1, so that a simulator can be called as the world is: over TLS. */
import { generateKeyPairSync, sign } from 'node:crypto'

/** What a TLS server is given, and what its callers must trust. */
export interface TestCertificate {
  key: string
  cert: string
}

const SEQUENCE = 0x30
const SET = 0x31
const OID = 0x06
const VALID_FROM = '20200101000000Z'
const VALID_UNTIL = '20991231235959Z'

/** Signs itself. Source: RFC 5280 §4.1 */
export function testCertificate(): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der(SEQUENCE, oid([1, 2, 840, 10045, 4, 3, 2])) // ecdsa-with-SHA256
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid([2, 5, 4, 3]), der(0x0c, Buffer.from('simulator')))))
  const extensions = der(
    SEQUENCE,
    // It may vouch for itself, and stands for this machine by address and by name.
    der(SEQUENCE, oid([2, 5, 29, 19]), der(0x04, der(SEQUENCE, der(0x01, Buffer.from([0xff]))))),
    der(
      SEQUENCE,
      oid([2, 5, 29, 17]),
      der(0x04, der(SEQUENCE, der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from('localhost')))),
    ),
  )
  const body = der(
    SEQUENCE,
    der(0xa0, integer(2)),
    integer(1),
    algorithm,
    name,
    der(SEQUENCE, der(0x18, Buffer.from(VALID_FROM)), der(0x18, Buffer.from(VALID_UNTIL))),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, extensions),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey))
  const base64 = der(SEQUENCE, body, algorithm, signature).toString('base64')
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  }
}

/** Tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const integer = (value: number): Buffer => der(0x02, Buffer.from([value]))

/** Numbers of seven bits, all but the last of each marked. */
function oid([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  const bytes = rest.flatMap((number) => {
    const parts = [number & 0x7f]
    for (let left = number >> 7; left > 0; left >>= 7) parts.unshift((left & 0x7f) | 0x80)
    return parts
  })
  return der(OID, Buffer.from([first * 40 + second, ...bytes]))
}
