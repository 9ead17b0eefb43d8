/**
 * Clauses that take a random share of people: the same people for ever for one seed, whoever asks, in SQL as here.
 * Plain integer arithmetic, because PostgreSQL's own hash functions may change with its versions.
 */
import { z } from 'zod'
import type { Leaf, Outcome } from '../operator.ts'
import type { SqlText } from '../sql-text.ts'
import { numberText } from '../words.ts'
import type { ClauseKind } from './define.ts'

/** Points that people are spread over: a share is given to a hundredth of a percent. */
const POINTS = 10_000
/** A prime below 2^31: squares of what is smaller fit 64 bits. The fifth power permutes what is smaller than it. */
const PRIME = 2_147_483_647
const SEED_LENGTH_MAX = 60
const FNV_BASIS = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** `{ kind: 'random', operator: 'in_share', value: 10, seed: 'spring' }`; percent. */
const schema = z.strictObject({
  kind: z.literal('random'),
  operator: z.enum(['in_share', 'not_in_share']),
  value: z
    .number('Give a percentage.')
    .min(0.01, 'Give 0.01 or more.')
    .max(100, 'At most 100.')
    .refine((percent) => Number.isInteger(Math.round(percent * 1e6) / 1e4), 'At most two decimals.'),
  /** Another seed is another share; rules with the same seed take the same people. */
  seed: z.string().max(SEED_LENGTH_MAX).optional(),
})

/** A question whose answer is drawn by lot, once. */
export const randomClause: ClauseKind<typeof schema> = {
  schema,
  bind: ({ operator, value, seed = '' }): Outcome<Leaf> => {
    const points = Math.round((value * POINTS) / 100)
    const [a, b] = seedOf(seed)
    const isDenied = operator === 'not_in_share'
    return {
      kind: 'ready',
      value: {
        opposite: isDenied,
        isTotal: true,
        sql: (q) => `(${pointSql(q, a, b)} < ${q.param(points, 'bigint')})`,
        matches: (person) => pointOf(BigInt(person.id), a, b) < points,
        phrase: isDenied
          ? {
              en: `who are outside a random share of ${numberText(value, 'en')}%`,
              fr: `qui sont hors d’une part aléatoire de ${numberText(value, 'fr')} %`,
            }
          : {
              en: `who are in a random share of ${numberText(value, 'en')}%`,
              fr: `qui sont dans une part aléatoire de ${numberText(value, 'fr')} %`,
            },
      },
    }
  },
  touches: () => [],
  terms: () => [
    {
      kind: 'random',
      field: null,
      group: 'membership',
      label: { en: 'Random share', fr: 'Part aléatoire' },
      operators: [
        {
          name: 'in_share',
          label: { en: 'in a share of … %', fr: 'dans une part de … %' },
          input: 'number',
          parts: ['seed'],
        },
        {
          name: 'not_in_share',
          label: { en: 'outside a share of … %', fr: 'hors d’une part de … %' },
          input: 'number',
          parts: ['seed'],
        },
      ],
      options: null,
      suggestsFrom: null,
    },
  ],
}

/** Where a contact stands on the line of points: a linear step by the seed, then the fifth power, modulo the prime. */
export function pointOf(id: bigint, a: number, b: number): number {
  const prime = BigInt(PRIME)
  const x = ((id % prime) * BigInt(a) + BigInt(b)) % prime
  const square = (x * x) % prime
  return Number((((square * square) % prime) * x) % prime) % POINTS
}

function pointSql(q: SqlText, a: number, b: number): string {
  const x = `((${q.column('id')} % ${PRIME} * ${a}::bigint + ${b}::bigint) % ${PRIME})`
  const square = `(${x} * ${x} % ${PRIME})`
  return `(${square} * ${square} % ${PRIME} * ${x} % ${PRIME} % ${POINTS})`
}

/** Two numbers of a text: a multiplier that is not zero, and an offset. Source: FNV-1a, Fowler, Noll, Vo. */
export function seedOf(seed: string): [number, number] {
  const hash = (text: string): number => {
    let value = FNV_BASIS
    for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, FNV_PRIME) >>> 0
    return value
  }
  return [(hash(`a${seed}`) % (PRIME - 1)) + 1, hash(`b${seed}`) % PRIME]
}
