import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ContactFields,
  type RenderScope,
  closuresFor,
  libraryRenderer,
  partRenderer,
} from './closures.ts'
import { BeyondLimit, TEXT_LIMITS } from './limits.ts'
import { authorEngine, compiledEngine } from './liquid.ts'
import { cutText, joined } from './pieces.ts'
import { maskLiquid, unmask, withFilter } from './mask.ts'
import { type MailContact, NOBODY } from './variables.ts'

const engine = compiledEngine('en')

const value = fc.oneof(
  fc.constantFrom(null, '', ' ', 'Ann', 'gold', 'ANN & <b>', "O'Neil", 'é🙂', '12', false, true, 0, 3, -2.5),
  fc.array(fc.constantFrom('vip', 'new', '', 'a,b'), { maxLength: 3 }),
)
const text = fc.constantFrom(null, '', 'Ann', 'Léa 🙂', '<i>"x"</i>', '2026-11-20')

const scopes: fc.Arbitrary<RenderScope> = fc.record({
  organization: fc.constant({ name: 'Org & Co', postalAddress: null }),
  campaign: fc.constant({ name: 'Noël' }),
  urls: fc.constant({
    unsubscribe_url: 'https://u.example/?a=1&b=2',
    preferences_url: 'https://p.example/',
    view_in_browser_url: 'https://v.example/',
  }),
  slots: fc.constant({
    linkUrl: (index: number) => `https://t.example/c/tok/${index}?a&b`,
    pixelUrl: 'https://t.example/o',
  }),
  contact: fc.record({
    email: fc.constant('ann@example.org'),
    phone: text,
    firstName: text,
    lastName: text,
    language: text,
    timeZone: text,
    country: text,
    city: text,
    birthday: fc.constantFrom(null, '1990-02-28'),
    subscriptionTier: text,
    subscriptionStatus: text,
    tags: fc.array(fc.constantFrom('vip', 'new', 'x & y'), { maxLength: 3 }),
    attributes: fc.dictionary(fc.constantFrom('shoe', 'score', 'likes', 'member'), value),
  }),
})

const variable = fc.constantFrom(
  'contact.first_name', 'contact.city', 'contact.tags', 'contact.tags.size', 'contact.tags.first', 'contact.tags[1]', 'contact.shoe', 'contact.score',
  'contact.likes', 'contact.member', 'contact.birthday', 'contact.first_name.size', 'contact.constructor', 'contact.__proto__', 'organization.name',
  'campaign.name', 'unsubscribe_url', 'unknown', 'x', 'item', 'contact["city"]', 'organization.postal_address',
) // prettier-ignore
const literal = fc.constantFrom(
  '"there"',
  "'a < b'",
  '""',
  '3',
  '-1.5',
  'true',
  'false',
  'nil',
  'empty',
  'blank',
)
const operand = fc.oneof({ weight: 3, arbitrary: variable }, literal)
const filter = fc.oneof(
  fc.constantFrom(
    'upcase',
    'downcase',
    'capitalize',
    'strip',
    'size',
    'first',
    'last',
    'join: ", "',
    'escape',
    'url_encode',
    'reverse',
    'sort',
    'uniq',
    'date: "%d %B %Y"',
  ),
  operand.map((argument) => `default: ${argument}`),
  operand.map((argument) => `append: ${argument}`),
  fc.constantFrom(
    'prepend: "<"',
    'truncate: 4',
    'replace: "a", "b"',
    'remove: "n"',
    'split: ","',
    'plus: 2',
    'times: 3',
    'slice: 0, 2',
    'round',
    'concat: contact.tags',
  ),
)
const filtered = fc
  .tuple(operand, fc.array(filter, { maxLength: 3 }))
  .map(([first, filters]) => [first, ...filters].join(' | '))
const comparison = fc
  .tuple(operand, fc.constantFrom('==', '!=', '<', '>', '<=', '>=', 'contains'), operand)
  .map((parts) => parts.join(' '))
