/** The frozen list of links of one mail version, numbered as they are met. */
import { analyzeSync } from 'liquidjs'
import { compiledEngine } from './liquid.ts'
import { type Masked, unmask, withFilter } from './mask.ts'
import type { MailLink } from './compiled-mail.ts'

/** More links than any mail needs; each costs a slot in every message. */
export const LINKS_MAX = 500
const LABEL_CHARS_MAX = 120
/** Names that a link may use and still be known when somebody clicks it. */
const KNOWN_ROOTS = new Set(['contact', 'organization', 'campaign', 'event'])

/** Collects links; equal addresses may share a number or not, as the caller wants. */
export interface LinkList {
  readonly links: MailLink[]
  /** Takes a new link in and gives its number. */
  add(url: string, label: string): number
  /** The number of a link with this address, or a new one. */
  addOnce(url: string, label: string): number
}

/** An empty list. */
export function linkList(): LinkList {
  const links: MailLink[] = []
  const add = (url: string, label: string): number =>
    links.push({ index: links.length, url, label: tidyLabel(label) }) - 1
  return {
    links,
    add,
    addOnce: (url, label) => links.find((link) => link.url === url)?.index ?? add(url, label),
  }
}

/** A label is for the report: one line, without Liquid's noise. */
function tidyLabel(label: string): string {
  const line = label.replaceAll(/\s+/g, ' ').trim()
  return line.length > LABEL_CHARS_MAX ? `${line.slice(0, LABEL_CHARS_MAX - 1)}…` : line
}

/** The address as stored: Liquid in it, each value encoded for a URL. */
export function storedUrl(url: string, masked: Masked): string {
  return unmask(url.trim(), masked.pieces, (piece) => withFilter(piece, 'safe_url'))
}

/**
 * Whether the address can be worked out again when it is clicked: it uses nothing that only the body knows, such as
 * the variable of a loop around it.
 * @returns null when its Liquid does not parse on its own
 */
export function isSelfContained(stored: string): boolean | null {
  if (!stored.includes('{{') && !stored.includes('{%')) return true
  try {
    const { globals } = analyzeSync(compiledEngine('en').parse(stored), { partials: false })
    return Object.keys(globals).every((root) => KNOWN_ROOTS.has(root))
  } catch {
    return null
  }
}
