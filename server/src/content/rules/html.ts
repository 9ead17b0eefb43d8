/**
 * Splits HTML into what is the same for everybody and what is not: links become slots, every output of Liquid is
 * escaped for the place it stands in, and what must be in each marketing mail is put in where the author left it out.
 */
import type { Problem } from '../schema.ts'
import type { Finding } from './compiled-mail.ts'
import { type LinkList, LINKS_MAX, isSelfContained, storedUrl } from './links.ts'
import type { Escape } from './liquid.ts'
import { MARK, type Masked, type Piece, leadingName, positionAt, unmask, withFilter } from './mask.ts'
import {
  type Attribute,
  type Node,
  type OpenTag,
  VOID_ELEMENTS,
  attributeOf,
  decodeEntities,
  scanMarkup,
} from './markup.ts'
import { sourceOffset } from './mjml.ts'
import { excerpt, excerptOfTag, problemAt } from './problem.ts'
import { judgeUrl } from './urls.ts'

const PROBLEMS_MAX = 20
const FINDINGS_MAX = 50
const OPEN_MAX = 500
/** They do nothing in a mailbox, get the mail sorted out as dangerous, and would run on the page of the mail. */
const FORBIDDEN_ELEMENTS = new Set([
  'script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'base', 'form', 'input', 'button', 'select', 'textarea',
  'svg', 'math', 'template', 'portal', 'dialog',
]) // prettier-ignore
const IMAGE_ATTRIBUTES = new Set(['src', 'background', 'poster'])
/** Elements whose end tag may be left out, and those that browsers make up themselves. */
const OPTIONAL_END = new Set([
  'p',
  'li',
  'dt',
  'dd',
  'td',
  'th',
  'tr',
  'tbody',
  'thead',
  'tfoot',
  'colgroup',
  'option',
  'html',
  'head',
  'body',
])

/** What one HTML body splits into. */
export interface SplitHtml {
  /** Liquid with slots, without the parts that are put in last. */
  readonly html: string
  readonly problems: readonly Problem[]
  readonly nodes: readonly Node[]
  /** Slot text for the text part, by where the link's tag begins in the masked HTML. */
  readonly textLinks: ReadonlyMap<number, string>
  readonly hasUnsubscribe: boolean
  readonly hasPostalAddress: boolean
  readonly imagesWithoutDescription: Finding[]
  readonly linksToNowhere: Finding[]
  readonly linksNotCounted: Finding[]
  readonly linksNotSecure: Finding[]
}

/** What the split needs to know of the body it reads. */
export interface HtmlBody {
  /** HTML with its Liquid masked. */
  readonly masked: Masked
  /** As the author wrote it: HTML itself, or the MJML it came from. */
  readonly source: string
  readonly format: 'mjml' | 'html'
}

/** Reads the whole body once. Links go into `list` in reading order. */
export function splitHtml(body: HtmlBody, list: LinkList): SplitHtml {
  const split = new Splitter(body, list)
  split.read()
  return split.result()
}

interface Edit {
  begin: number
  end: number
  text: string
}

