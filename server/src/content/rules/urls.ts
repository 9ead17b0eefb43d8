/** Which addresses may stand in a mail, and where Liquid may stand in them. */
import { MARK, type Piece, leadingName } from './mask.ts'
import { URL_VARIABLES, type UrlVariable } from './variables.ts'

/** Schemes a link may have (compliance §1.7); images may also come with the mail. */
const LINK_SCHEMES = new Set(['http', 'https', 'mailto', 'tel', 'sms'])
const IMAGE_SCHEMES = new Set(['http', 'https', 'cid'])
const EMBEDDED_IMAGE = /^data:image\/(?:png|jpeg|gif|webp);base64,/i

/**
 * What an address is.
 * - `web` is counted and goes through our redirect; `direct` is left as it is (mailto, tel, sms, anchors);
 *   `ours` begins with one of our own addresses; `nowhere` is empty or a lone `#`.
 */
export type UrlKind =
  | { kind: 'web' }
  | { kind: 'direct' }
  | { kind: 'ours'; variable: UrlVariable }
  | { kind: 'nowhere' }
  | {
      kind: 'refused'
      why: 'link_scheme' | 'link_relative' | 'link_invalid' | 'link_host_variable' | 'link_starts_with_logic'
    }

const refused = (why: Extract<UrlKind, { kind: 'refused' }>['why']): UrlKind => ({ kind: 'refused', why })

/**
 * Judges an address.
 * @param masked  entities decoded, Liquid masked
 * Source: OWASP ASVS 1.3.11, compliance §1.7: merge fields may fill path and query, never scheme or host.
 */
export function judgeUrl(masked: string, pieces: readonly Piece[], use: 'link' | 'image'): UrlKind {
  const url = masked.trim()
  if (url === '' || url === '#') return { kind: 'nowhere' }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001F\u007F\\]/.test(url)) return refused('link_invalid')
  if (url.startsWith('#')) return { kind: 'direct' }
  const ours = ownVariable(url, pieces)
  if (ours !== undefined) return ours
  if (url.startsWith('//')) return refused('link_relative')
  const firstMark = url.search(MARK)
  const literal = firstMark === -1 ? url : url.slice(0, firstMark)
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(literal)?.[1]?.toLowerCase()
  if (scheme === undefined)
    return refused(firstMark !== -1 && !literal.includes('/') ? 'link_host_variable' : 'link_relative')
  if (use === 'image' && EMBEDDED_IMAGE.test(url)) return { kind: 'direct' }
  if (!(use === 'link' ? LINK_SCHEMES : IMAGE_SCHEMES).has(scheme)) return refused('link_scheme')
  if (scheme !== 'http' && scheme !== 'https') return { kind: 'direct' }
  if (firstMark !== -1 && !/^https?:\/\/[^/?#]+[/?#]/i.test(literal)) return refused('link_host_variable')
  const probe = url.replaceAll(MARK, 'x')
  if (!URL.canParse(probe)) return refused('link_invalid')
  const parsed = new URL(probe)
  if (parsed.username !== '' || parsed.password !== '' || /\s/.test(url)) return refused('link_invalid')
  return { kind: 'web' }
}

/** What an address that begins with Liquid is; undefined when it begins with plain text. */
function ownVariable(url: string, pieces: readonly Piece[]): UrlKind | undefined {
  const first = /^\uE000(\d+)\uE001/.exec(url)
  const piece = first && pieces[Number(first[1])]
  if (!piece) return undefined
  if (piece.kind === 'tag') return refused('link_starts_with_logic')
  const variable = URL_VARIABLES.find((name) => name === leadingName(piece))
  return variable === undefined ? refused('link_host_variable') : { kind: 'ours', variable }
}
