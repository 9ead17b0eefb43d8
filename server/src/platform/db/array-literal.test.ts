import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testPlatform } from '../../testing/test-platform.ts'
import { newId } from '../ids.ts'
import { arrayLiteral, byteaArrayLiteral, jsonArrayLiteral } from './array-literal.ts'
import { instantArray, uuidArray } from './binary-array.ts'

const { platform, clock } = await testPlatform()
const ctx = platform.systemCtx(newId<'organization'>(clock.now()))

/** Texts of the characters that mean something in a literal, which chance alone would hardly bring together. */
const text = fc
  .array(fc.constantFrom('a', 'é', '"', '\\', ',', '{', '}', 'NULL', 'null', ' ', '\n', '\t', '😀'), {
    maxLength: 6,
  })
  .map((pieces) => pieces.join(''))
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null, freq: 4 })
/** What PostgreSQL reads of literals, each by itself. */
async function readBack<T>(type: string, literals: readonly string[]): Promise<T[]> {
  const rows = await ctx.db.query<{ value: T }>(
    `select l.literal::${type}[] as value from unnest($1::text[]) with ordinality as l (literal, n) order by l.n`,
    [literals],
  )
  return rows.map(({ value }) => value)
}
const sample = <T>(value: fc.Arbitrary<T>): T[] => fc.sample(value, { numRuns: 300, seed: 20_261_129 })

test('PostgreSQL reads every text of an array literal as it was', async () => {
  const lists = sample(fc.array(orNull(text), { maxLength: 5 }))
  expect(await readBack('text', lists.map(arrayLiteral))).toEqual(lists)
})

test('PostgreSQL reads every byte of an array literal as it was', async () => {
  const lists = sample(
    fc.array(orNull(fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex'))), {
      maxLength: 5,
    }),
  )
  const read = await readBack<(Buffer | null)[]>('bytea', lists.map(byteaArrayLiteral))
  expect(read.map((list) => list.map((bytes) => bytes?.toString('hex') ?? null))).toEqual(lists)
})

test('PostgreSQL reads every JSON value of an array literal as it was', async () => {
  const lists = sample(
    fc.array(
      fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 3 })), {
        maxKeys: 4,
      }),
      {
        maxLength: 5,
      },
    ),
  )
  expect(await readBack('jsonb', lists.map(jsonArrayLiteral))).toEqual(lists)
})

test('PostgreSQL reads every instant and every id of a binary array as it was', async () => {
  const instants = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
  for (const list of fc.sample(fc.array(instants, { maxLength: 5 }), { numRuns: 50, seed: 20_261_129 })) {
    const [row] = await ctx.db.query<{ value: Date[] }>('select $1::timestamptz[] as value', [
      instantArray(list),
    ])
    expect(row?.value).toEqual(list)
  }
  for (const list of fc.sample(fc.array(fc.uuid(), { maxLength: 5 }), { numRuns: 50, seed: 20_261_129 })) {
    const [row] = await ctx.db.query<{ value: string[] }>('select $1::uuid[]::text[] as value', [
      uuidArray(list.map((id) => id.replaceAll('-', ''))),
    ])
    expect(row?.value).toEqual(list)
  }
})