const condition = fc
  .tuple(
    fc.array(
      fc.oneof(
        comparison,
        operand,
        operand.map((name) => `not ${name}`),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    fc.constantFrom(' and ', ' or '),
  )
  .map(([parts, joint]) => parts.join(joint))

const { template } = fc.letrec<{ template: string; node: string }>((tie) => ({
  template: fc.array(tie('node'), { maxLength: 4 }).map((nodes) => nodes.join('')),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'plain ',
      '<p title="q">',
      '\n  ',
      '{% fanfare_link 2 %}',
      '{% fanfare_link 1 text %}',
      '{% fanfare_pixel %}',
      '{% comment %}gone{% endcomment %}',
    ),
    filtered.map((expression) => `{{ ${expression} }}`),
    filtered.map((expression) => `{{- ${expression} -}}`),
    fc
      .tuple(condition, tie('template'), condition, tie('template'), tie('template'))
      .map(([a, b, c, d, e]) => `{% if ${a} %}${b}{% elsif ${c} %}${d}{% else %}${e}{% endif %}`),
    fc
      .tuple(condition, tie('template'), tie('template'))
      .map(([a, b, c]) => `{% unless ${a} %}${b}{% else %}${c}{% endunless %}`),
    fc
      .tuple(operand, literal, variable, tie('template'), tie('template'))
      .map(
        ([a, b, c, d, e]) =>
          `{% case ${a} %}{% when ${b}, ${c} %}${d}{% when ${b} %}+{% else %}${e}{% endcase %}`,
      ),
    fc
      .tuple(variable, tie('template'), tie('template'))
      .map(([a, b, c]) => `{% for item in ${a} %}${b}{% else %}${c}{% endfor %}`),
    filtered.map((expression) => `{% assign x = ${expression} %}`),
  ),
}))

/** Escapes every output, as the compiler does. */
function escaped(source: string): string {
  const masked = maskLiquid(source, engine)
  return unmask(masked.text, masked.pieces, (piece) => withFilter(piece, 'safe_html'))
}

/** The contact with nothing but these fields. */
function only(contact: MailContact, fields: ContactFields): MailContact {
  const names = new Set(
    [...(fields ?? [])].map((name) => name.replaceAll(/_[a-z]/g, (of) => of.slice(1).toUpperCase())),
  )
  const standard = Object.entries(contact).filter(([name]) => names.has(name))
  const attributes = Object.entries(contact.attributes).filter(([name]) => fields?.has(name))
  return { ...NOBODY, ...Object.fromEntries(standard), attributes: Object.fromEntries(attributes) }
}

describe('closures', () => {
  test('write what liquidjs writes, whole, in pieces and of the fields that they say they read, for generated templates and contacts', () => {
    let compiled = 0
    fc.assert(
      fc.property(template, scopes, (source, scope) => {
        const templates = engine.parse(escaped(source))
        const closures = closuresFor(templates, engine)
        if (closures === null) return
        compiled++
        const written = libraryRenderer(templates, engine)(scope)
        expect(closures(scope)).toBe(written)
        expect(joined(closures.pieces(scope))).toBe(written)
        expect(joined(cutText(written))).toBe(written)
        expect(closures({ ...scope, contact: only(scope.contact, closures.contactFields) })).toBe(written)
      }),
      { numRuns: 2_000 },
    )
    expect(compiled).toBeGreaterThan(600) // enough of them lie in the subset for the property to mean something
  })

  test('what lies outside the subset is left to liquidjs', () => {
    for (const source of [
      '{% for item in contact.tags limit: 1 %}x{% endfor %}',
      '{% raw %}{{ x }}{% endraw %}',
      '{{ (1..3) | join | safe_html }}',
    ]) {
      expect({ source, closures: closuresFor(engine.parse(source), engine) }).toEqual({
        source,
        closures: null,
      })
    }
  })

  test('what is left to liquidjs may read any field of a contact', () => {
    expect(partRenderer('{{ contact.first | safe_html }}', engine).contactFields).toBeNull()
    expect([...(partRenderer('{{ contact.city | safe_html }}', engine).contactFields ?? [])]).toEqual([
      'city',
    ])
    expect(partRenderer('no names', engine).contactFields).toEqual(new Set())
  })

  test('an output without an escape behind it is never compiled', () => {
    expect(closuresFor(engine.parse('{{ contact.first_name }}'), engine)).toBeNull()
  })
})

/** One word, seven times each of its letters ten: a hundred million. */
const GROWN = `"aaaaaaaaaa"${' | replace: "a", "aaaaaaaaaa"'.repeat(7)}`
const ITEMS = '{% assign items = "x,x,x,x,x,x,x,x,x,x" | split: "," %}'

