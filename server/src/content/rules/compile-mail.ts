/** A mail's source → a version that can be rendered for anybody, or everything that keeps it from being one. */
import type { Liquid } from 'liquidjs'
import type { MailField, MailSource, Problem } from '../schema.ts'
import { COMPILED_FORM, type CompiledMail, type Finding } from './compiled-mail.ts'
import { addressFooterHtml, addressFooterText, htmlDocument, preheaderHtml } from './furniture.ts'
import { type SplitHtml, splitHtml } from './html.ts'
import { linkList } from './links.ts'
import { authorEngine } from './liquid.ts'
import { type Masked, leadingName, maskLiquid, unmask, withFilter, withoutMarks } from './mask.ts'
import { compileMjml } from './mjml.ts'
import { problemAt } from './problem.ts'
import { readLiquid } from './read-liquid.ts'
import { deriveText, ownText } from './text.ts'
import type { VariableDefinition } from './variables.ts'

/** Beyond this a mail is refused outright: mailboxes do not take it. The pre-flight blocks far below. */
const HTML_BYTES_MAX = 2_000_000

/** A version, or what is wrong, by field. */
export type Compilation = { ok: true; version: CompiledMail } | { ok: false; problems: Problem[] }

/**
 * Compiles a mail once, so that no recipient costs a parse.
 * @param catalogue  the variables that this organization's mails may use
 * Source: CS-002.1, CS-017.1, FR-003.1; compliance §1.7, §1.8, §4.4
 */
export async function compileMail(
  source: MailSource,
  catalogue: readonly VariableDefinition[],
): Promise<Compilation> {
  const engine = authorEngine(source.language)
  const fields = liquidFields(source)
  const readings = fields.map(([field, text]) => readLiquid(field, text, engine, catalogue))
  const problems = readings.flatMap((reading) => reading.problems)
  if (source.body.trim() === '')
    problems.push(problemAt('body_empty', { field: 'body', source: source.body, offset: null }))
  if (problems.length > 0) return { ok: false, problems }
  const body = await bodyOf(source, engine)
  if (!body.ok) return { ok: false, problems: body.problems }
  const list = linkList()
  const split = splitHtml({ masked: body.masked, source: source.body, format: source.format }, list)
  if (split.problems.length > 0) return { ok: false, problems: [...split.problems] }
  const html = furnished(split, source, engine)
  const bytes = Buffer.byteLength(html)
  if (bytes > HTML_BYTES_MAX) {
    return {
      ok: false,
      problems: [
        problemAt(
          'body_too_large',
          { field: 'body', source: source.body, offset: null },
          { kilobytes: Math.ceil(bytes / 1000) },
        ),
      ],
    }
  }
  const text = textOf(source, body.masked, split, list, engine)
  if (text === null)
    return {
      ok: false,
      problems: [problemAt('text_not_derivable', { field: 'text', source: '', offset: null })],
    }
  return {
    ok: true,
    version: {
      form: COMPILED_FORM,
      language: source.language,
      subject: headerPart(source.subject, engine),
      preheader: headerPart(source.preheader, engine),
      fromName: headerPart(source.fromName, engine),
      fromEmail: source.fromEmail.trim(),
      replyTo: source.replyTo.trim(),
      html,
      text,
      links: list.links,
      eventProperties: [...new Set(readings.flatMap((reading) => reading.eventProperties))],
      facts: {
        htmlBytes: bytes,
        textBytes: Buffer.byteLength(text),
        textDerived: source.text === null,
        variablesWithoutFallback: uniqueByName(readings.flatMap((reading) => reading.withoutFallback)),
        imagesWithoutDescription: [...body.imagesWithoutDescription, ...split.imagesWithoutDescription],
        linksToNowhere: split.linksToNowhere,
        linksNotCounted: split.linksNotCounted,
        linksNotSecure: split.linksNotSecure,
        unsubscribeByAuthor: split.hasUnsubscribe,
      },
    },
  }
}

