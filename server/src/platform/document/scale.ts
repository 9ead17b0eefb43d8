/** Steps of an axis that people count in. Pure. */

const STEPS = [1, 2, 2.5, 5, 10] as const

/** From zero to just above the greatest value, in about `count` steps of 1, 2, 2.5 or 5 times a power of ten. */
export function ticksUpTo(greatest: number, count: number): number[] {
  if (!(greatest > 0)) return [0, 1]
  const rough = greatest / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = (STEPS.find((one) => one * power >= rough * (1 - 1e-9)) ?? 10) * power
  return Array.from({ length: Math.ceil(greatest / step - 1e-9) + 1 }, (_none, at) => at * step)
}

/** Which of so many labels fit: the first, and then each that many on. */
export function everyNth(labels: number, fitting: number): number {
  return Math.max(1, Math.ceil(labels / Math.max(1, fitting)))
}
