/** Words for what to do about a domain's DMARC: on the wire, on screens. */

/** What people should know, in the order of weight. */
export const DMARC_ADVICE = [
  'no_policy',
  'dkim_missing',
  'nothing_aligned',
  'spf_unaligned',
  'strict_subdomains',
  'policy_none',
  'no_reports',
] as const
export type DmarcAdvice = (typeof DMARC_ADVICE)[number]
