import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testPlatform } from '../../testing/test-platform.ts'
import { newId } from '../ids.ts'
import {
  bigintArray,
  byteaArray,
  dateArray,
  instantArray,
  jsonbArray,
  textArray,
  uuidArray,
} from './binary-array.ts'

const { platform, clock } = await testPlatform()
const ctx = platform.systemCtx(newId<'organization'>(clock.now()))

/** Texts of characters that are special somewhere, of one to four bytes, short and long. */
const text = fc
  .array(fc.constantFrom('a', 'é', '"', '\\', ',', '{', 'NULL', ' ', '\n', '€', '😀', 'x'.repeat(70)), {
    maxLength: 6,
  })
  .map((pieces) => pieces.join(''))
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null, freq: 4 })
/** What PostgreSQL reads of an array, in the form in which the driver gives it. */
async function readBack<T>(type: string, array: Buffer): Promise<T[]> {
  const [row] = await ctx.db.query<{ value: T[] }>(`select $1::${type}[] as value`, [array])
  return row?.value ?? []
}
const lists = <T>(value: fc.Arbitrary<T>): T[][] =>
  fc.sample(fc.array(value, { maxLength: 8 }), { numRuns: 100, seed: 20_261_129 })

test('PostgreSQL reads every text of an array as it was', async () => {
  for (const list of lists(orNull(text)))
    expect(
      await readBack(
        'text',
        textArray(list, (value) => value),
      ),
    ).toEqual(list)
})

test('PostgreSQL reads every byte of an array as it was', async () => {
  const hex = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex'))
  for (const list of lists(orNull(hex))) {
    const read = await readBack<Buffer | null>(
      'bytea',
      byteaArray(list, (value) => value),
    )
    expect(read.map((bytes) => bytes?.toString('hex') ?? null)).toEqual(list)
  }
})

test('PostgreSQL reads every day of an array as it was', async () => {
  const day = fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  for (const list of lists(orNull(day))) {
    const array = dateArray(list, (value) => value)
    const [row] = await ctx.db.query<{ days: string[] }>('select $1::date[]::text[] as days', [array])
    expect(row?.days).toEqual(list)
  }
})

test('PostgreSQL reads every number of an array as it was', async () => {
  for (const list of lists(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)))
    expect(
      await readBack(
        'bigint',
        bigintArray(list, (value) => value),
      ),
    ).toEqual(list)
})

test('PostgreSQL reads every JSON value of an array as it was', async () => {
  const value = fc.dictionary(
    text,
    fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 3 })),
    { maxKeys: 4 },
  )
  for (const list of lists(value))
    expect(
      await readBack(
        'jsonb',
        jsonbArray(list, (one) => JSON.stringify(one)),
      ),
    ).toEqual(list)
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
