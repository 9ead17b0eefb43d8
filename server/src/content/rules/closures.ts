/**
 * Compiles the common subset of Liquid to closures: 3–6 µs a mail where liquidjs takes 70 (engine probe §4c). What lies
 * outside the subset makes the whole part fall back to liquidjs. Both must write the same; a property test holds them to it.
 *
 * The parser is liquidjs's own, so only evaluation is ours: output, filters, if, unless, case, for, assign.
 */
import {
  AssignTag,
  CaseTag,
  CommentTag,
  Context,
  ForTag,
  IfTag,
  InlineCommentTag,
  type Liquid,
  Output,
  type Template,
  type Token,
  TypeGuards,
  UnlessTag,
  Value,
  toValueSync,
} from 'liquidjs'
import {
  Allowance,
  BeyondLimit,
  charsWithin,
  type Limits,
  refusalOf,
  searchUnits,
  TEXT_LIMITS,
} from './limits.ts'
import {
  ESCAPES,
  type Escape,
  LinkTag,
  PixelTag,
  SLOT_SCOPE,
  type Slots,
  escapeHtml,
  pixelHtml,
  toText,
} from './liquid.ts'
import { cutText, type Pieces, PieceWriter } from './pieces.ts'
import { assignedNames } from './read-liquid.ts'
import {
  CONTACT_FIELDS,
  type MailContact,
  type MailSetting,
  URL_VARIABLES,
  type UrlVariable,
} from './variables.ts'

/** Turns of all loops of one part of one message. Lists of contacts are short; nested loops multiply. */
const LOOP_TURNS_MAX = 10_000

/** Everything one message's templates may ask for. */
export interface RenderScope extends MailSetting {
  readonly contact: MailContact
  /** What the caller of a transactional message gave with it, or the event that set a campaign off (`event.…`). */
  readonly data?: Readonly<Record<string, unknown>> | undefined
  readonly urls: Readonly<Record<UrlVariable, string>>
  readonly slots: Slots
}

/** What changes while one part is written. */
interface Frame {
  readonly scope: RenderScope
  /** Names assigned so far. */
  readonly assigned: Map<string, unknown>
  /** Values of the loop variables, by the slot the compiler gave them. */
  readonly loops: unknown[]
  turns: number
  /** Characters written so far. */
  chars: number
  /** Takes the pieces where they are wanted apart; null where only the text is. */
  readonly pieces: PieceWriter | null
  /** What liquidjs's filters find as `this`. */
  filterThis: { context: Context; liquid: Liquid }
}

type Evaluate = (frame: Frame) => unknown
type Write = (frame: Frame) => string

/** Renders one part for one message. */
export interface PartRenderer {
  (scope: RenderScope): string
  /** The same text, in pieces. */
  pieces(scope: RenderScope): Pieces
  /** Fields of a contact that it reads, as Liquid names them; null: it may read any. */
  readonly contactFields: ContactFields
}

/** Fields of a contact, as Liquid names them; null: all there are. */
export type ContactFields = ReadonlySet<string> | null

/** What several parts read together. */
export function contactFieldsOf(parts: readonly PartRenderer[]): ContactFields {
  const all = new Set<string>()
  for (const { contactFields } of parts) {
    if (contactFields === null) return null
    for (const field of contactFields) all.add(field)
  }
  return all
}

/** Thrown inside the compiler where the subset ends; never leaves this file. */
class OutsideSubset extends Error {}

/** Which part of a message it is, and how far it may grow. */
export interface Part {
  /** As its author knows it; null where nobody asks. */
  readonly field: string | null
  readonly limits: Limits
}

const SOME_TEXT: Part = { field: null, limits: TEXT_LIMITS }

/**
 * Compiles a part.
 * @param engine  that parses compiled templates
 * @returns closures for the subset, otherwise liquidjs; both throw BeyondLimit
 */
