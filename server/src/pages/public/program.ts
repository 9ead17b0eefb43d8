/** Whether a link was followed by a program that protects or preloads, and not by a person. Pure. */

/** Mailboxes' scanners and previews, by the names that they give. */
const PROGRAMS =
  /barracuda|proofpoint|mimecast|safelinks|symantec|trendmicro|sophos|forcepoint|fireeye|cloudmark|ironport|messagelabs|zscaler|bot\b|crawler|spider|preview|slackbot|whatsapp|facebookexternalhit|^mozilla\/5\.0$/i

/** A request as far as it tells who follows. */
export interface Following {
  method: string
  headers: Readonly<Record<string, string | string[] | undefined>>
}

/** True for HEAD, for what is fetched ahead, and for programs by their name. */
export function isFollowedByProgram({ method, headers }: Following): boolean {
  if (method === 'HEAD') return true
  const said = ['sec-purpose', 'purpose', 'x-moz', 'x-purpose'].map((name) => String(headers[name] ?? ''))
  if (said.some((text) => /prefetch|preview|prerender/i.test(text))) return true
  return PROGRAMS.test(String(headers['user-agent'] ?? '').trim())
}