/** Holds the state of one reading: edits, contexts, findings. */
class Splitter {
  readonly #body: HtmlBody
  readonly #list: LinkList
  readonly #text: string
  readonly #nodes: Node[]
  readonly #edits: Edit[] = []
  readonly #contexts: { begin: number; end: number; escape: Escape }[] = []
  readonly #problems: Problem[] = []
  readonly #textLinks = new Map<number, string>()
  readonly #depths: { offset: number; depth: number; piece: Piece }[] = []
  readonly #found = {
    images: [] as Finding[],
    nowhere: [] as Finding[],
    notCounted: [] as Finding[],
    notSecure: [] as Finding[],
  }
  #hasUnsubscribe = false

  constructor(body: HtmlBody, list: LinkList) {
    this.#body = body
    this.#list = list
    this.#text = body.masked.text
    this.#nodes = scanMarkup(this.#text)
    let depth = 0
    for (const match of this.#text.matchAll(MARK)) {
      const piece = body.masked.pieces[Number(match[1])]
      if (!piece) continue
      if (piece.nesting === -1) depth--
      this.#depths.push({ offset: match.index, depth, piece })
      if (piece.nesting === 1) depth++
    }
  }

  read(): void {
    const unfinished = this.#nodes.find((node) => node.kind === 'unfinished')
    if (unfinished) {
      const tag = excerptOfTag(unmask(this.#text.slice(unfinished.begin), this.#body.masked.pieces))
      this.#problem('markup_unfinished', unfinished.begin, tag, { tag })
    }
    this.#readNodes(this.#nodes, 0, this.#text, false)
    if (this.#list.links.length > LINKS_MAX) this.#problem('links_too_many', 0, '', { max: LINKS_MAX })
    if (this.#body.format === 'html' && !this.#depths.some((entry) => entry.piece.nesting !== 0))
      this.#readUnclosed()
  }

  result(): SplitHtml {
    return {
      html: this.#assemble(),
      problems: this.#problems,
      nodes: this.#nodes,
      textLinks: this.#textLinks,
      hasUnsubscribe: this.#hasUnsubscribe,
      hasPostalAddress: this.#depths.some(
        (entry) => entry.depth === 0 && leadingName(entry.piece) === 'organization.postal_address',
      ),
      imagesWithoutDescription: this.#found.images,
      linksToNowhere: this.#found.nowhere,
      linksNotCounted: this.#found.notCounted,
      linksNotSecure: this.#found.notSecure,
    }
  }

  #readNodes(nodes: readonly Node[], base: number, text: string, inComment: boolean): void {
    for (const [at, node] of nodes.entries()) {
      if (node.kind === 'open') this.#readTag(node, base, nodes, at, inComment)
      if (node.kind === 'text' && this.#openElement(nodes, at) === 'style')
        this.#context(base + node.begin, base + node.end, 'safe_css')
      if (node.kind === 'comment') this.#readConditional(text.slice(node.begin, node.end), base + node.begin)
    }
  }

  /** Outlook reads what stands in `<!--[if mso]>…<![endif]-->`; it is held to the same rules. */
  #readConditional(comment: string, base: number): void {
    const opening = /^\[if [^\]]*\]>/.exec(comment)
    if (!opening) return
    const inner = comment.slice(opening[0].length)
    this.#readNodes(scanMarkup(inner), base + opening[0].length, inner, true)
  }

  #readTag(tag: OpenTag, base: number, nodes: readonly Node[], at: number, inComment: boolean): void {
    const whole = this.#text.slice(base + tag.begin, base + tag.end)
    if (FORBIDDEN_ELEMENTS.has(tag.name))
      this.#problem('html_forbidden_element', base + tag.begin, `<${tag.name}`, { tag: tag.name })
    if (tag.name === 'meta' && attributeOf(tag, 'http-equiv')?.value.toLowerCase() === 'refresh') {
      this.#problem('html_forbidden_element', base + tag.begin, '<meta', { tag: 'meta http-equiv="refresh"' })
    }
    if (this.#outputIn(tag.nameBegin, tag.nameEnd, base))
      this.#problem('variable_in_tag', base + tag.begin, whole)
    for (const attribute of tag.attributes) this.#readAttribute(tag, attribute, base, nodes, at, inComment)
    if (tag.name === 'img' && !inComment) this.#readImage(tag, base)
  }

  #readAttribute(
    tag: OpenTag,
    attribute: Attribute,
    base: number,
    nodes: readonly Node[],
    at: number,
    inComment: boolean,
  ): void {
    const begin = base + attribute.begin
    if (attribute.name.startsWith('on'))
      this.#problem('html_forbidden_attribute', base + attribute.nameBegin, attribute.name, {
        name: attribute.name,
      })
    if (this.#outputIn(attribute.nameBegin, attribute.nameEnd, base))
      this.#problem('variable_in_tag', base + attribute.nameBegin, attribute.name)
    if (!attribute.quoted && this.#outputIn(attribute.begin, attribute.end, base))
      this.#problem('variable_unquoted', begin, attribute.name, { name: attribute.name })
    if (attribute.name === 'style') this.#context(begin, base + attribute.end, 'safe_css')
    else if (attribute.name === 'href') this.#readHref(tag, attribute, base, nodes, at, inComment)
    else if (IMAGE_ATTRIBUTES.has(attribute.name)) this.#readImageAddress(attribute, base)
  }

  #readHref(
    tag: OpenTag,
    attribute: Attribute,
    base: number,
    nodes: readonly Node[],
    at: number,
    inComment: boolean,
  ): void {
    if (this.#list.links.length > LINKS_MAX) return
    const { masked } = this.#body
    const begin = base + attribute.begin
    const url = decodeEntities(attribute.value).trim()
    const written = excerpt(unmask(url, masked.pieces))
    const judged = judgeUrl(url, masked.pieces, 'link')
    this.#context(begin, base + attribute.end, 'safe_url')
    if (tag.name !== 'a' && tag.name !== 'area' && !tag.name.endsWith(':roundrect')) {
      if (judged.kind === 'refused') this.#problem(judged.why, begin, written, { url: written })
      return
    }
    const label = this.#labelOf(nodes, at, base)
    if (judged.kind === 'refused') return this.#problem(judged.why, begin, written, { url: written })
    if (judged.kind === 'nowhere')
      return this.#find(
        'nowhere',
        base + tag.begin,
        written === '' ? 'href=""' : `href="${written}"`,
        label || written,
      )
    if (judged.kind === 'ours') {
      this.#ours(begin, url)
      if (judged.variable === 'unsubscribe_url' && !inComment && this.#depthAt(begin) === 0)
        this.#hasUnsubscribe = true
      this.#textLinks.set(base + tag.begin, this.#plain(url))
      return
    }
    if (judged.kind === 'direct')
      return void this.#textLinks.set(base + tag.begin, url.startsWith('#') ? '' : this.#plain(url))
    if (/^http:/i.test(url)) this.#find('notSecure', begin, written, written)
    const stored = storedUrl(url, masked)
    const selfContained = isSelfContained(stored)
    if (selfContained === null) return this.#problem('link_invalid', begin, written, { url: written })
    if (!selfContained) {
      this.#find('notCounted', begin, written, label || written)
      this.#textLinks.set(base + tag.begin, this.#plain(url))
      return
    }
    const index = inComment
      ? this.#list.addOnce(stored, label || written)
      : this.#list.add(stored, label || written)
    const slot = `{% fanfare_link ${index} %}`
    this.#edits.push({ begin, end: base + attribute.end, text: attribute.quoted ? slot : `"${slot}"` })
    this.#textLinks.set(base + tag.begin, `{% fanfare_link ${index} text %}`)
  }

  /** An address of ours is trusted as a whole; what the author hung behind it is not. */
  #ours(begin: number, url: string): void {
    const mark = /^\uE000\d+\uE001/.exec(url)
    this.#contexts.unshift({ begin, end: begin + (mark?.[0].length ?? 0), escape: 'safe_html' })
  }

  #plain(url: string): string {
    let first = true
    return unmask(url, this.#body.masked.pieces, (piece) => {
      const escape = first && leadingName(piece).endsWith('_url') ? 'safe_text' : 'safe_url'
      first = false
      return withFilter(piece, escape)
    })
  }

  #readImageAddress(attribute: Attribute, base: number): void {
    const begin = base + attribute.begin
    const url = decodeEntities(attribute.value).trim()
    const written = excerpt(unmask(url, this.#body.masked.pieces))
    this.#context(begin, base + attribute.end, 'safe_url')
    const judged = judgeUrl(url, this.#body.masked.pieces, 'image')
    if (judged.kind === 'refused') this.#problem(judged.why, begin, written, { url: written })
  }

  #readImage(tag: OpenTag, base: number): void {
    if (attributeOf(tag, 'alt')) return
    const address = unmask(attributeOf(tag, 'src')?.value ?? '', this.#body.masked.pieces)
    this.#find('images', base + tag.begin, address, excerpt(address))
  }

  /** Tags left open, told only where no condition could close them elsewhere. */
  #readUnclosed(): void {
    const open: OpenTag[] = []
    for (const node of this.#nodes) {
      if (node.kind === 'open' && !node.selfClosing && !VOID_ELEMENTS.has(node.name)) open.push(node)
      // So many at once are not nested but forgotten; looking through them for each end would take for ever.
      if (open.length > OPEN_MAX) return open.slice(0, 1).forEach((tag) => this.#unclosed(tag))
      if (node.kind !== 'close') continue
      const match = open.findLastIndex((tag) => tag.name === node.name)
      if (match !== -1) for (const tag of open.splice(match).slice(1)) this.#unclosed(tag)
    }
    for (const tag of open) this.#unclosed(tag)
  }

  #unclosed(tag: OpenTag): void {
    if (!OPTIONAL_END.has(tag.name))
      this.#problem('html_unclosed', tag.begin, `<${tag.name}`, { tag: tag.name })
  }

  /** What a reader sees of the link: its words, else the description of its first image. */
  #labelOf(nodes: readonly Node[], at: number, base: number): string {
    let label = ''
    let alternative = ''
    for (let next = at + 1; next < nodes.length; next++) {
      const node = nodes[next]
      if (node === undefined || (node.kind === 'close' && node.name === 'a')) break
      if (node.kind === 'text') label += this.#text.slice(base + node.begin, base + node.end)
      if (node.kind === 'open' && node.name === 'img') alternative ||= attributeOf(node, 'alt')?.value ?? ''
    }
    return decodeEntities(unmask(label.trim() === '' ? alternative : label, this.#body.masked.pieces)).trim()
  }

  #openElement(nodes: readonly Node[], at: number): string {
    const before = nodes[at - 1]
    return before?.kind === 'open' && !before.selfClosing ? before.name : ''
  }

  #outputIn(begin: number, end: number, base: number): boolean {
    for (const match of this.#text.slice(base + begin, base + end).matchAll(MARK)) {
      if (this.#body.masked.pieces[Number(match[1])]?.kind === 'output') return true
    }
    return false
  }

  #context(begin: number, end: number, escape: Escape): void {
    if (this.#outputIn(begin, end, 0)) this.#contexts.push({ begin, end, escape })
  }

  #depthAt(offset: number): number {
    return this.#depths.find((entry) => entry.offset >= offset)?.depth ?? 0
  }

  #find(
    kind: 'images' | 'nowhere' | 'notCounted' | 'notSecure',
    offset: number,
    snippet: string,
    what: string,
  ): void {
    if (this.#found[kind].length === FINDINGS_MAX) return
    const position = this.#positionOf(offset, snippet)
    this.#found[kind].push({
      field: 'body',
      line: position?.line ?? null,
      column: position?.column ?? null,
      what,
    })
  }

  #problem(code: Problem['code'], offset: number, snippet: string, params: Problem['params'] = {}): void {
    if (this.#problems.length === PROBLEMS_MAX) return
    const place = this.#offsetInSource(offset, snippet)
    this.#problems.push(problemAt(code, { field: 'body', source: this.#body.source, offset: place }, params))
  }

  #positionOf(offset: number, snippet: string): { line: number; column: number } | null {
    const place = this.#offsetInSource(offset, snippet)
    return place === null ? null : positionAt(this.#body.source, place)
  }

  /** HTML is where it was; what mjml made is looked up in the MJML by its own words. */
  #offsetInSource(offset: number, snippet: string): number | null {
    if (this.#body.format === 'html') return sourceOffset(this.#body.masked, offset)
    const words = snippet.replace(/…$/, '')
    const found = words === '' ? -1 : this.#body.source.indexOf(words)
    return found === -1 ? null : found
  }

  #assemble(): string {
    let html = ''
    let written = 0
    for (const edit of this.#edits.toSorted((a, b) => a.begin - b.begin)) {
      html += this.#unmask(written, edit.begin) + edit.text
      written = edit.end
    }
    return html + this.#unmask(written, this.#text.length)
  }

  #unmask(begin: number, end: number): string {
    return unmask(this.#text.slice(begin, end), this.#body.masked.pieces, (piece, offset) => {
      const at = begin + offset
      const escape =
        this.#contexts.find((context) => context.begin <= at && at < context.end)?.escape ?? 'safe_html'
      return withFilter(piece, escape)
    })
  }
}