export function partRenderer(template: string, engine: Liquid, part: Part = SOME_TEXT): PartRenderer {
  if (!template.includes('{{') && !template.includes('{%')) {
    const pieces: Pieces = { fixed: [template], order: [0], own: [] }
    return Object.assign(() => template, { pieces: () => pieces, contactFields: new Set<string>() })
  }
  const templates = engine.parse(template)
  return closuresFor(templates, engine, part) ?? libraryRenderer(templates, engine, part)
}

/** liquidjs itself, for what the closures do not know. */
export function libraryRenderer(templates: Template[], engine: Liquid, part: Part = SOME_TEXT): PartRenderer {
  const render = (scope: RenderScope): string => {
    const output = new BoundedOutput(part.limits)
    const context = contextOf(engine, new Allowance(part.limits), libraryScope(scope))
    try {
      toValueSync(engine.renderer.renderTemplates(templates, context, output))
    } catch (error) {
      throw refusalOf(error, part.field)
    }
    return output.buffer
  }
  return Object.assign(render, {
    pieces: (scope: RenderScope) => cutText(render(scope)),
    contactFields: null,
  })
}

/** Where liquidjs writes to, as far as the text may grow. */
class BoundedOutput {
  readonly #limits: Limits
  buffer = ''

  constructor(limits: Limits) {
    this.#limits = limits
  }
  write(value: unknown): void {
    const text = toText(value)
    charsWithin(this.buffer.length + text.length, this.#limits)
    this.buffer += text
  }
}

/** The scope as liquidjs reads it: plain objects without a prototype. */
function libraryScope(scope: RenderScope): object {
  const contact: Record<string, unknown> = Object.assign(Object.create(null), scope.contact.attributes)
  for (const [name, read] of Object.entries(CONTACT_FIELDS)) contact[name] = read(scope.contact)
  return {
    contact,
    organization: { name: scope.organization.name, postal_address: scope.organization.postalAddress },
    campaign: { name: scope.campaign.name },
    data: scope.data ?? {},
    event: scope.data ?? {},
    ...scope.urls,
    [SLOT_SCOPE]: scope.slots,
  }
}

/** Closures for parsed templates, or null where they use more than the subset. */
export function closuresFor(
  templates: readonly Template[],
  engine: Liquid,
  { field, limits }: Part = SOME_TEXT,
): PartRenderer | null {
  try {
    const compiler = new Compiler(engine, new Set(assignedNames(templates)), limits)
    const write = compiler.block(templates)
    // One context serves all, since nothing but its allowance changes, and that begins anew with each text.
    const allowance = new Allowance(limits)
    const filterThis = { context: contextOf(engine, allowance), liquid: engine }
    const nothingAssigned = compiler.assigned.size === 0 ? new Map<string, unknown>() : null
    const writer = new PieceWriter(compiler.fixed)
    const writeTo = (scope: RenderScope, pieces: PieceWriter | null): string => {
      allowance.begin()
      const assigned = nothingAssigned ?? new Map<string, unknown>()
      try {
        return write({ scope, assigned, loops: [], turns: 0, chars: 0, pieces, filterThis })
      } catch (error) {
        throw refusalOf(error, field)
      }
    }
    return Object.assign((scope: RenderScope) => writeTo(scope, null), {
      pieces(scope: RenderScope) {
        writer.begin()
        writeTo(scope, writer)
        return writer.end()
      },
      contactFields: compiler.contactFields,
    })
  } catch (error) {
    if (error instanceof OutsideSubset) return null
    throw error
  }
}

function contextOf(engine: Liquid, allowance: Allowance, scope: object = {}): Context {
  // liquidjs asks no more of its limiter than `use` and `check`, but its type is a class with fields of its own.
  const memoryLimit = allowance as unknown as Context['memoryLimit']
  return new Context(scope, engine.options, { sync: true }, { memoryLimit, liquid: engine })
}

class Compiler {
  readonly #engine: Liquid
  readonly assigned: ReadonlySet<string>
  /** What the template says itself, by number. */
  readonly fixed: string[] = []
  readonly contactFields = new Set<string>()
  /** Loop variables in force, innermost last; their place is their slot. */
  readonly #loopNames: string[] = []
  readonly #limits: Limits

