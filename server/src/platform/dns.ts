/** What names publish in DNS. */
import { Resolver } from 'node:dns/promises'

/** Asks for TXT, CNAME or MX records (the hosts of these, the preferred first); an empty list when there are none or nobody answers. */
export type Lookup = (type: 'TXT' | 'CNAME' | 'MX', name: string) => Promise<string[]>

const TIMEOUT_MS = 3_000
const TRIES = 2

/** The system's resolver, with a limit on how long it may take. */
export function systemLookup(): Lookup {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
  return async (type, name) => {
    try {
      switch (type) {
        case 'TXT':
          return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
        case 'CNAME':
          return await resolver.resolveCname(name)
        case 'MX':
          return (await resolver.resolveMx(name))
            .toSorted((one, other) => one.priority - other.priority)
            .map(({ exchange }) => exchange)
      }
    } catch {
      // No such name, no such record, no answer: to the reader all of them mean that it is not there yet.
      return []
    }
  }
}
