/** Reads HTML and MJML into a flat list of nodes with exact positions, so that what is not touched stays as written. */
import { Parser, QuoteType, Tokenizer } from 'htmlparser2'

/** An attribute as written: `value` still holds entities. Offsets are of the text that was read. */
export interface Attribute {
  readonly name: string
  readonly nameBegin: number
  readonly nameEnd: number
  readonly value: string
  readonly begin: number
  readonly end: number
  readonly quoted: boolean
}

/** A tag, a run of text, a comment, or a tag or comment that the text ends in. `name` is lower case. */
export type Node =
  | {
      kind: 'open'
      name: string
      begin: number
      end: number
      nameBegin: number
      nameEnd: number
      attributes: Attribute[]
      selfClosing: boolean
    }
  | { kind: 'close'; name: string; begin: number; end: number }
  | { kind: 'text'; begin: number; end: number }
  | { kind: 'comment'; begin: number; end: number }
  | { kind: 'unfinished'; begin: number; end: number }
export type OpenTag = Extract<Node, { kind: 'open' }>

/** Elements that have no content and no closing tag. */
export const VOID_ELEMENTS: ReadonlySet<string> = new Set([
  'area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source', 'track', 'wbr',
]) // prettier-ignore

/** Nodes of a text in order. Comments carry the range of their content. */
export function scanMarkup(text: string, options: { xmlMode: boolean } = { xmlMode: false }): Node[] {
  const nodes: Node[] = []
  let open: OpenTag | null = null
  let name: { begin: number; end: number } | null = null
  let value: { begin: number; end: number } | null = null
  const endTag = (end: number, selfClosing: boolean): void => {
    if (open) nodes.push({ ...open, end: end + 1, selfClosing })
    open = null
  }
  const tokenizer = new Tokenizer(
    { xmlMode: options.xmlMode, decodeEntities: false },
    {
      onopentagname(begin, end) {
        open = {
          kind: 'open',
          name: text.slice(begin, end).toLowerCase(),
          begin: begin - 1,
          end,
          nameBegin: begin,
          nameEnd: end,
          attributes: [],
          selfClosing: false,
        }
      },
      onattribname(begin, end) {
        name = { begin, end }
        value = null
      },
      onattribdata(begin, end) {
        value = { begin: value?.begin ?? begin, end }
      },
      onattribentity() {},
      onattribend(quote, end) {
        if (!open || !name) return
        const quoted = quote === QuoteType.Double || quote === QuoteType.Single
        const range = value ?? { begin: end, end }
        open.attributes.push({
          name: text.slice(name.begin, name.end).toLowerCase(),
          nameBegin: name.begin,
          nameEnd: name.end,
          value: text.slice(range.begin, range.end),
          begin: range.begin,
          end: range.end,
          quoted: quoted || quote === QuoteType.NoValue,
        })
        name = null
      },
      onopentagend: (end) => endTag(end, false),
      onselfclosingtag: (end) => endTag(end, true),
      onclosetag(begin, end) {
        nodes.push({
          kind: 'close',
          name: text.slice(begin, end).toLowerCase(),
          begin: begin - 2,
          end: text.indexOf('>', end) + 1 || text.length,
        })
      },
      ontext(begin, end) {
        const last = nodes.at(-1)
        if (last?.kind === 'text' && last.end === begin) last.end = end
        else nodes.push({ kind: 'text', begin, end })
      },
      ontextentity() {},
      oncomment: (begin, end, endOffset) => void nodes.push({ kind: 'comment', begin, end: end - endOffset }),
      oncdata() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  )
  tokenizer.write(text)
  tokenizer.end()
  // Read through a call, since the compiler does not see that the callbacks have set it.
  const left = unfinishedAt(text, open, nodes)
  if (left !== null) nodes.push({ kind: 'unfinished', begin: left, end: text.length })
  return nodes
}

/** Where a tag or comment begins that the text ends in: a missing quote or `>` swallows all that follows. */
function unfinishedAt(text: string, open: OpenTag | null, nodes: readonly Node[]): number | null {
  if (open !== null) return open.begin
  const last = nodes.at(-1)
  if (last?.kind === 'comment' && !text.startsWith('-->', last.end)) return last.begin - '<!--'.length
  // A name that the text ends in is told by nobody: it is what is left behind the last node.
  const read = last?.end ?? 0
  const rest = /<[a-z/!][^>]*$/i.exec(text.slice(read))
  return rest === null ? null : read + rest.index
}

/** Text with its character references read. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  let decoded = ''
  const parser = new Parser({ ontext: (data) => void (decoded += data) }, { decodeEntities: true })
  parser.end(text.replaceAll('<', '&lt;'))
  return decoded
}

/** The attribute of a tag, by lower-case name. */
export function attributeOf(tag: OpenTag, name: string): Attribute | undefined {
  return tag.attributes.find((attribute) => attribute.name === name)
}
