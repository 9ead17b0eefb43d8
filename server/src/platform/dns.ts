/** What names publish in DNS. */
import { Resolver } from 'node:dns/promises'

/** Asks for TXT or CNAME records; an empty list when there are none or nobody answers. */
export type Lookup = (type: 'TXT' | 'CNAME', name: string) => Promise<string[]>

const TIMEOUT_MS = 3_000
const TRIES = 2

/** The system's resolver, with a limit on how long it may take. */
export function systemLookup(): Lookup {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
  return async (type, name) => {
    try {
      return type === 'TXT'
        ? (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
        : await resolver.resolveCname(name)
    } catch {
      // No such name, no such record, no answer: to the reader all of them mean that it is not there yet.
      return []
    }
  }
}
