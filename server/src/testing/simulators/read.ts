/** Reading calls in a simulator: forgiving where vendors are, strict about who calls. */
import type { SimulatorCall } from './vendor.ts'

export const text = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? '') : (value ?? '')

/** The body as JSON; null when it is none. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- every field of the asked type may be missing
export function json<T extends object>(call: SimulatorCall): T | null {
  try {
    return JSON.parse(call.body.toString('utf8')) as T // every field that is read is allowed to be missing
  } catch {
    return null
  }
}

export const bearer = (call: SimulatorCall, key: string): boolean =>
  text(call.headers['authorization']) === `Bearer ${key}`

export const basic = (call: SimulatorCall, pair: string): boolean =>
  text(call.headers['authorization']) === `Basic ${Buffer.from(pair).toString('base64')}`

/** What stands behind the question mark. */
export const queryOf = (call: SimulatorCall): URLSearchParams =>
  new URLSearchParams(call.path.slice(call.path.indexOf('?') + 1))

/** Fields of a form, multipart or url-encoded; a name may stand several times. */
export function formFields(call: SimulatorCall): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  const add = (name: string, value: string): void =>
    void fields.set(name, [...(fields.get(name) ?? []), value])
  const boundary = /boundary=([^;]+)/.exec(text(call.headers['content-type']))?.[1]
  const body = call.body.toString('utf8')
  if (boundary === undefined) for (const [name, value] of new URLSearchParams(body)) add(name, value)
  else
    for (const part of body.split(`--${boundary}`)) {
      const match = /name="([^"]*)"\r\n(?:[^\r\n]+\r\n)*\r\n([\s\S]*)\r\n$/.exec(part)
      if (match) add(match[1] ?? '', match[2] ?? '')
    }
  return fields
}

/** A number that ends with 0610 has told the provider to stop. */
export const scriptedStop = (to: string): boolean => /^\+?\d+0610$/.test(to)

/** A number that ends with 0408 lies where the account may not send, one that ends with 0606 out of its sender's reach. */
export const scriptedRegion = (to: string): boolean => /^\+?\d+0408$/.test(to)
export const scriptedReach = (to: string): boolean => /^\+?\d+0606$/.test(to)

/** An address may script that it is refused: `refuse.anything@…`, or a number that ends with 0000. */
export const scriptedRefusal = (to: string): string | null =>
  /^refuse[.@]/.test(to) || /^\+?\d+0000$/.test(to) ? 'scripted' : null

export const excerptOf = (said: string | undefined): string => (said ?? '').slice(0, 80)
