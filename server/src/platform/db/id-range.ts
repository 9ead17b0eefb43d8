/** Ranges of ids: rows whose ids lie close together are read in one scan. */

/** From the lowest to the highest of some ids. */
export interface IdRange {
  from: number
  through: number
}

/** @param ids  whole numbers as the database writes them; at least one */
export function rangeOf(ids: Iterable<string>): IdRange {
  const range = { from: Infinity, through: 0 }
  for (const id of ids) {
    range.from = Math.min(range.from, Number(id))
    range.through = Math.max(range.through, Number(id))
  }
  return range
}

/** How much of a range so many ids fill, from 0 to 1. */
export const shareOf = ({ from, through }: IdRange, count: number): number => count / (through - from + 1)