  constructor(engine: Liquid, assigned: ReadonlySet<string>, limits: Limits) {
    this.#engine = engine
    this.assigned = assigned
    this.#limits = limits
  }

  block(templates: readonly Template[]): Write {
    const writers = templates.map((template) => this.#template(template))
    const [first, second] = writers
    if (first === undefined) return () => ''
    if (second === undefined) return first
    return (frame) => {
      let out = ''
      for (const write of writers) out += write(frame)
      return out
    }
  }

  #template(template: Template): Write {
    if (TypeGuards.isHTMLToken(template.token)) return this.#fixed(template.token.getContent())
    if (template instanceof Output) return this.#own(this.#output(template))
    if (template instanceof LinkTag) return this.#own(linkWriter(template))
    if (template instanceof PixelTag) return this.#own((frame) => pixelHtml(frame.scope.slots.pixelUrl))
    if (template instanceof IfTag)
      return this.#conditional(
        template.branches.map((branch) => ({ ...branch, wanted: true })),
        template.elseTemplates ?? [],
      )
    if (template instanceof UnlessTag) {
      return this.#conditional(
        template.branches.map((branch, at) => ({ ...branch, wanted: at > 0 })),
        template.elseTemplates,
      )
    }
    if (template instanceof CaseTag) return this.#case(template)
    if (template instanceof ForTag) return this.#loop(template)
    if (template instanceof AssignTag) return this.#assign(template)
    if (template instanceof CommentTag || template instanceof InlineCommentTag) return () => ''
    throw new OutsideSubset()
  }

  #fixed(text: string): Write {
    const place = this.fixed.push(text) - 1
    const limits = this.#limits
    return (frame) => {
      frame.chars = charsWithin(frame.chars + text.length, limits)
      if (frame.pieces === null) return text
      frame.pieces.writeFixed(place)
      return ''
    }
  }

  /** A piece that is this reader's own. */
  #own(write: Write): Write {
    const limits = this.#limits
    return (frame) => {
      const text = write(frame)
      frame.chars = charsWithin(frame.chars + text.length, limits)
      if (frame.pieces === null) return text
      frame.pieces.writeOwn(text)
      return ''
    }
  }

  /** The last filter is always the escape that our compiler wrote; anything else is not one of our templates. */
  #output(output: Output): Write {
    const filters = output.value.filters
    const last = filters.at(-1)
    const escape = last === undefined ? undefined : ESCAPES[last.name as Escape]
    if (escape === undefined) throw new OutsideSubset()
    const value = this.#filtered(output.value, filters.slice(0, -1))
    return (frame) => escape(value(frame))
  }

  #value(value: Value): Evaluate {
    return this.#filtered(value, value.filters)
  }

  #filtered(value: Value, filters: Value['filters']): Evaluate {
    const postfix = value.initial.postfix
    if (filters.length > 0) postfix.forEach(refuseDrop)
    return filters.reduce((read, filter) => this.#filter(read, filter), this.#expression(postfix))
  }

  #filter(value: Evaluate, filter: Value['filters'][number]): Evaluate {
    const args = filter.args.map((arg): Evaluate => {
      if (!Array.isArray(arg)) return this.#token(refuseDrop(arg))
      const [key, token] = arg
      const read = token === undefined ? () => undefined : this.#token(token)
      return (frame) => [key, read(frame)]
    })
    if (filter.name === 'default' && args.length === 1)
      return defaultFilter(value, args[0] ?? (() => undefined))
    const implementation = this.#engine.filters[filter.name]
    if (typeof implementation !== 'function' || isGenerator(implementation)) throw new OutsideSubset()
    return (frame) =>
      Reflect.apply(implementation, frame.filterThis, [value(frame), ...args.map((arg) => arg(frame))])
  }

  #conditional(
    branches: { value: Value; templates: Template[]; wanted: boolean }[],
    otherwise: Template[],
  ): Write {
    const compiled = branches.map(({ value, templates, wanted }) => ({
      test: this.#value(value),
      write: this.block(templates),
      wanted,
    }))
    const writeElse = this.block(otherwise)
    return (frame) => {
      for (const { test, write, wanted } of compiled) if (isTrue(test(frame)) === wanted) return write(frame)
      return writeElse(frame)
    }
  }

  /** As in liquidjs, every branch that matches is written, not only the first. */
  #case(tag: CaseTag): Write {
    const target = this.#value(tag.value)
    const branches = tag.branches.map((branch) => ({
      values: branch.values.map((value) => this.#token(value)),
      write: this.block(branch.templates),
    }))
    const otherwise = this.block(tag.elseTemplates)
    return (frame) => {
      const wanted = plain(target(frame))
      let out: string | null = null
      for (const { values, write } of branches)
        if (values.some((value) => isEqual(wanted, value(frame)))) out = (out ?? '') + write(frame)
      return out ?? otherwise(frame)
    }
  }

  #loop(tag: ForTag): Write {
    if (Object.keys(tag.hash.hash).length > 0) throw new OutsideSubset()
    const collection = this.#token(tag.collection)
    const otherwise = this.block(tag.elseTemplates)
    const slot = this.#loopNames.push(tag.variable) - 1
    const body = this.block(tag.templates)
    this.#loopNames.pop()
    return (frame) => {
      const items = listOf(collection(frame))
      if (items.length === 0) return otherwise(frame)
      let out = ''
      for (const item of items) {
        if (++frame.turns > LOOP_TURNS_MAX) throw new BeyondLimit('the loops of this text run too long')
        frame.loops[slot] = item
        out += body(frame)
      }
      return out
    }
  }

  #assign(tag: AssignTag): Write {
    const [identifier] = tag.localScope()
    const [value] = tag.arguments()
    if (identifier === undefined || !(value instanceof Value)) throw new OutsideSubset()
    value.initial.postfix.forEach(refuseDrop)
    const read = this.#value(value)
    const name = identifier.content
    return (frame) => {
      frame.assigned.set(name, read(frame))
      return ''
    }
  }

  /** Operators stand behind their operands; the usual expression is a single operand. */
  #expression(postfix: readonly Token[]): Evaluate {
    const operands: Evaluate[] = []
    for (const token of postfix) {
      if (!TypeGuards.isOperatorToken(token)) {
        operands.push(this.#token(token))
        continue
      }
      const right = operands.pop()
      const left = token.operator === 'not' ? undefined : operands.pop()
      if (right === undefined) throw new OutsideSubset()
      operands.push(operation(token.operator, left, right))
    }
    return operands[0] ?? (() => undefined)
  }

  #token(token: Token): Evaluate {
    if (TypeGuards.isLiteralToken(token)) return literal(token.literal)
    if (TypeGuards.isQuotedToken(token) || TypeGuards.isNumberToken(token)) {
      const content = token.content
      return () => content
    }
    if (!TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) throw new OutsideSubset()
    const path: (string | number)[] = []
    for (const prop of token.props) {
      if (!('content' in prop) || (typeof prop.content !== 'string' && typeof prop.content !== 'number'))
        throw new OutsideSubset()
      path.push(prop.content)
    }
    return this.#variable(path)
  }

  #variable(path: readonly (string | number)[]): Evaluate {
    const [root, ...rest] = path
    if (typeof root !== 'string' || root === 'forloop' || root === SLOT_SCOPE) throw new OutsideSubset()
    const slot = this.#loopNames.lastIndexOf(root)
    if (slot !== -1) return properties((frame) => frame.loops[slot], rest)
    if (root === 'contact') this.contactFields.add(String(rest[0]))
    const fixed = globalVariable(root, rest)
    if (!this.assigned.has(root)) return fixed
    const assigned = properties((frame) => frame.assigned.get(root), rest)
    return (frame) => (frame.assigned.has(root) ? assigned(frame) : fixed(frame))
  }
}

