/**
 * Our Liquid: liquidjs with nothing in it that reaches files, loops over what the author cannot see, or lets a value
 * through unescaped. Output is escaped by filters that the compiler writes behind every expression (`safe_html`,
 * `safe_url`, `safe_css`), so that one engine serves every context and no author can switch it off.
 */
import {
  Liquid,
  type Template,
  type TagToken,
  Tag,
  type Context,
  type Emitter,
  defaultOperators,
} from 'liquidjs'
import { charsWithin, RENDER_MS_MAX, searchUnits, TEXT_LIMITS } from './limits.ts'

/** Longest Liquid source of one part, in characters: what the largest body may compile to. */
const PARSE_CHARS_MAX = 4_000_000

/** Tags an author may use. No capture or echo: their text would pass the escaping twice or not at all. */
export const ALLOWED_TAGS: readonly string[] = [
  'if',
  'unless',
  'case',
  'for',
  'break',
  'continue',
  'assign',
  'comment',
  'raw',
  '#',
]

/** Filters an author may use: pure, and without a way to switch escaping off. */
export const ALLOWED_FILTERS: readonly string[] = [
  'abs', 'append', 'at_least', 'at_most', 'capitalize', 'ceil', 'compact', 'concat', 'date', 'default', 'divided_by',
  'downcase', 'escape', 'first', 'floor', 'join', 'last', 'lstrip', 'minus', 'modulo', 'plus', 'prepend',
  'remove', 'remove_first', 'replace', 'replace_first', 'reverse', 'round', 'rstrip', 'size', 'slice', 'sort', 'split',
  'strip', 'strip_newlines', 'times', 'truncate', 'truncatewords', 'uniq', 'upcase', 'url_encode',
] // prettier-ignore

/** Those that look for a text within another. */
const SEARCHING_FILTERS = ['remove', 'remove_first', 'replace', 'replace_first', 'split'] as const

/** What a link slot or the pixel slot becomes is known per message; templates carry it under this name. */
export const SLOT_SCOPE = 'fanfare_slots'

/** Answers the slots of one message. */
export interface Slots {
  linkUrl(index: number): string
  pixelUrl: string | null
}

/** How the output of an expression is made safe, by the place it stands in. */
export type Escape = 'safe_html' | 'safe_url' | 'safe_css' | 'safe_text' | 'safe_json'

/** The functions behind the escaping filters: all take any Liquid value and give text. */
export const ESCAPES: Readonly<Record<Escape, (value: unknown) => string>> = {
  safe_html: (value) => escapeHtml(toText(value)),
  safe_url: (value) => encodeUrlPart(toText(value)),
  safe_css: (value) => toText(value).replaceAll(/[^\p{L}\p{N}#%.,\- ]/gu, ''),
  safe_text: (value) => toText(value),
  safe_json: (value) => JSON.stringify(toText(value).toWellFormed()).slice(1, -1),
}

/**
 * A Liquid value as text, the way liquidjs writes it: nothing for nil, lists run together.
 * @throws BeyondLimit  when a list is longer as text than a text may be: a few words make it, each item being one of them
 */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return listText(value)
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value)
  return value instanceof Date ? value.toISOString() : ''
}

function listText(list: readonly unknown[]): string {
  let text = ''
  for (const item of list) {
    text += toText(item)
    charsWithin(text.length, TEXT_LIMITS)
  }
  return text
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}
const HTML_SPECIAL = /[&<>"']/

/** Escapes text for HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  if (!HTML_SPECIAL.test(text)) return text
  return text.replaceAll(/[&<>"']/g, (char) => HTML_ESCAPES[char] ?? char)
}

/** Encodes a value as one part of a path or query: it can add no host, segment or parameter. */
function encodeUrlPart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27')
}

/** The pixel of a message, or nothing without consent. The image has no text because it says nothing. */
export function pixelHtml(url: string | null): string {
  return url === null
    ? ''
    : `<img src="${escapeHtml(url)}" width="1" height="1" alt="" style="display:block;border:0;width:1px;height:1px;overflow:hidden">`
}

