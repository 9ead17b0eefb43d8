/**
 * Takes Liquid out of markup and puts it back. HTML and MJML parsers know nothing of `{{ … }}`: a quote in a
 * fallback would end an attribute, a `<` in a condition would open a tag. So each piece is replaced by a short mark
 * of two private-use characters before anything parses the markup.
 */
import { type Liquid, type Token, Tokenizer, TypeGuards } from 'liquidjs'

/** One `{{ … }}` or `{% … %}` of a source. */
export interface Piece {
  readonly kind: 'output' | 'tag'
  /** As written, delimiters included. */
  readonly text: string
  /** What stands between the delimiters, trimmed. */
  readonly inner: string
  /** Where it stood in the source. */
  readonly begin: number
  /** +1 opens a block, −1 closes one, 0 neither. */
  readonly nesting: -1 | 0 | 1
}

/** A source without its Liquid. */
export interface Masked {
  readonly text: string
  readonly pieces: readonly Piece[]
}

const OPEN = '\uE000'
const CLOSE = '\uE001'
/** Finds the marks in masked text; the group is the piece's index. */
export const MARK = /\uE000(\d+)\uE001/g

const BLOCK_TAGS = new Set(['if', 'unless', 'case', 'for'])

/**
 * Replaces each piece of Liquid by a mark.
 * @throws TokenizationError of liquidjs when a piece is not closed
 */
export function maskLiquid(source: string, engine: Liquid): Masked {
  const clean = withoutMarks(source)
  const pieces: Piece[] = []
  let text = ''
  for (const token of new Tokenizer(clean, engine.options.operators).readTopLevelTokens(engine.options)) {
    const piece = pieceOf(token, clean)
    if (piece === null) text += clean.slice(token.begin, token.end)
    else text += mark(pieces.push(piece) - 1)
  }
  return { text, pieces }
}

/** The mark of piece n. */
export const mark = (index: number): string => `${OPEN}${index}${CLOSE}`

/** Removes the two characters that marks are made of; no text means anything by them. */
export const withoutMarks = (source: string): string => source.replaceAll(/[\uE000\uE001]/g, '')

function pieceOf(token: Token, source: string): Piece | null {
  if (TypeGuards.isOutputToken(token)) {
    return {
      kind: 'output',
      text: source.slice(token.begin, token.end),
      inner: token.content.trim(),
      begin: token.begin,
      nesting: 0,
    }
  }
  if (!TypeGuards.isTagToken(token)) return null
  const nesting = BLOCK_TAGS.has(token.name)
    ? 1
    : token.name.startsWith('end') && BLOCK_TAGS.has(token.name.slice(3))
      ? -1
      : 0
  return {
    kind: 'tag',
    text: source.slice(token.begin, token.end),
    inner: token.content.trim(),
    begin: token.begin,
    nesting,
  }
}

/**
 * Puts the pieces back.
 * @param write  what a piece becomes; its offset in the masked text tells where it stands
 */
export function unmask(
  text: string,
  pieces: readonly Piece[],
  write: (piece: Piece, offset: number) => string = (piece) => piece.text,
): string {
  return text.replaceAll(MARK, (whole, index: string, offset: number) => {
    const piece = pieces[Number(index)]
    return piece === undefined ? whole : write(piece, offset)
  })
}

/** The expression with an escaping filter behind it, its whitespace control kept. Tags stay as they are. */
export function withFilter(piece: Piece, filter: string): string {
  if (piece.kind === 'tag' || piece.inner === '') return piece.text
  const left = piece.text.startsWith('{{-') ? '{{-' : '{{'
  const right = piece.text.endsWith('-}}') ? '-}}' : '}}'
  return `${left} ${piece.inner} | ${filter} ${right}`
}

/** The variable that an output begins with: `contact.first_name` of `contact.first_name | default: "x"`. */
export function leadingName(piece: Piece): string {
  return /^[\w-]+(?:\.[\w-]+)*/.exec(piece.inner)?.[0] ?? ''
}

/** Line and column of an offset, both counted from 1. */
export function positionAt(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, Math.max(0, offset))
  const lineBegin = before.lastIndexOf('\n') + 1
  let line = 1
  for (let at = before.indexOf('\n'); at !== -1; at = before.indexOf('\n', at + 1)) line++
  return { line, column: before.length - lineBegin + 1 }
}
