import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokensOf } from './highlight.ts'

describe('colours of the code', () => {
  test('no character is lost or made up', () => {
    const pieces = fc.constantFrom(
      '<mj-text ',
      'css-class=',
      '"a {{ b }}"',
      "'c'",
      '>',
      '/>',
      '</p>',
      '{{ x | default: "y" }}',
      '{% if',
      '%}',
      '<!-- ',
      '-->',
      ' text ',
      '\n',
      '"',
      '=',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 }))), (parts) => {
        const source = parts.join('')
        expect(
          tokensOf(source)
            .map((token) => token.text)
            .join(''),
        ).toBe(source)
      }),
    )
  })

  test('Liquid keeps its colour inside a value', () => {
    expect(tokensOf('<a href="x{{ y }}">').map((token) => token.kind)).toEqual([
      'tag',
      'plain',
      'attribute',
      'plain',
      'string',
      'liquid',
      'string',
      'tag',
    ])
  })
})
