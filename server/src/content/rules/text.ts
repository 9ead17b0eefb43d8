/** The text part: derived from the HTML, or the author's own with its links made slots. */
import { type LinkList, isSelfContained, storedUrl } from './links.ts'
import { MARK, type Masked, unmask, withFilter } from './mask.ts'
import { type Node, type OpenTag, VOID_ELEMENTS, attributeOf, decodeEntities } from './markup.ts'
import { judgeUrl } from './urls.ts'

const BLOCKS = new Set([
  'address', 'article', 'aside', 'blockquote', 'center', 'dd', 'div', 'dl', 'dt', 'figure', 'figcaption', 'footer', 'h1', 'h2', 'h3',
  'h4', 'h5', 'h6', 'header', 'hr', 'li', 'main', 'ol', 'p', 'pre', 'section', 'table', 'tr', 'ul',
]) // prettier-ignore
/** Blocks that stand apart by an empty line. */
const PARAGRAPHS = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'table',
  'blockquote',
  'pre',
  'hr',
  'div',
])
/** Deeper lists are not indented further. */
const LIST_DEPTH_MAX = 10
const SILENT = new Set(['head', 'style', 'script', 'title', 'noscript', 'template'])

/** What text is derived from: the masked HTML, read by the split. */
export interface TextOrigin {
  readonly masked: Masked
  readonly nodes: readonly Node[]
  /** What a link becomes, by where its tag begins. */
  readonly textLinks: ReadonlyMap<number, string>
}

/**
 * Text that says what the HTML says: links with their addresses, lists with marks, tables row by row, images by
 * their description. Liquid goes along, unescaped, since text has nothing to escape.
 */
export function deriveText({ masked, nodes, textLinks }: TextOrigin): string {
  const writer = new TextWriter(masked, textLinks)
  for (const node of nodes) writer.take(node)
  return unmask(writer.text(), masked.pieces, (piece) => withFilter(piece, 'safe_text'))
}

/**
 * Holds what surrounds the node being written: lists, tables, the link, silence. Text is kept in lines, and the line
 * in pieces, so that no step looks at more than the last piece.
 */
class TextWriter {
  readonly #masked: Masked
  readonly #textLinks: ReadonlyMap<number, string>
  readonly #lines: string[] = []
  #pieces: string[] = []
  /** The line holds nothing but the mark of a list item. */
  #isListMark = false
  /** Names of open elements that are not written, innermost last. */
  readonly #silent: string[] = []
  readonly #lists: { ordered: boolean; count: number }[] = []
  readonly #tables: { layout: boolean }[] = []
  #link: { target: string; line: number; piece: number } | null = null
  #preformatted = 0

  constructor(masked: Masked, textLinks: ReadonlyMap<number, string>) {
    this.#masked = masked
    this.#textLinks = textLinks
  }

  text(): string {
    this.#endLine()
    return this.#lines
      .filter((line, at) => line !== '' || this.#lines[at - 1] !== '')
      .join('\n')
      .trim()
  }

  take(node: Node): void {
    if (node.kind === 'open') this.#open(node)
    else if (node.kind === 'close') this.#close(node.name)
    else if (node.kind === 'text') this.#words(this.#masked.text.slice(node.begin, node.end))
  }

  #open(tag: OpenTag): void {
    if (this.#silent.length > 0 || this.#isSilent(tag)) {
      if (!tag.selfClosing && !VOID_ELEMENTS.has(tag.name)) this.#silent.push(tag.name)
      return
    }
    if (tag.name === 'br') this.#endLine()
    else if (tag.name === 'hr') this.#paragraph('---')
    else if (tag.name === 'img') this.#words(attributeOf(tag, 'alt')?.value ?? '')
    else if (tag.name === 'a') {
      const target = this.#textLinks.get(tag.begin) ?? ''
      this.#link = { target, line: this.#lines.length, piece: this.#pieces.length }
    } else if (tag.name === 'td' || tag.name === 'th') this.#cell()
    else if (BLOCKS.has(tag.name)) this.#block(tag)
  }

