/** a·b − c·d of whole numbers, exact before the last rounding. */

/**
 * a·b − c·d. Rates of nearly equal arms differ by less than a double keeps of either product, so counts whose products
 * pass 2⁵³ are multiplied as big integers.
 *
 * @param a  whole numbers, all four
 */
export function crossDifference(a: number, b: number, c: number, d: number): number {
  const [left, right] = [a * b, c * d]
  if (Math.max(Math.abs(left), Math.abs(right)) <= Number.MAX_SAFE_INTEGER) return left - right
  return Number(BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d))
}