/** What becomes of a template either way. */
function refusals(source: string): { by: string; error: unknown }[] {
  const templates = engine.parse(source)
  const part = { field: 'body', limits: TEXT_LIMITS }
  const renderers = {
    closures: closuresFor(templates, engine, part),
    library: libraryRenderer(templates, engine, part),
  }
  return Object.entries(renderers).map(([by, render]) => {
    let error: unknown = null
    try {
      render?.(NOBODYS)
    } catch (thrown) {
      error = thrown
    }
    return { by, error }
  })
}

const NOBODYS: RenderScope = {
  organization: { name: 'Org', postalAddress: null },
  campaign: { name: 'Noël' },
  contact: { ...NOBODY, email: 'ann@example.org' },
  urls: { unsubscribe_url: '', preferences_url: '', view_in_browser_url: '' },
  slots: { linkUrl: () => '', pixelUrl: null },
  data: { blob: 'x'.repeat(100_000) },
}

describe('a text that grows', () => {
  test.each([
    ['a chain of filters', `{{ ${GROWN} | size | safe_html }}`, 'the filters of this text make too much'],
    ['an assignment', `{% assign x = ${GROWN} %}`, 'the filters of this text make too much'],
    [
      'a wide date',
      '{{ "2026-01-01" | date: "%1000000000d" | safe_html }}',
      'the filters of this text make too much',
    ],
    ['values that add up', '{{ data.blob | safe_html }}'.repeat(21), 'this text is too long'],
    [
      'a list of long items',
      `${ITEMS}{% assign long = "${'x'.repeat(1_000)}" | replace: "x", "${'x'.repeat(300)}" | split: "," %}{% assign l = long | concat: long | concat: long | concat: long | concat: long | concat: long | concat: long %}{{ l | safe_html }}`,
      'this text is too long',
    ],
    [
      'nested loops',
      `${ITEMS}{% for a in items %}{% for b in items %}{% for c in items %}${'x'.repeat(2_001)}{% endfor %}{% endfor %}{% endfor %}`,
      'this text is too long',
    ],
    [
      'a search that looks again and again',
      `{% assign hay = data.blob | append: data.blob | append: data.blob %}{% assign half = data.blob | slice: 0, 50000 %}{% assign needle = half | append: "y" | append: half %}{{ hay | remove: needle | safe_html }}`,
      'the filters of this text make too much',
    ],
    [
      'the same search in a condition',
      `{% assign hay = data.blob | append: data.blob | append: data.blob %}{% assign half = data.blob | slice: 0, 50000 %}{% assign needle = half | append: "y" | append: half %}{% if hay contains needle %}x{% endif %}`,
      'the filters of this text make too much',
    ],
  ])('NFR-002.3 in %s is refused, whichever way it is written', (_, source, message) => {
    const error = expect.objectContaining({ constructor: BeyondLimit, message, field: 'body' })
    expect(refusals(source)).toEqual([
      { by: 'closures', error },
      { by: 'library', error },
    ])
  })

  test('NFR-002.3 what one person is written takes nothing from the next', () => {
    const source = `{{ data.blob${' | append: "x"'.repeat(30)} | size | safe_html }}`
    const render = closuresFor(engine.parse(source), engine)
    for (let person = 0; person < 10; person++) expect(render?.(NOBODYS)).toBe('100030')
  })

  test('NFR-002.3 in pieces it is refused as well', () => {
    const render = closuresFor(engine.parse('{{ data.blob | safe_html }}'.repeat(21)), engine)
    expect(() => render?.pieces(NOBODYS)).toThrow(BeyondLimit)
    expect(() => render?.pieces(NOBODYS)).toThrow('this text is too long')
  })
})

describe('the engine of authors', () => {
  test.each([
    '{% include "/etc/passwd" %}',
    '{% render "x" %}',
    '{% layout "x" %}',
    '{% capture a %}x{% endcapture %}',
    '{% echo contact.email %}',
    '{% fanfare_pixel %}',
  ])('does not know %s', (source) => expect(() => authorEngine('en').parse(source)).toThrow(/not found/))
  test.each(['raw', 'json', 'safe_url', 'where', 'map', 'inspect'])('has no filter %s', (name) => {
    expect(() => authorEngine('en').parse(`{{ contact.email | ${name} }}`)).toThrow(/undefined filter/)
  })
})