/** Writes the address of link n of the version, HTML-escaped; `text` leaves it bare for the text part. */
export class LinkTag extends Tag {
  readonly index: number
  readonly escaped: boolean
  constructor(token: TagToken, remaining: never[], liquid: Liquid) {
    super(token, remaining, liquid)
    const [index, mode] = token.args.trim().split(' ')
    this.index = Number(index)
    this.escaped = mode !== 'text'
  }
  override render(context: Context, emitter: Emitter): void {
    const url = slotsOf(context).linkUrl(this.index)
    emitter.write(this.escaped ? escapeHtml(url) : url)
  }
}

/** Writes the open pixel, or nothing. */
export class PixelTag extends Tag {
  override render(context: Context, emitter: Emitter): void {
    emitter.write(pixelHtml(slotsOf(context).pixelUrl))
  }
}

function slotsOf(context: Context): Slots {
  return context.getSync([SLOT_SCOPE]) as Slots // only the renderer sets this name, and authors' names never reach it
}

/** Languages whose month and day names the `date` filter can write. */
export type LiquidLocale = 'en' | 'fr'

function makeEngine(locale: LiquidLocale, purpose: 'author' | 'compiled'): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    dynamicPartials: false,
    // No file is ever read: the tags that would are deleted below, and this stands behind them.
    templates: {},
    timezoneOffset: 0,
    locale,
    parseLimit: PARSE_CHARS_MAX,
    renderLimit: RENDER_MS_MAX,
    memoryLimit: TEXT_LIMITS.unitsMax,
    operators: { ...defaultOperators, contains: countedContains },
  })
  for (const tag of Object.keys(liquid.tags)) if (!ALLOWED_TAGS.includes(tag)) delete liquid.tags[tag]
  for (const filter of Object.keys(liquid.filters))
    if (!ALLOWED_FILTERS.includes(filter)) delete liquid.filters[filter]
  // Every output is escaped already; `| escape`, known from elsewhere, would do it twice.
  liquid.registerFilter('escape', (value: unknown) => toText(value))
  // The library's own throws on half a surrogate pair, which `truncate` and `last` can leave.
  liquid.registerFilter('url_encode', function (value: unknown) {
    const text = toText(value)
    this.context.memoryLimit.use(text.length)
    return encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+')
  })
  for (const name of SEARCHING_FILTERS) {
    const search = liquid.filters[name]
    if (typeof search !== 'function') throw new Error(`liquidjs has no filter ${name}`)
    liquid.registerFilter(name, function (value: unknown, ...given: unknown[]) {
      this.context.memoryLimit.use(searchUnits(toText(value), toText(given[0])))
      return Reflect.apply(search, this, [value, ...given])
    })
  }
  if (purpose === 'compiled') {
    for (const [name, escape] of Object.entries(ESCAPES)) liquid.registerFilter(name, escape)
    liquid.registerTag('fanfare_link', LinkTag as never) // the constructor is narrower than the library's own type
    liquid.registerTag('fanfare_pixel', PixelTag)
  }
  return liquid
}

/** liquidjs's `contains`, its search counted. */
function* countedContains(whole: unknown, part: unknown, context: Context): Generator<unknown, boolean> {
  if (typeof whole === 'string' && typeof part === 'string') context.memoryLimit.use(searchUnits(whole, part))
  return Boolean(yield defaultOperators['contains']?.(whole, part, context))
}

const engines = new Map<string, Liquid>()

/** The engine that reads what an author wrote: it knows no slot and no escaping filter. */
export const authorEngine = (locale: LiquidLocale): Liquid => engineOf(locale, 'author')

/** The engine that reads what our compiler wrote. */
export const compiledEngine = (locale: LiquidLocale): Liquid => engineOf(locale, 'compiled')

function engineOf(locale: LiquidLocale, purpose: 'author' | 'compiled'): Liquid {
  const key = `${locale}:${purpose}`
  const known = engines.get(key)
  if (known) return known
  const engine = makeEngine(locale, purpose)
  engines.set(key, engine)
  return engine
}

/** liquidjs keeps a parsed template as a list of these. */
export type ParsedTemplate = Template[]