function liquidFields(source: MailSource): [MailField, string][] {
  const fields: [MailField, string][] = [
    ['subject', source.subject],
    ['preheader', source.preheader],
    ['fromName', source.fromName],
    ['body', source.body],
  ]
  if (source.text !== null) fields.push(['text', source.text])
  return fields
}

type Body =
  | { ok: true; masked: Masked; imagesWithoutDescription: Finding[] }
  | { ok: false; problems: Problem[] }

/** The body as a whole HTML document, its Liquid masked. */
async function bodyOf(source: MailSource, engine: Liquid): Promise<Body> {
  const masked = maskLiquid(source.body, engine)
  if (source.format === 'html') return { ok: true, masked, imagesWithoutDescription: [] }
  const compiled = await compileMjml(source.body, masked, source.language)
  return compiled.ok
    ? {
        ok: true,
        masked: { text: compiled.html, pieces: masked.pieces },
        imagesWithoutDescription: compiled.imagesWithoutDescription,
      }
    : compiled
}

/** Puts in what each marketing mail has: hidden preheader, a way out, who sends it, the pixel's place. */
function furnished(split: SplitHtml, source: MailSource, engine: Liquid): string {
  const preheader = source.preheader.trim() === '' ? '' : preheaderHtml(escapedPart(source.preheader, engine))
  const footer = addressFooterHtml(source.language, {
    unsubscribe: !split.hasUnsubscribe,
    postalAddress: !split.hasPostalAddress,
  })
  const end = `${footer}{% fanfare_pixel %}`
  const html = htmlDocument(split.html, source.language)
  const closing = html.toLowerCase().lastIndexOf('</body')
  const body = closing === -1 ? html + end : html.slice(0, closing) + end + html.slice(closing)
  return body
    .replace(/<body(?:\s[^>]*)?>/i, (tag) => tag + preheader)
    .replace(/<title>\s*<\/title>/i, () => `<title>${escapedPart(source.subject, engine)}</title>`)
}

function escapedPart(text: string, engine: Liquid): string {
  const masked = maskLiquid(text, engine)
  const escaped = masked.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return unmask(escaped, masked.pieces, (piece) => withFilter(piece, 'safe_html'))
}

function headerPart(text: string, engine: Liquid): string {
  const masked = maskLiquid(withoutMarks(text), engine)
  return unmask(masked.text, masked.pieces, (piece) => withFilter(piece, 'safe_text'))
}

function textOf(
  source: MailSource,
  body: Masked,
  split: SplitHtml,
  list: ReturnType<typeof linkList>,
  engine: Liquid,
): string | null {
  if (source.text === null) {
    const derived = deriveText({ masked: body, nodes: split.nodes, textLinks: split.textLinks })
    const footer = addressFooterText(source.language, {
      unsubscribe: !split.hasUnsubscribe,
      postalAddress: !split.hasPostalAddress,
    })
    return parses(derived, engine) ? derived + footer : null
  }
  const masked = maskLiquid(source.text, engine)
  const footer = addressFooterText(source.language, {
    unsubscribe: !alwaysNames(masked, 'unsubscribe_url'),
    postalAddress: !alwaysNames(masked, 'organization.postal_address'),
  })
  return ownText(masked, list).trimEnd() + footer
}

/** A block opened in a part of the HTML that text does not carry leaves its end alone. */
function parses(text: string, engine: Liquid): boolean {
  try {
    engine.parse(
      text
        .replaceAll(/\{% fanfare_link \d+ text %\}/g, '')
        .replaceAll(/ \| safe_(?:text|url|html|css)(?= -?\}\})/g, ''),
    )
    return true
  } catch {
    return false
  }
}

/** Whether the variable stands outside every condition. */
function alwaysNames(masked: Masked, name: string): boolean {
  let depth = 0
  for (const piece of masked.pieces) {
    depth += piece.nesting
    if (depth === 0 && piece.kind === 'output' && leadingName(piece) === name) return true
  }
  return false
}

function uniqueByName(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (finding, at) =>
      findings.findIndex((other) => other.field === finding.field && other.what === finding.what) === at,
  )
}