/** `nil`, `empty` and `blank` as values that travel through filters and assignments keep a life of their own in liquidjs. */
function refuseDrop<T extends Token>(token: T): T {
  if (TypeGuards.isLiteralToken(token) && token.literal !== 'true' && token.literal !== 'false')
    throw new OutsideSubset()
  return token
}

function linkWriter(tag: LinkTag): Write {
  const index = tag.index
  if (!tag.escaped) return (frame) => frame.scope.slots.linkUrl(index)
  return (frame) => escapeHtml(frame.scope.slots.linkUrl(index))
}

/** A variable that the mail itself did not define. */
function globalVariable(root: string, path: readonly (string | number)[]): Evaluate {
  if (root === 'contact') return contactVariable(path)
  const url = URL_VARIABLES.find((name) => name === root)
  if (url !== undefined) return properties((frame) => frame.scope.urls[url], path)
  if (root === 'organization')
    return settingVariable(path, {
      name: (scope) => scope.organization.name,
      postal_address: (scope) => scope.organization.postalAddress,
    })
  if (root === 'campaign') return settingVariable(path, { name: (scope) => scope.campaign.name })
  if (root === 'data' || root === 'event') return dataVariable(path)
  return () => undefined
}

/** The data as a whole is for liquidjs. */
function dataVariable(path: readonly (string | number)[]): Evaluate {
  if (path.length === 0) throw new OutsideSubset()
  return properties((frame) => frame.scope.data ?? {}, path)
}

