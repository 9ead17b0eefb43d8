/** Reads the Liquid of one field: is it sound, are its variables known, which of them may be missing for somebody. */
import {
  AssignTag,
  CaseTag,
  ForTag,
  IfTag,
  type Liquid,
  LiquidError,
  Output,
  type PropertyAccessToken,
  type Template,
  TypeGuards,
  UnlessTag,
  Value,
} from 'liquidjs'
import type { MailField, Problem } from '../schema.ts'
import type { Finding } from './compiled-mail.ts'
import { ALLOWED_FILTERS, ALLOWED_TAGS } from './liquid.ts'
import { positionAt } from './mask.ts'
import { excerpt, problemAt } from './problem.ts'
import { type VariableDefinition, nearestVariable } from './variables.ts'

/** Pieces of Liquid in one field; a mail has dozens. */
const PIECES_MAX = 5_000
const PROBLEMS_MAX = 20
const FINDINGS_MAX = 50

/** What was found in a field. Without problems it parses, and every variable is known. */
export interface LiquidReading {
  readonly problems: Problem[]
  readonly withoutFallback: Finding[]
  /** Properties of the event that sets the campaign off, which the field names. */
  readonly eventProperties: string[]
}

/** Reads one field's source. */
export function readLiquid(
  field: MailField,
  source: string,
  engine: Liquid,
  catalogue: readonly VariableDefinition[],
): LiquidReading {
  const place = { field, source, offset: null }
  if (source.split('{{').length + source.split('{%').length > PIECES_MAX) {
    return { problems: [problemAt('liquid_too_complex', place, { max: PIECES_MAX })], ...NOTHING_READ }
  }
  let templates: Template[]
  try {
    templates = engine.parse(source)
  } catch (error) {
    return { problems: [parseProblem(field, source, error)], ...NOTHING_READ }
  }
  return {
    problems: unknownVariables(field, source, templates, catalogue),
    withoutFallback: missingFallbacks(field, source, templates, catalogue),
    eventProperties: eventProperties(templates, catalogue),
  }
}

const NOTHING_READ = { withoutFallback: [], eventProperties: [] }

function parseProblem(field: MailField, source: string, error: unknown): Problem {
  if (!LiquidError.is(error))
    return problemAt('liquid_syntax', { field, source, offset: null }, { reason: 'unreadable' })
  const place = { field, source, offset: error.token.begin }
  const message = (error.originalError ?? error).message.replace(/, line:\d+, col:\d+$/, '')
  const tag = /^tag "([^"]*)" not found/.exec(message)?.[1]
  if (tag !== undefined)
    return problemAt('liquid_tag_unknown', place, {
      tag,
      allowed: ALLOWED_TAGS.filter((name) => name !== '#').join(', '),
    })
  const filter = /^undefined filter: (\S+)/.exec(message)?.[1]
  if (filter !== undefined)
    return problemAt('liquid_filter_unknown', place, { filter, allowed: ALLOWED_FILTERS.join(', ') })
  return problemAt('liquid_syntax', place, { reason: excerpt(message) })
}

/**
 * Every name that nothing defines: neither the catalogue nor an assign or loop of the mail. liquidjs's own analysis
 * would do, but it looks up line and column of every variable, and each look-up reads the source from its beginning.
 */
function unknownVariables(
  field: MailField,
  source: string,
  templates: readonly Template[],
  catalogue: readonly VariableDefinition[],
): Problem[] {
  const known = new Set(catalogue.map((variable) => variable.name))
  const assigned = new Set(assignedNames(templates))
  const unknown: { name: string; begin: number }[] = []
  const walk = (list: readonly Template[], local: readonly string[]): void => {
    for (const template of list) {
      for (const token of tokensOf(template)) {
        const name = pathOf(token)
        const root = name?.split('.')[0] ?? ''
        if (
          assigned.has(root) ||
          local.includes(root) ||
          // What a caller gives with a transactional message is the caller's to name.
          (root === 'data' && known.has('data')) ||
          (root === 'event' && name !== null && (known.has('event') || propertyOf(name, known) !== null)) ||
          (name !== null && known.has(withoutParts(name)))
        )
          continue
        unknown.push({ name: token.getText(), begin: token.begin })
      }
      const inner = template instanceof ForTag ? [...local, template.variable, 'forloop'] : local
      for (const branch of branchesOf(template)) walk(branch.templates, inner)
    }
  }
  walk(templates, [])
  return unknown
    .toSorted((a, b) => a.begin - b.begin)
    .slice(0, PROBLEMS_MAX)
    .map(({ name, begin }) =>
      problemAt(
        'variable_unknown',
        { field, source, offset: begin },
        { name: excerpt(name), suggestion: nearestVariable(name, catalogue) ?? '' },
      ),
    )
}

/** The property that `event.address.city` reads, which is `address`, or one that has dots in its own name. */
function propertyOf(name: string, known: ReadonlySet<string>): string | null {
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1))
    if (known.has(name.slice(0, end))) return name.slice('event.'.length, end)
  return null
}