  #isSilent(tag: OpenTag): boolean {
    return SILENT.has(tag.name) || /display\s*:\s*none/i.test(attributeOf(tag, 'style')?.value ?? '')
  }

  #block(tag: OpenTag): void {
    this.#break(PARAGRAPHS.has(tag.name) && this.#lists.length === 0 ? 2 : 1)
    if (tag.name === 'ul' || tag.name === 'ol') this.#lists.push({ ordered: tag.name === 'ol', count: 0 })
    if (tag.name === 'table')
      this.#tables.push({ layout: attributeOf(tag, 'role')?.value === 'presentation' })
    if (tag.name === 'pre') this.#preformatted++
    if (tag.name === 'li') {
      const list = this.#lists.at(-1)
      if (list) list.count++
      const indent = '  '.repeat(Math.min(LIST_DEPTH_MAX, Math.max(0, this.#lists.length - 1)))
      this.#pieces = [`${indent}${list?.ordered ? `${list.count}.` : '-'} `]
      this.#isListMark = true
    }
  }

  /** Cells of a table that lays the mail out stand below each other; those of a table of facts beside each other. */
  #cell(): void {
    if (this.#tables.at(-1)?.layout ?? true) this.#break(1)
    else if (this.#pieces.length > 0) this.#pieces.push(this.#endsWithSpace() ? '| ' : ' | ')
  }

  #close(name: string): void {
    const silentAt = this.#silent.lastIndexOf(name)
    if (silentAt !== -1) return void this.#silent.splice(silentAt)
    if (this.#silent.length > 0) return
    if (name === 'a') this.#closeLink()
    if (name === 'ul' || name === 'ol') this.#lists.pop()
    if (name === 'table') this.#tables.pop()
    if (name === 'pre') this.#preformatted = Math.max(0, this.#preformatted - 1)
    if (BLOCKS.has(name)) this.#break(PARAGRAPHS.has(name) && this.#lists.length === 0 ? 2 : 1)
  }

  #closeLink(): void {
    const link = this.#link
    this.#link = null
    if (!link || link.target === '') return
    const isOneLine = link.line === this.#lines.length
    const label = isOneLine ? this.#pieces.slice(link.piece).join('').trim() : '…'
    // A label that is the address itself would say it twice.
    if (isOneLine && /^https?:\/\/\S+$/i.test(label)) this.#pieces.length = link.piece
    if (label === '' || (isOneLine && this.#pieces.length === link.piece)) this.#pieces.push(link.target)
    else this.#pieces.push(`${this.#pieces.length === 0 || this.#endsWithSpace() ? '' : ' '}(${link.target})`)
    this.#isListMark = false
  }

  #endsWithSpace(): boolean {
    return this.#pieces.at(-1)?.endsWith(' ') ?? true
  }

  #words(raw: string): void {
    if (this.#silent.length > 0) return
    const decoded = decodeEntities(raw)
      .replaceAll('\u00A0', ' ')
      .replaceAll(/\u034F|[\u200B\u200C\u00AD\uFEFF\u2007]/g, '')
    if (this.#preformatted > 0) return this.#literal(decoded)
    const words = decoded.replaceAll(/\s+/g, ' ')
    const piece = this.#endsWithSpace() ? words.trimStart() : words
    if (piece === '') return
    this.#pieces.push(piece)
    this.#isListMark = false
  }

  /** Text whose lines are the author's. */
  #literal(text: string): void {
    const [first = '', ...rest] = text.split('\n')
    this.#pieces.push(first)
    this.#isListMark = false
    for (const line of rest) {
      this.#endLine()
      this.#pieces.push(line)
    }
  }

  #paragraph(words: string): void {
    this.#break(2)
    this.#pieces.push(words)
    this.#break(2)
  }

  #endLine(): void {
    this.#lines.push(this.#pieces.join('').trimEnd())
    this.#pieces = []
    this.#isListMark = false
  }

  /** Begins a new line, or a new paragraph, unless one has begun. */
  #break(lines: 1 | 2): void {
    // A list mark keeps its line, whatever block the item begins with.
    if (this.#isListMark) return
    if (this.#pieces.length > 0) this.#endLine()
    if (lines === 2 && this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('')
  }
}

/** An address in plain text, up to what cannot belong to it. */
const ADDRESS = /https?:\/\/(?:[^\s<>"'()\uE000]|\uE000\d+\uE001)+/gi
/** Marks that end a sentence rather than an address. */
const SENTENCE_END = /[.,;:!?]+$/

/** The author's own text with its web addresses made slots; equal addresses share their number with the HTML. */
export function ownText(masked: Masked, list: LinkList): string {
  const slotted = masked.text.replaceAll(ADDRESS, (found) => {
    const url = found.replace(SENTENCE_END, '')
    if (judgeUrl(url, masked.pieces, 'link').kind !== 'web') return found
    const stored = storedUrl(url, masked)
    if (isSelfContained(stored) !== true) return found
    const index = list.addOnce(stored, url.replaceAll(MARK, '…'))
    return `{% fanfare_link ${index} text %}${found.slice(url.length)}`
  })
  return unmask(slotted, masked.pieces, (piece) => withFilter(piece, 'safe_text'))
}
