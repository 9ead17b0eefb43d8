/**
 * How far one text may grow while it is written for one person. Filters multiply: seven `replace` of ten characters each
 * make a hundred million of one word, for everybody in the process. Both ways of writing a text are held to the same.
 * Source: NFR-002.3
 */
import { LiquidError } from 'liquidjs'

/** What one text may take. */
export interface Limits {
  /** Characters and items that its filters may make on the way, as liquidjs counts them. */
  readonly unitsMax: number
  /** Characters that it may have in the end. */
  readonly charsMax: number
}

/** Of a text. No mail leaves with more than 500 kB of its author's own. */
export const TEXT_LIMITS: Limits = { unitsMax: 10_000_000, charsMax: 2_000_000 }

/** Of an address: a mail has up to five hundred, and each of them may stand in a loop. */
export const ADDRESS_LIMITS: Limits = { unitsMax: 200_000, charsMax: 100_000 }

/** Comparisons of characters that a search does in the time in which a filter makes one: 2 billion take a second. */
const COMPARISONS_A_UNIT = 256

/** Wall-clock, so generous: 50 ms failed on harmless templates on a loaded machine (compliance §4.4). */
export const RENDER_MS_MAX = 2_000

/** A text grew or ran beyond what any message needs. */
export class BeyondLimit extends Error {
  /** The part of the message, where it is known. */
  readonly field: string | null

  constructor(message: string, field: string | null = null) {
    super(message)
    this.field = field
  }
}

/** What filters may still make of one text: liquidjs's limiter, which can begin anew without a new one for each text. */
export class Allowance {
  readonly #unitsMax: number
  #units = 0

  constructor({ unitsMax }: Limits) {
    this.#unitsMax = unitsMax
  }
  begin(): void {
    this.#units = 0
  }
  use(count: number): void {
    if (!(count > 0)) return
    this.#units += count
    if (this.#units > this.#unitsMax) throw new BeyondLimit('the filters of this text make too much')
  }
  check(): void {
    // liquidjs asks its limiter of time so; this one counts.
  }
}

/**
 * What a search takes of the allowance: it looks at every place of a text, at worst as often as the pattern has
 * characters. Ten thousand in five million took eleven seconds.
 */
export const searchUnits = (text: string, pattern: string): number =>
  Math.floor((text.length * pattern.length) / COMPARISONS_A_UNIT)

/** Characters of a text so far. @throws BeyondLimit */
export function charsWithin(count: number, { charsMax }: Limits): number {
  if (count > charsMax) throw new BeyondLimit('this text is too long')
  return count
}

const TIME_IS_UP = 'template render limit exceeded'

/** What a text was refused for: the same whichever way it was written, liquidjs packs errors into its own. */
export function refusalOf(error: unknown, field: string | null): unknown {
  const cause = error instanceof Error && LiquidError.is(error) ? (error.originalError ?? error) : error
  if (cause instanceof BeyondLimit) return new BeyondLimit(cause.message, field)
  if (cause instanceof Error && cause.message === TIME_IS_UP)
    return new BeyondLimit('this text takes too long', field)
  return error
}

/** For whoever looks at a message, one that is too long is an answer. */
export function withinLimits<T>(write: () => T): T | BeyondLimit {
  try {
    return write()
  } catch (error) {
    if (error instanceof BeyondLimit) return error
    throw error
  }
}
