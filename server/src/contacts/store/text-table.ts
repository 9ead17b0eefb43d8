/**
 * What is known by a text, as a Map, for the addresses of a batch. Why not a Map: it makes a property name of each text
 * that it is asked for, which where every text is another costs twice as much (1.6 µs a row of an import, this 0.8).
 */

const MULTIPLIER = 31

/** A table in which at most so many texts are put; nothing is taken out. */
export class TextTable<T> {
  /** Per place, one more than where its text stands among `#texts`; 0 for an empty place. At least every other is empty. */
  readonly #places: Int32Array
  readonly #hashes: Int32Array
  readonly #texts: string[] = []
  readonly #values: T[] = []

  constructor(textsMax: number) {
    this.#places = new Int32Array(2 ** Math.ceil(Math.log2(2 * Math.max(1, textsMax))))
    this.#hashes = new Int32Array(textsMax)
  }

  /** What stands under a text. */
  get(text: string): T | undefined {
    const at = this.#places[this.#placeOf(text, textHash(text))]
    return at === undefined || at === 0 ? undefined : this.#values[at - 1]
  }

  /** Puts a value under a text, in the place of the one there. */
  set(text: string, value: T): void {
    const hash = textHash(text)
    const place = this.#placeOf(text, hash)
    const at = this.#places[place]
    if (at !== undefined && at > 0) {
      this.#values[at - 1] = value
      return
    }
    this.#hashes[this.#texts.length] = hash
    this.#values.push(value)
    this.#places[place] = this.#texts.push(text)
  }

  /** The place of a text, or the empty one where it belongs. */
  #placeOf(text: string, hash: number): number {
    const mask = this.#places.length - 1
    let place = hash & mask
    for (;;) {
      const at = this.#places[place]
      if (at === undefined || at === 0) return place
      if (this.#hashes[at - 1] === hash && this.#texts[at - 1] === text) return place
      place = (place + 1) & mask
    }
  }
}

/** A whole number of 32 bits, the same for the same text. */
export function textHash(text: string): number {
  let hash = text.length
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, MULTIPLIER) + text.charCodeAt(i)) | 0
  // Places are told by the low bits: let the high ones count there too.
  return hash ^ (hash >>> 15)
}
