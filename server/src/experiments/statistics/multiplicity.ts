/** p-values adjusted for being several: capped at 1, in the order of the input, never falling with a rising p. */

/** Holm's step-down: keeps the chance of any false claim, whatever ties the tests. Source: Holm 1979 */
export function holm(p: readonly number[]): number[] {
  let highest = 0
  return inOrder(p, ascending(p), (value, rank) => {
    highest = Math.max(highest, Math.min(1, (p.length - rank) * value))
    return highest
  })
}

/** Bonferroni's correction. Source: Dunn 1961 */
export function bonferroni(p: readonly number[]): number[] {
  return p.map((value) => Math.min(1, p.length * value))
}

/** Keeps the share of false claims among all claims, for independent tests. Source: Benjamini & Hochberg 1995 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  return stepUp(p, 1)
}

/** Keeps the share of false claims among all claims under any dependence. Source: Benjamini & Yekutieli 2001 */
export function benjaminiYekutieli(p: readonly number[]): number[] {
  const penalty = p.reduce((sum, _value, index) => sum + 1 / (index + 1), 0)
  return stepUp(p, penalty)
}

function stepUp(p: readonly number[], penalty: number): number[] {
  let lowest = 1
  return inOrder(p, ascending(p).toReversed(), (value, place) => {
    lowest = Math.min(lowest, ((penalty * p.length) / (p.length - place)) * value)
    return lowest
  })
}

/** Indexes from the smallest p to the largest. */
function ascending(p: readonly number[]): number[] {
  return [...p.keys()].sort((a, b) => (p[a] ?? 0) - (p[b] ?? 0))
}

/** Adjusts in the given order and gives the results in the input's. */
function inOrder(
  p: readonly number[],
  order: readonly number[],
  adjust: (value: number, rank: number) => number,
): number[] {
  const adjusted = p.map(() => 1)
  for (const [rank, index] of order.entries()) adjusted[index] = adjust(p[index] ?? 1, rank)
  return adjusted
}
