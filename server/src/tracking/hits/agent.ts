/** Families of programs: enough to tell people from programs, too little to tell people apart. */

/** The family of programs that look into mails to protect their readers. */
export const SCANNER = 'scanner'

const SCANNERS =
  /bot\b|crawl|spider|barracuda|proofpoint|mimecast|symantec|messagelabs|fireeye|trendmicro|sophos|forcepoint|zscaler|cisco|ironport|safelinks|skypeuripreview|bitdefender|avast|mcafee|urldefense|virustotal|vade|hornet|curl|wget|python|java\/|go-http|okhttp|libwww|httpclient|axios|node-fetch|headless|phantom|puppeteer|playwright|slackbot|whatsapp|facebookexternalhit|telegrambot|discord|linkpreview|preview/i

/** In the order in which they are looked for: most programs also name those that they descend from. */
const FAMILIES: readonly (readonly [family: string, pattern: RegExp])[] = [
  ['google_proxy', /GoogleImageProxy|ggpht\.com/i],
  ['yahoo_proxy', /YahooMailProxy/i],
  ['outlook', /Microsoft Outlook|MSOffice|ms-office/i],
  ['thunderbird', /Thunderbird/i],
  ['edge', /\bEdgA?\/|EdgiOS/],
  ['opera', /\bOPR\/|Opera/],
  ['samsung', /SamsungBrowser/],
  ['firefox', /Firefox\/|FxiOS/],
  ['chrome', /Chrome\/|CriOS/],
  ['apple_mail', /AppleWebKit\/[\d.]+ \(KHTML, like Gecko\)(?: Mobile\/\w+)?$/],
  ['safari', /Safari\//],
]

/** `chrome`, `safari`, `outlook`, `scanner`…; `none` when it named nothing, `other` for the rest. */
export function agentFamily(userAgent: string): string {
  if (userAgent.trim() === '') return 'none'
  const known = FAMILIES.find(([, pattern]) => pattern.test(userAgent))
  if (known && (known[0].endsWith('_proxy') || !SCANNERS.test(userAgent))) return known[0]
  if (SCANNERS.test(userAgent)) return SCANNER
  return known?.[0] ?? 'other'
}
