/**
 * What a domain's DMARC policy says, whether our mails pass it, and what to do next. Pure.
 * Sources: RFC 7489 §3.1, §6.3 (alignment, tags); RFC 9989; compliance report §1.2
 */
import { DMARC_ADVICE, type DmarcAdvice } from './dmarc-advice.ts'
import type { DnsFinding } from './queries.ts'

/** One of the two proofs that DMARC takes. */
export interface Alignment {
  /** The domain that is compared with that of the sender's address. */
  domain: string
  /** `strict`: must be the same name; `relaxed`: may be another name of the same owner. */
  mode: 'relaxed' | 'strict'
  isAligned: boolean
}

/** The policy, and what mails from the domain bring to it. */
export interface DmarcJudgement {
  policy: 'none' | 'quarantine' | 'reject' | null
  /** Where receivers report to; null when nobody is told. */
  reportsTo: string | null
  dkim: Alignment
  spf: Alignment
  advice: DmarcAdvice[]
}

/**
 * @param domain          the sending domain: sender's addresses have it, or a name below it; it is the d= of signatures
 * @param returnPathHost  the host of the envelope's sender; null: the sender's own domain
 */
export function judgeDmarc(
  domain: string,
  returnPathHost: string | null,
  findings: readonly DnsFinding[],
): DmarcJudgement {
  const published = findings.find(({ kind }) => kind === 'dmarc')
  const tags = tagsOf(published?.found ?? '')
  const policy = policyInForce(tags, published?.foundAt !== undefined && published.foundAt !== domain)
  const mode = (tag: string): Alignment['mode'] =>
    tags.get(tag)?.toLowerCase() === 's' ? 'strict' : 'relaxed'
  const aligned = (other: string, of: Alignment['mode']): Alignment => ({
    domain: other,
    mode: of,
    isAligned: other === domain || (of === 'relaxed' && haveOneOwner(other, domain, published?.foundAt)),
  })
  const dkim = aligned(domain, mode('adkim'))
  const spf = aligned(returnPathHost ?? domain, mode('aspf'))
  const isSigned = findings.some(({ kind, isRight }) => kind === 'dkim' && isRight)
  const isSpfRight = findings.some(({ kind, isRight }) => kind === 'spf' && isRight)
  const holds: Readonly<Record<DmarcAdvice, boolean>> = {
    no_policy: policy === null,
    dkim_missing: !isSigned,
    nothing_aligned: !isSigned && !(isSpfRight && spf.isAligned),
    spf_unaligned: !spf.isAligned,
    strict_subdomains: dkim.mode === 'strict',
    policy_none: policy === 'none',
    no_reports: policy !== null && !tags.has('rua'),
  }
  return {
    policy,
    reportsTo: tags.get('rua') ?? null,
    dkim,
    spf,
    advice: DMARC_ADVICE.filter((advice) => holds[advice]),
  }
}

/** `v=DMARC1; p=none` → tags by name; the first of a name counts. */
function tagsOf(record: string): Map<string, string> {
  const tags = new Map<string, string>()
  for (const part of record.split(';')) {
    const [name = '', ...rest] = part.split('=')
    const key = name.trim().toLowerCase()
    if (key !== '' && !tags.has(key)) tags.set(key, rest.join('=').trim())
  }
  return tags
}

/**
 * What receivers do with mails from the domain. A parent's record may ask something else for the names below it; with a word
 * there that nobody knows it asks for nothing, and only reports are sent.
 * Source: RFC 7489 §6.3 (sp), §6.6.3 step 6
 */
function policyInForce(tags: ReadonlyMap<string, string>, isOfParent: boolean): DmarcJudgement['policy'] {
  const own = policyOf(tags.get('p'))
  if (own === null || !isOfParent || !tags.has('sp')) return own
  return policyOf(tags.get('sp')) ?? (tags.has('rua') ? 'none' : null)
}

function policyOf(word: string | undefined): DmarcJudgement['policy'] {
  const policy = word?.toLowerCase()
  return policy === 'none' || policy === 'quarantine' || policy === 'reject' ? policy : null
}

/** Names of one owner: one lies below the other, or both below the name that publishes the policy (RFC 9989 §4.10). */
const haveOneOwner = (one: string, other: string, policyAt: string | undefined): boolean =>
  isWithin(one, other) ||
  isWithin(other, one) ||
  (policyAt !== undefined && isWithin(one, policyAt) && isWithin(other, policyAt))

/** Is a name the other, or below it? */
export const isWithin = (name: string, parent: string): boolean =>
  name === parent || name.endsWith(`.${parent}`)
