/** Bodies of forms: `multipart/form-data` (RFC 7578) and `application/x-www-form-urlencoded`. */
import { hash } from 'node:crypto'

/** One field. A name may stand several times. */
export interface FormField {
  name: string
  value: string
}

/** A form of several parts. The boundary is made of the fields, so that the same form has the same bytes. */
export function formOf(fields: readonly FormField[]): { contentType: string; body: Buffer } {
  const boundary = `fanfare-${hash('sha256', JSON.stringify(fields)).slice(0, 32)}`
  const parts = fields.map(
    ({ name, value }) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name.replaceAll(/["\r\n]/g, '_')}"\r\n\r\n${value}\r\n`,
  )
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.from(`${parts.join('')}--${boundary}--\r\n`),
  }
}

/** Fields as a query or a body of `application/x-www-form-urlencoded`. */
export const urlEncoded = (fields: readonly FormField[]): string =>
  new URLSearchParams(fields.map(({ name, value }) => [name, value])).toString()