function contactVariable([name, ...rest]: readonly (string | number)[]): Evaluate {
  // The contact as a whole, and liquidjs's own size, first and last of an object, are for liquidjs.
  if (typeof name !== 'string' || name === 'size' || name === 'first' || name === 'last')
    throw new OutsideSubset()
  const read = Object.hasOwn(CONTACT_FIELDS, name) ? CONTACT_FIELDS[name] : undefined
  if (read !== undefined) return properties((frame) => read(frame.scope.contact), rest)
  return properties(
    ({ scope: { contact } }) =>
      Object.hasOwn(contact.attributes, name) ? contact.attributes[name] : undefined,
    rest,
  )
}

function settingVariable(
  [name, ...rest]: readonly (string | number)[],
  fields: Record<string, (scope: RenderScope) => unknown>,
): Evaluate {
  if (typeof name !== 'string' || !Object.hasOwn(fields, name)) throw new OutsideSubset()
  const read = fields[name] ?? (() => undefined)
  return properties((frame) => read(frame.scope), rest)
}

/** Parts of a value: places of a list, its size, first and last. Deeper objects are for liquidjs. */
function properties(value: Evaluate, path: readonly (string | number)[]): Evaluate {
  return path.reduce<Evaluate>((read, key) => (frame) => partOf(read(frame), key), value)
}

function partOf(value: unknown, key: string | number): unknown {
  if (value === null || value === undefined) return value
  if (Array.isArray(value)) {
    if (typeof key === 'number') return value.at(key)
    if (key === 'size') return value.length
    if (key === 'first') return value[0]
    if (key === 'last') return value.at(-1)
  }
  if (typeof value === 'string' && key === 'size') return value.length
  if (typeof value === 'string' || Array.isArray(value))
    return Object.hasOwn(Object(value), key) ? Reflect.get(Object(value), key) : undefined
  // Attributes hold texts, numbers, booleans and lists of texts; what callers give may hold objects, too.
  if (typeof value !== 'object') return undefined
  if (Object.hasOwn(value, key)) return Reflect.get(value, key)
  return key === 'size' ? Object.keys(value).length : undefined
}

/** liquidjs's `default`: for nothing, false, and empty texts and lists. */
function defaultFilter(value: Evaluate, fallback: Evaluate): Evaluate {
  return (frame) => {
    const present = value(frame)
    if (typeof present === 'string' || Array.isArray(present))
      return present.length > 0 ? present : fallback(frame)
    return isTrue(present) ? present : fallback(frame)
  }
}

