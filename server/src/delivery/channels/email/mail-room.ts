/** Memory that mails are written into, one after the other: an allocation for each would cost more than its writing. */

/** Enough for most mails; what is not written to takes no memory. */
const ROOM_BYTES = 131_072
const CLEARED_BYTES_MAX = 1_048_576
const NO_BYTES = Buffer.alloc(0)

/** Where a mail is written. */
export interface WritingPlace {
  /** @returns where the next `bytesMax` bytes may be written, and from which place on */
  begin(bytesMax: number): { bytes: Buffer; start: number }
  /** What is written ends here. */
  end(at: number): void
}

/** A stretch of memory that is replaced by another where it does not suffice: what was written stays where it is. */
export class MailRoom implements WritingPlace {
  #bytes: Buffer = NO_BYTES
  #used = 0

  begin(bytesMax: number): { bytes: Buffer; start: number } {
    if (this.#bytes.length - this.#used < bytesMax) {
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(ROOM_BYTES, bytesMax))
      this.#used = 0
    }
    return { bytes: this.#bytes, start: this.#used }
  }
  end(at: number): void {
    this.#used = at
  }
  /** Adds text to what was written last. @returns both, side by side */
  append(last: Buffer, text: string): Buffer {
    const end = last.byteOffset + last.length
    if (
      last.buffer !== this.#bytes.buffer ||
      this.#bytes.length - end < text.length * UTF8_BYTES_PER_UNIT_MAX
    )
      return Buffer.concat([last, Buffer.from(text)])
    this.#used = end + this.#bytes.write(text, end)
    return this.#bytes.subarray(last.byteOffset, this.#used)
  }
  /** Nobody reads what was written any more. What was made for an uncommonly large mail is given back. */
  clear(): void {
    this.#used = 0
    if (this.#bytes.length > CLEARED_BYTES_MAX) this.#bytes = NO_BYTES
  }
}
/** A UTF-16 unit is at most three bytes of UTF-8. */
export const UTF8_BYTES_PER_UNIT_MAX = 3

/**
 * The mails of one sub-batch, side by side. Written as soon as they are rendered, they leave nothing behind that a
 * collection of garbage must copy; and their memory serves the next sub-batch once all of them are done.
 */
export class MailShelf implements WritingPlace {
  readonly #slabs: Buffer[] = []
  #bytes: Buffer = NO_BYTES
  #used = 0
  #open = 0

  begin(bytesMax: number): { bytes: Buffer; start: number } {
    if (this.#bytes.length - this.#used < bytesMax) {
      this.#bytes =
        (bytesMax <= SLAB_BYTES && spareSlabs.pop()) || Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytesMax))
      this.#used = 0
      this.#slabs.push(this.#bytes)
    }
    return { bytes: this.#bytes, start: this.#used }
  }
  end(at: number): void {
    this.#used = at
    this.#open += 1
  }
  /** Called once for each mail, when nobody will read it any more. One that is forgotten only costs its memory's second use. */
  done(): void {
    this.#open -= 1
    if (this.#open > 0) return
    for (const slab of this.#slabs.splice(0))
      if (slab.length === SLAB_BYTES && spareSlabs.length < SPARE_SLABS_MAX) spareSlabs.push(slab)
    this.#bytes = NO_BYTES
  }
}
const SLAB_BYTES = 1_048_576
/** What sub-batches of three chunks take. */
const SPARE_SLABS_MAX = 12
const spareSlabs: Buffer[] = []
