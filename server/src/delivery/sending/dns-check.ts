/** What a sending domain should publish, and what it publishes. Sources: RFC 6376, RFC 7208, RFC 7489; compliance report §1.2 */
import type { Lookup } from '../../platform/dns.ts'
import type { DnsFinding } from './queries.ts'

/** Where the record of a key stands. Source: RFC 6376 §3.6.2.1 */
export const keyRecordName = (selector: string, domain: string): string => `${selector}._domainkey.${domain}`

/** The records to publish for a domain with these keys; SPF is read where bounces return to. */
export function expectedRecords(
  domain: string,
  keys: readonly { selector: string; record: string }[],
  returnPathHost: string | null = null,
): DnsFinding[] {
  const missing = { found: null, isRight: false }
  return [
    ...keys.map(({ selector, record }): DnsFinding => ({
      kind: 'dkim',
      type: 'TXT',
      name: keyRecordName(selector, domain),
      expected: record,
      ...missing,
    })),
    {
      kind: 'spf',
      type: 'TXT',
      name: returnPathHost ?? domain,
      expected: 'v=spf1 include:<your mail server’s record> ~all',
      ...missing,
    },
    ...(returnPathHost === null
      ? []
      : [
          {
            kind: 'return_path' as const,
            type: 'MX' as const,
            name: returnPathHost,
            expected: '10 <the mail server that hands bounces over to this installation>',
            ...missing,
          },
        ]),
    {
      kind: 'dmarc',
      type: 'TXT',
      name: `_dmarc.${domain}`,
      expected: `v=DMARC1; p=none; rua=mailto:dmarc@${domain}`,
      ...missing,
    },
  ]
}

/** Looks each of them up. */
export function checkRecords(records: readonly DnsFinding[], lookup: Lookup): Promise<DnsFinding[]> {
  return Promise.all(records.map((record) => checkRecord(record, lookup)))
}

async function checkRecord(record: DnsFinding, lookup: Lookup): Promise<DnsFinding> {
  switch (record.kind) {
    case 'dkim': {
      const published = (await lookup('TXT', record.name)).find((text) => /\bp=/.test(text)) ?? null
      return {
        ...record,
        found: published,
        isRight: published !== null && keyIn(published) === keyIn(record.expected),
      }
    }
    case 'spf': {
      const published = (await lookup('TXT', record.name)).filter((text) => /^v=spf1(\s|$)/i.test(text))
      // Two SPF records are as bad as none (RFC 7208 §4.5); one that allows everybody proves nothing.
      const isRight = published.length === 1 && !/(?:^|\s)\+?all\b/i.test(published[0] ?? '')
      return { ...record, found: published.join(' | ') || null, isRight }
    }
    case 'dmarc': {
      const published = await policyOf(record.name.replace(/^_dmarc\./, ''), lookup)
      return {
        ...record,
        found: published?.text ?? null,
        ...(published ? { foundAt: published.at } : {}),
        isRight: published !== null && /;\s*p=(none|quarantine|reject)\b/i.test(published.text),
      }
    }
    case 'return_path': {
      const [target = null] = await lookup('MX', record.name)
      return { ...record, found: target, isRight: target !== null }
    }
  }
}

/** The policy of the domain or of the nearest parent that has one: the tree walk of RFC 9989, down to two labels. */
async function policyOf(domain: string, lookup: Lookup): Promise<{ at: string; text: string } | null> {
  const labels = domain.split('.')
  for (let skipped = 0; labels.length - skipped >= 2; skipped++) {
    const at = labels.slice(skipped).join('.')
    const published = (await lookup('TXT', `_dmarc.${at}`)).find((text) => /^v=DMARC1\s*;/i.test(text))
    if (published !== undefined) return { at, text: published }
  }
  return null
}

const keyIn = (record: string): string =>
  /\bp=([A-Za-z0-9+/=\s]*)/.exec(record)?.[1]?.replaceAll(/\s/g, '') ?? ''
