/** MJML → HTML. mjml itself accepts much in silence (unclosed tags, lost Liquid), so we look first. */
import type { Problem } from '../schema.ts'
import type { Finding } from './compiled-mail.ts'
import { MARK, type Masked, type Piece, positionAt, unmask } from './mask.ts'
import { type Node, type OpenTag, VOID_ELEMENTS, attributeOf, scanMarkup } from './markup.ts'
import { renderMjml } from './mjml-apart.ts'
import { excerpt, excerptOfTag, problemAt } from './problem.ts'

/** mjml recurses; far deeper than any mail that a person wrote. */
const DEPTH_MAX = 60
/** mjml takes about 0.2 ms an element on one core; this many keep others waiting for half a second. */
const ELEMENTS_MAX = 2_500
const PROBLEMS_MAX = 20

/** Elements whose content is HTML, not further MJML. */
const HTML_CONTENT = new Set([
  'mj-text', 'mj-button', 'mj-raw', 'mj-table', 'mj-title', 'mj-preview', 'mj-style', 'mj-navbar-link',
  'mj-social-element', 'mj-accordion-title', 'mj-accordion-text',
]) // prettier-ignore
/** Containers that mjml reads children of and drops bare text in. */
const MJ_RAW_ALLOWED_IN = new Set([
  'mj-body',
  'mj-wrapper',
  'mj-section',
  'mj-group',
  'mj-column',
  'mj-hero',
  'mj-head',
])

/** The HTML of a body, still masked, or what is wrong with it. */
export type MjmlOutcome =
  | { ok: true; html: string; imagesWithoutDescription: Finding[] }
  | { ok: false; problems: Problem[] }

/**
 * Compiles a masked MJML body.
 * @param source    as the author wrote it, for lines and columns
 * @param language  of the mail, when the author named none
 * @throws Error  when the process of mjml ended or did not answer in time
 */
export async function compileMjml(
  source: string,
  masked: Masked,
  language: 'en' | 'fr',
): Promise<MjmlOutcome> {
  const nodes = scanMarkup(masked.text, { xmlMode: true })
  const problems = structureProblems(source, masked, nodes)
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, PROBLEMS_MAX) }
  const answer = await renderMjml(withLanguage(wrapLooseLiquid(masked.text, nodes), language))
  if ('failed' in answer)
    return {
      ok: false,
      problems: [
        problemAt(
          'mjml_invalid',
          { field: 'body', source, offset: null },
          { reason: excerpt(answer.failed) },
        ),
      ],
    }
  if (answer.errors.length > 0)
    return {
      ok: false,
      problems: answer.errors.slice(0, PROBLEMS_MAX).map((error) => mjmlProblem(source, masked, error)),
    }
  return {
    ok: true,
    html: compact(answer.html),
    imagesWithoutDescription: undescribedImages(source, masked, nodes),
  }
}

/** What mjml would not say: no root, tags left open, more than it should be asked to read. */
function structureProblems(source: string, masked: Masked, nodes: readonly Node[]): Problem[] {
  const at = (offset: number): { field: 'body'; source: string; offset: number } => ({
    field: 'body',
    source,
    offset: sourceOffset(masked, offset),
  })
  const first = nodes.find((node) => node.kind === 'open')
  if (
    first?.kind !== 'open' ||
    first.name !== 'mjml' ||
    !nodes.some((node) => node.kind === 'open' && node.name === 'mj-body')
  ) {
    return [problemAt('mjml_root_missing', at(first?.begin ?? 0))]
  }
  const unfinished = nodes.find((node) => node.kind === 'unfinished')
  if (unfinished) {
    const tag = excerptOfTag(unmask(masked.text.slice(unfinished.begin), masked.pieces))
    return [problemAt('markup_unfinished', at(unfinished.begin), { tag })]
  }
  const problems: Problem[] = []
  const open: OpenTag[] = []
  let elements = 0
  for (const node of nodes) {
    if (node.kind === 'open' && !node.selfClosing && !isHtmlVoid(node.name)) {
      if (isMj(node.name) && inHtmlContent(open))
        problems.push(
          problemAt('mjml_unclosed', at(open.at(-1)?.begin ?? 0), { tag: open.at(-1)?.name ?? '' }),
        )
      open.push(node)
      elements++
      if (open.length > DEPTH_MAX || elements > ELEMENTS_MAX) {
        return [problemAt('mjml_too_complex', at(node.begin), { elements: ELEMENTS_MAX, depth: DEPTH_MAX })]
      }
    }
    if (node.kind === 'close')
      closeTag(node.name, open, (unclosed) =>
        problems.push(problemAt('mjml_unclosed', at(unclosed.begin), { tag: unclosed.name })),
      )
  }
  for (const left of open)
    if (isMj(left.name)) problems.push(problemAt('mjml_unclosed', at(left.begin), { tag: left.name }))
  return problems.filter(
    (problem, at) =>
      problems.findIndex((other) => other.line === problem.line && other.column === problem.column) === at,
  )
}

