import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testPlatform } from '../../testing/test-platform.ts'
import { newId } from '../ids.ts'
import { arrayLiteral } from './array-literal.ts'

const { platform, clock } = await testPlatform()
const ctx = platform.systemCtx(newId<'organization'>(clock.now()))

/** Texts of the characters that mean something in a literal, which chance alone would hardly bring together. */
const text = fc
  .array(fc.constantFrom('a', 'é', '"', '\\', ',', '{', '}', 'NULL', 'null', ' ', '\n', '\t', '😀'), {
    maxLength: 6,
  })
  .map((pieces) => pieces.join(''))

test('PostgreSQL reads every text of an array literal as it was', async () => {
  const lists = fc.sample(fc.array(text, { maxLength: 5 }), { numRuns: 300, seed: 20_261_129 })
  const rows = await ctx.db.query<{ value: string[] }>(
    'select l.literal::text[] as value from unnest($1::text[]) with ordinality as l (literal, n) order by l.n',
    [lists.map(arrayLiteral)],
  )
  expect(rows.map(({ value }) => value)).toEqual(lists)
})
