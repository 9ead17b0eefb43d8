/** A message for a channel other than e-mail → a version that can be rendered for anybody, or what keeps it from being one. */
import type { Liquid } from 'liquidjs'
import type { MessageSource } from '../message-schema.ts'
import type { MailField, Problem } from '../schema.ts'
import type { MailLink } from './compiled-mail.ts'
import { type LinkList, linkList } from './links.ts'
import { authorEngine, type Escape } from './liquid.ts'
import { maskLiquid, unmask, withFilter, withoutMarks } from './mask.ts'
import { problemAt } from './problem.ts'
import { readLiquid } from './read-liquid.ts'
import { ownText } from './text.ts'
import { judgeUrl } from './urls.ts'
import type { VariableDefinition } from './variables.ts'

/** Version of the stored form. */
export const MESSAGE_FORM = 1

/** A compiled message: each text is Liquid whose outputs are escaped for their place and whose links are slots. */
export interface CompiledMessage {
  readonly form: number
  readonly source: MessageSource
  /** By field of the source; `variables.0` for the first of a list. */
  readonly parts: Readonly<Record<string, string>>
  readonly links: readonly MailLink[]
  /** Properties of the event that sets its campaign off, which it names; absent in older ones: none. */
  readonly eventProperties?: readonly string[]
}

/** A problem of a message, by its own field: `text`, `title`, `variables.0`. */
export type MessageProblem = Omit<Problem, 'field'> & { field: string }

export type MessageCompilation =
  | { ok: true; version: CompiledMessage }
  | { ok: false; problems: MessageProblem[] }

/** What a text of a message becomes. */
interface Part {
  field: string
  text: string
  /** `text` makes web addresses tracked links; `link` is one address; the others only escape. */
  kind: 'text' | 'plain' | 'link' | 'json'
}

/** Compiles a message once, so that no recipient costs a parse. Source: CS-002, PC-27 */
export function compileMessage(
  source: MessageSource,
  catalogue: readonly VariableDefinition[],
): MessageCompilation {
  const engine = authorEngine(source.language)
  const parts = partsOf(source)
  const readings = parts.map(({ field, text }) => ({
    field,
    reading: readLiquid('text' satisfies MailField, text, engine, catalogue),
  }))
  // The reader knows the fields of mails; a message's own name is put in its place.
  const problems = readings.flatMap(({ field, reading }) =>
    reading.problems.map((problem) => ({ ...problem, field })),
  )
  if (problems.length > 0) return { ok: false, problems }
  const list = linkList()
  const compiled: Record<string, string> = {}
  for (const part of parts) {
    const problem = part.kind === 'link' ? linkProblem(part, engine) : null
    if (problem) return { ok: false, problems: [problem] }
    compiled[part.field] = compilePart(part, list, engine)
  }
  const eventProperties = [...new Set(readings.flatMap(({ reading }) => reading.eventProperties))]
  return {
    ok: true,
    version: { form: MESSAGE_FORM, source, parts: compiled, links: list.links, eventProperties },
  }
}

function partsOf(source: MessageSource): Part[] {
  switch (source.channel) {
    case 'sms':
      return [{ field: 'text', text: source.text, kind: 'text' }]
    case 'whatsapp':
      return [
        { field: 'text', text: source.text, kind: 'text' },
        ...source.variables.map((text, index): Part => ({ field: `variables.${index}`, text, kind: 'text' })),
      ]
    case 'in_app':
      return [
        { field: 'title', text: source.title, kind: 'plain' },
        { field: 'body', text: source.body, kind: 'text' },
        { field: 'actionLabel', text: source.actionLabel, kind: 'plain' },
        { field: 'actionUrl', text: source.actionUrl.trim(), kind: 'link' },
      ]
    case 'webhook':
      return [{ field: 'payload', text: source.payload, kind: 'json' }]
  }
}

function compilePart({ text, kind }: Part, list: LinkList, engine: Liquid): string {
  const masked = maskLiquid(withoutMarks(text), engine)
  if (kind === 'text' || kind === 'link') return ownText(masked, list)
  const escape: Escape = kind === 'json' ? 'safe_json' : 'safe_text'
  return unmask(masked.text, masked.pieces, (piece) => withFilter(piece, escape))
}

function linkProblem({ field, text }: Part, engine: Liquid): MessageProblem | null {
  if (text === '') return null
  const masked = maskLiquid(withoutMarks(text), engine)
  const kind = judgeUrl(masked.text, masked.pieces, 'link')
  if (kind.kind === 'web' || kind.kind === 'ours') return null
  const code = kind.kind === 'refused' ? kind.why : 'link_invalid'
  return {
    ...problemAt(code, { field: 'text', source: text, offset: null }, { url: text, label: text }),
    field,
  }
}