/** Literals that only comparisons understand; elsewhere they are nothing, or an empty text. */
const NIL = Symbol('nil')
const EMPTY = Symbol('empty')
const BLANK = Symbol('blank')

const plain = (value: unknown): unknown =>
  value === NIL ? null : value === EMPTY || value === BLANK ? '' : value

function literal(name: string): Evaluate {
  const values: Record<string, unknown> = {
    true: true,
    false: false,
    nil: NIL,
    null: NIL,
    empty: EMPTY,
    blank: BLANK,
  }
  if (!Object.hasOwn(values, name)) throw new OutsideSubset()
  const value = values[name]
  return () => value
}

function operation(operator: string, left: Evaluate | undefined, right: Evaluate): Evaluate {
  if (operator === 'not') return (frame) => !isTrue(right(frame))
  if (left === undefined) throw new OutsideSubset()
  switch (operator) {
    case '==':
      return (frame) => isEqual(left(frame), right(frame))
    case '!=':
      return (frame) => !isEqual(left(frame), right(frame))
    case 'and':
      return (frame) => {
        // Both sides are always evaluated, as liquidjs does; evaluation has no effects but errors.
        const first = isTrue(left(frame))
        return isTrue(right(frame)) && first
      }
    case 'or':
      return (frame) => {
        const first = isTrue(left(frame))
        return isTrue(right(frame)) || first
      }
    case 'contains':
      return (frame) => contains(frame, left(frame), right(frame))
    case '<':
      return (frame) => isOrdered(left(frame), right(frame), (a, b) => a < b)
    case '>':
      return (frame) => isOrdered(left(frame), right(frame), (a, b) => a > b)
    case '<=':
      return (frame) => isOrdered(left(frame), right(frame), (a, b) => a <= b)
    case '>=':
      return (frame) => isOrdered(left(frame), right(frame), (a, b) => a >= b)
    default:
      throw new OutsideSubset()
  }
}

const isTrue = (value: unknown): boolean => value !== false && value !== NIL && !isNothing(value)

function isEqual(left: unknown, right: unknown): boolean {
  // The left side's literal decides, as in liquidjs: blank equals nil, but nil does not equal blank.
  if (left === NIL) return isNothing(plain(right))
  if (left === EMPTY || left === BLANK) return isEmptyLike(right, left)
  if (right === EMPTY || right === BLANK) return isEmptyLike(left, right)
  if (right === NIL) return isNothing(left)
  if (Array.isArray(left))
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, at) => isEqual(item, right[at]))
    )
  return left === right
}

const isNothing = (value: unknown): boolean => value === null || value === undefined

function isEmptyLike(value: unknown, kind: symbol): boolean {
  if (kind === BLANK && (value === false || value === NIL || isNothing(value))) return true
  if (kind === BLANK && typeof value === 'string') return /^\s*$/.test(value)
  return (typeof value === 'string' || Array.isArray(value)) && value.length === 0
}

function contains(frame: Frame, container: unknown, part: unknown): boolean {
  const whole = plain(container)
  if (Array.isArray(whole)) return whole.some((item) => isEqual(item, part))
  if (typeof whole !== 'string') return false
  const sought = String(plain(part))
  frame.filterThis.context.memoryLimit.use(searchUnits(whole, sought))
  return whole.includes(sought)
}

/** JavaScript's own comparison, which liquidjs uses: texts by code unit, everything else as numbers. */
function isOrdered(left: unknown, right: unknown, test: (a: never, b: never) => boolean): boolean {
  if (typeof left === 'symbol' || typeof right === 'symbol') return false
  return test(left as never, right as never) // comparison of unlike values is what liquidjs does too
}

/** liquidjs's reading of what a loop runs over. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return value.length > 0 ? [value] : []
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

const isGenerator = (fn: object): boolean => fn.constructor.name === 'GeneratorFunction'
