/**
 * Signature version 4, as Amazon's services want it. One pass, no clock and no environment of its own.
 * Source: AWS General Reference, "Signature Version 4 signing process"
 */
import { createHash, createHmac } from 'node:crypto'

/** Who calls, and where. */
export interface AwsCredentials {
  accessKeyId: string
  secretAccessKey: string
  region: string
  service: string
}

/** Headers that a call gets, the signature among them. `headers` have lower-case names. */
export function signAws(
  { accessKeyId, secretAccessKey, region, service }: AwsCredentials,
  request: { method: string; url: string; headers: Readonly<Record<string, string>>; body: string },
  now: Date,
): Record<string, string> {
  const url = new URL(request.url)
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const day = stamp.slice(0, 8)
  const bodyHash = sha256(request.body)
  const headers: Record<string, string> = {
    ...request.headers,
    host: url.host,
    'x-amz-content-sha256': bodyHash,
    'x-amz-date': stamp,
  }
  const names = Object.keys(headers).toSorted()
  const canonical = [
    request.method,
    url.pathname,
    [...url.searchParams]
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .toSorted()
      .join('&'),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/\s+/g, ' ')}`),
    '',
    names.join(';'),
    bodyHash,
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  )
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(canonical)}`)
    .digest('hex')
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
