/** What a link domain must publish and answer before links stand on it, and whether it does. */
import type { Lookup } from '../../platform/dns.ts'

/** One thing that a link domain needs. */
export interface LinkDomainFinding {
  /**
   * `ownership`: a record that only the domain's owner can publish, so that nobody uses a foreign name. `cname`: leads
   * here. `https`: this installation answers under it, with a certificate that telephones accept.
   */
  kind: 'ownership' | 'cname' | 'https'
  /** `HTTPS` stands for an address that is fetched. */
  type: 'TXT' | 'CNAME' | 'HTTPS'
  name: string
  expected: string
  /** What is there; null when nothing is. */
  found: string | null
  isRight: boolean
}

/** Fetches an address; the body of an answer with status 200, otherwise null. */
export type Probe = (url: string) => Promise<string | null>

/** What is asked of the outside. */
export interface Outside {
  lookup: Lookup
  probe: Probe
}

/** Where an installation says under which of its names it was asked. */
export const PROBE_PATH = '/s/about'

/** The records to publish for a host, not yet looked up. */
export function expectedFindings(
  host: string,
  {
    trackingHost,
    ownershipMark,
    probeMark,
  }: { trackingHost: string; ownershipMark: string; probeMark: string },
): LinkDomainFinding[] {
  const missing = { found: null, isRight: false }
  return [
    { kind: 'cname', type: 'CNAME', name: host, expected: trackingHost, ...missing },
    { kind: 'ownership', type: 'TXT', name: `_fanfare.${host}`, expected: ownershipMark, ...missing },
    { kind: 'https', type: 'HTTPS', name: `https://${host}${PROBE_PATH}`, expected: probeMark, ...missing },
  ]
}

/** Looks at all of them. */
export function lookAtLinkDomain(
  findings: readonly LinkDomainFinding[],
  { lookup, probe }: Outside,
): Promise<LinkDomainFinding[]> {
  return Promise.all(
    findings.map(async (finding): Promise<LinkDomainFinding> => {
      switch (finding.kind) {
        case 'ownership': {
          const records = await lookup('TXT', finding.name)
          return { ...finding, found: records[0] ?? null, isRight: records.includes(finding.expected) }
        }
        case 'cname': {
          const [target = null] = await lookup('CNAME', finding.name)
          const isRight = target?.toLowerCase().replace(/\.$/, '') === finding.expected
          return { ...finding, found: target, isRight }
        }
        case 'https': {
          const answer = await probe(finding.name)
          return { ...finding, found: answer?.slice(0, 100) ?? null, isRight: answer === finding.expected }
        }
      }
    }),
  )
}

/**
 * May links stand on it? The CNAME is advice: a domain may also lead here by address records or through a proxy, and
 * the answer over https shows that it does.
 */
export const isUsable = (findings: readonly LinkDomainFinding[]): boolean =>
  findings.every(({ kind, isRight }) => isRight || kind === 'cname')