/** The properties of the event that these templates name. */
function eventProperties(templates: readonly Template[], catalogue: readonly VariableDefinition[]): string[] {
  const known = new Set(catalogue.flatMap(({ name }) => (name.startsWith('event.') ? [name] : [])))
  if (known.size === 0) return []
  const found = new Set<string>()
  const walk = (list: readonly Template[]): void => {
    for (const template of list) {
      for (const token of tokensOf(template)) {
        const property = propertyOf(pathOf(token) ?? '', known)
        if (property !== null) found.add(property)
      }
      for (const branch of branchesOf(template)) walk(branch.templates)
    }
  }
  walk(templates)
  return [...found]
}

/** `contact.tags` of `contact.tags.first` or `contact.tags.0`. */
const withoutParts = (name: string): string => name.replace(/(?<=\..+)\.(?:size|first|last|-?\d+)$/, '')

/** The variables that one template mentions itself, those inside of others included. */
function tokensOf(template: Template): PropertyAccessToken[] {
  const found: PropertyAccessToken[] = []
  const take = (token: unknown): void => {
    if (token instanceof Value) {
      token.initial.postfix.forEach(take)
      for (const filter of token.filters)
        for (const arg of filter.args) take(Array.isArray(arg) ? arg[1] : arg)
    } else if (TypeGuards.isPropertyAccessToken(token)) {
      if (token.variable === undefined) found.push(token)
      token.props.forEach(take)
    } else if (TypeGuards.isRangeToken(token)) {
      take(token.lhs)
      take(token.rhs)
    }
  }
  for (const argument of template.arguments?.() ?? []) take(argument)
  return found
}

/** Outputs of a variable that some contacts lack, with no `default` and no condition on that variable around them. */
function missingFallbacks(
  field: MailField,
  source: string,
  templates: Template[],
  catalogue: readonly VariableDefinition[],
): Finding[] {
  const optional = new Set(catalogue.filter((variable) => variable.optional).map((variable) => variable.name))
  const findings: Finding[] = []
  const walk = (list: readonly Template[], guarded: readonly string[]): void => {
    for (const template of list) {
      if (template instanceof Output && findings.length < FINDINGS_MAX) {
        const name = soleVariable(template.value)
        if (name === null || !optional.has(name) || guarded.includes(name) || hasDefault(template.value))
          continue
        const position = positionAt(source, template.token.begin)
        findings.push({ field, line: position.line, column: position.column, what: name })
      }
      for (const branch of branchesOf(template)) walk(branch.templates, [...guarded, ...branch.mentions])
    }
  }
  walk(templates, [])
  return findings
}

/** The blocks inside a tag, each with the variables that its conditions mention. */
function branchesOf(template: Template): { templates: Template[]; mentions: string[] }[] {
  if (template instanceof IfTag || template instanceof UnlessTag) {
    const branches = template.branches.map((branch) => ({
      templates: branch.templates,
      mentions: mentionsOf(branch.value),
    }))
    // The other side of a condition on a variable was written with its absence in mind.
    return [
      ...branches,
      { templates: template.elseTemplates ?? [], mentions: branches.flatMap((branch) => branch.mentions) },
    ]
  }
  if (template instanceof CaseTag) {
    const mentions = mentionsOf(template.value)
    return [
      ...template.branches.map((branch) => ({ templates: branch.templates, mentions })),
      { templates: template.elseTemplates, mentions },
    ]
  }
  if (template instanceof ForTag) {
    return [
      { templates: template.templates, mentions: [] },
      { templates: template.elseTemplates, mentions: [] },
    ]
  }
  return []
}

const hasDefault = (value: Value): boolean =>
  value.filters.some((filter) => filter.name === 'default' && filter.args.length > 0)

function mentionsOf(value: Value): string[] {
  return value.initial.postfix.flatMap((token) =>
    TypeGuards.isPropertyAccessToken(token) ? (pathOf(token) ?? []) : [],
  )
}

function soleVariable(value: Value): string | null {
  const [token, ...rest] = value.initial.postfix
  return token !== undefined && rest.length === 0 && TypeGuards.isPropertyAccessToken(token)
    ? pathOf(token)
    : null
}

/** The dotted path of a property access; null when a part of it is computed. */
export function pathOf(token: PropertyAccessToken): string | null {
  if (token.variable !== undefined) return null
  const parts: string[] = []
  for (const prop of token.props) {
    if (!('content' in prop) || (typeof prop.content !== 'string' && typeof prop.content !== 'number'))
      return null
    parts.push(String(prop.content))
  }
  return parts.join('.')
}

/** Names that a template assigns anywhere. */
export function assignedNames(templates: readonly Template[]): string[] {
  return templates.flatMap((template) => {
    const inner = branchesOf(template).flatMap((branch) => assignedNames(branch.templates))
    return template instanceof AssignTag
      ? [...inner, ...[...template.localScope()].map((identifier) => identifier.content)]
      : inner
  })
}
