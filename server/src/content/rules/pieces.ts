/**
 * A text in the pieces that it is written of: what its template says, and what is one reader's own. Vendors that take
 * one text for many readers want the two apart, and rendering knows them; comparing whole mails afterwards cost
 * 150 µs a mail.
 */

/** Stands in `order` for the next of `own`. */
export const OWN = -1

/** A text in pieces. */
export interface Pieces {
  /** What the template says, by number: the same list for all texts of a template. */
  readonly fixed: readonly string[]
  /** The pieces as they follow each other: a number of `fixed`, or OWN. */
  readonly order: readonly number[]
  /** What is this reader's own, in order. */
  readonly own: readonly string[]
}

/** The text itself. */
export function joined({ fixed, order, own }: Pieces): string {
  let text = ''
  let next = 0
  for (const place of order) text += (place === OWN ? own[next++] : fixed[place]) ?? ''
  return text
}

/** Where a text is cut of which nobody knows the template: around tags, quotes and white space; the cuts are pieces, too. */
const CUTS = /([<>"'\s]+)/

/** A text of which nobody knows the template. */
export function cutText(text: string): Pieces {
  const own = text.split(CUTS)
  return { fixed: [], order: own.map(() => OWN), own }
}

/**
 * Collects the pieces of texts of one template, one text after the other. Most texts take the way of the one before: they
 * share its order, which is most of what they would hold, and are written over a copy of its own pieces, since a list that
 * grows leaves others behind.
 */
export class PieceWriter {
  readonly #fixed: readonly string[]
  #order: number[] = []
  #orderCount = 0
  #orderBefore: readonly number[] = []
  #own: string[] = []
  #ownCount = 0

  constructor(fixed: readonly string[]) {
    this.#fixed = fixed
  }
  begin(): void {
    this.#orderCount = 0
    this.#own = [...this.#own]
    this.#ownCount = 0
  }
  writeFixed(place: number): void {
    this.#order[this.#orderCount++] = place
  }
  writeOwn(text: string): void {
    this.#order[this.#orderCount++] = OWN
    this.#own[this.#ownCount++] = text
  }
  end(): Pieces {
    if (this.#order.length !== this.#orderCount) this.#order.length = this.#orderCount
    if (this.#own.length !== this.#ownCount) this.#own.length = this.#ownCount
    if (!isSameOrder(this.#order, this.#orderBefore)) this.#orderBefore = [...this.#order]
    return { fixed: this.#fixed, order: this.#orderBefore, own: this.#own }
  }
}

/** Did two texts go the same way through their template? */
export function isSameOrder(one: readonly number[], other: readonly number[]): boolean {
  return one === other || (one.length === other.length && one.every((piece, at) => piece === other[at]))
}
