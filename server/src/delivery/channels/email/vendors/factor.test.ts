import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joined, OWN, type Pieces } from '../../../../content/index.ts'
import { factorTexts } from './factor.ts'

const MARKS = { start: '-ff', of: (n: number): string => `-ff${n}-` }
const FIXED = ['<p>Hello ', '</p>', ' and -ff1', 'ff0-', '']

/** Mails of one template: each took the same way, with values of its own, now and then one that looks like a mark. */
const mails = fc
  .array(fc.constantFrom(OWN, OWN, 0, 1, 2, 3, 4), { minLength: 1, maxLength: 12 })
  .chain((order) => {
    const values = order.filter((place) => place === OWN).length
    const own = fc.array(
      fc.constantFrom('Ann', 'Léa', '', '-', '-ff', 'ff0-', '-ff0-', 'https://t.example/c/1'),
      {
        minLength: values,
        maxLength: values,
      },
    )
    return fc.array(
      own.map((texts): Pieces[] => [
        { fixed: FIXED, order, own: texts },
        { fixed: FIXED, order, own: texts },
      ]),
      { minLength: 2, maxLength: 6 },
    )
  })

describe('texts of a call', () => {
  test('values put back where their marks stand give each text exactly, or the mails do not share a call', () => {
    let factored = 0
    fc.assert(
      fc.property(mails, (all) => {
        const found = factorTexts(all, MARKS)
        if (!found) return
        factored++
        for (const [index, texts] of all.entries()) {
          // As a vendor does: every mark that it was given, from left to right.
          const given = new RegExp(found.marks.join('|') || '$^', 'g')
          const filled = found.templates.map((template) =>
            template.replaceAll(given, (mark) => found.values[index]?.[found.marks.indexOf(mark)] ?? ''),
          )
          expect(filled).toEqual(texts.map(joined))
        }
      }),
      { numRuns: 2_000 },
    )
    expect(factored).toBeGreaterThan(500)
  })

  test('mails that went different ways do not share a call', () => {
    const one: Pieces = { fixed: FIXED, order: [0, OWN], own: ['Ann'] }
    const other: Pieces = { fixed: FIXED, order: [0, OWN, 1], own: ['Léa'] }
    expect(factorTexts([[one], [other]], MARKS)).toBeNull()
  })

  test('what is the same for all stands in the text, and one value serves the same link in HTML and text', () => {
    const mail = (link: string): Pieces[] => [
      { fixed: FIXED, order: [OWN, 0, OWN], own: ['Lyon', link] },
      { fixed: FIXED, order: [OWN], own: [link] },
    ]
    expect(factorTexts([mail('a'), mail('b')], MARKS)).toEqual({
      templates: ['Lyon<p>Hello -ff0-', '-ff0-'],
      marks: ['-ff0-'],
      values: [['a'], ['b']],
    })
  })
})