/** mjml writes alt="" where the author wrote none; whether that was meant shows only in the source. */
function undescribedImages(source: string, masked: Masked, nodes: readonly Node[]): Finding[] {
  return nodes.flatMap((node) => {
    if (
      node.kind !== 'open' ||
      node.name !== 'mj-image' ||
      attributeOf(node, 'alt') ||
      !attributeOf(node, 'src')
    )
      return []
    const position = positionAt(source, sourceOffset(masked, node.begin))
    return [
      {
        field: 'body' as const,
        ...position,
        what: excerpt(unmask(attributeOf(node, 'src')?.value ?? '', masked.pieces)),
      },
    ]
  })
}

const isMj = (name: string): boolean => name === 'mjml' || name.startsWith('mj-')
const isHtmlVoid = (name: string): boolean => VOID_ELEMENTS.has(name)
const inHtmlContent = (open: readonly OpenTag[]): boolean => {
  const nearest = open.findLast((tag) => isMj(tag.name))
  return nearest !== undefined && HTML_CONTENT.has(nearest.name)
}

/** Pops up to the matching tag. HTML left open inside a text is the browser's to mend; MJML left open is told. */
function closeTag(name: string, open: OpenTag[], unclosed: (tag: OpenTag) => void): void {
  const match = open.findLastIndex((tag) => tag.name === name)
  if (match === -1) return
  for (const tag of open.splice(match).slice(1)) if (isMj(tag.name)) unclosed(tag)
}

/** mjml drops text between its containers, and conditions around sections with it: they are put into mj-raw. */
function wrapLooseLiquid(text: string, nodes: readonly Node[]): string {
  const open: string[] = []
  let wrapped = ''
  let written = 0
  for (const node of nodes) {
    if (node.kind === 'open' && !node.selfClosing && !isHtmlVoid(node.name)) open.push(node.name)
    if (node.kind === 'close') open.splice(Math.max(0, open.lastIndexOf(node.name)))
    if (node.kind !== 'text' || !MJ_RAW_ALLOWED_IN.has(open.at(-1) ?? '')) continue
    wrapped +=
      text.slice(written, node.begin) +
      text.slice(node.begin, node.end).replaceAll(MARK, (piece) => `<mj-raw>${piece}</mj-raw>`)
    written = node.end
  }
  return wrapped + text.slice(written)
}

/** Screen readers choose their voice by `lang`. */
function withLanguage(text: string, language: string): string {
  return text.replace(/<mjml(?=[\s>])(?![^>]*\slang=)/i, `<mjml lang="${language}"`)
}

function mjmlProblem(
  source: string,
  masked: Masked,
  error: { line: number; message: string; tagName: string },
): Problem {
  const reason = unmask(error.message, masked.pieces)
  // mjml counts lines of the masked text; a piece that spans lines moves those below it.
  const spanned = masked.pieces.reduce((sum, piece) => sum + lineBreaks(piece.text), 0)
  const line = spanned === 0 ? error.line : null
  return {
    ...problemAt(
      'mjml_invalid',
      { field: 'body', source, offset: null },
      { reason: excerpt(reason), tag: error.tagName },
    ),
    line,
    column: line === null ? null : 1,
  }
}

const lineBreaks = (text: string): number => text.split('\n').length - 1

/** Indentation is a third of mjml's output and counts towards the size at which mailboxes cut a mail. */
function compact(html: string): string {
  if (/<pre[\s>]/i.test(html)) return html
  const lines = html.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '').join('\n')
}

/** The place in the source of a place in the masked text. */
export function sourceOffset(masked: Masked, offset: number): number {
  let shift = 0
  for (const match of masked.text.matchAll(MARK)) {
    if (match.index >= offset) break
    const piece: Piece | undefined = masked.pieces[Number(match[1])]
    shift += (piece?.text.length ?? 0) - match[0].length
  }
  return offset + shift
}
