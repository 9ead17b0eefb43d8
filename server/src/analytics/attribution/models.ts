/** Rules that credit one conversion to the touches before it, with sums exact to the minor unit. */

/** What a contact met before converting. */
export interface Touch {
  /** Milliseconds since 1970. */
  at: number
}

/** The conversion that is credited. */
export interface Credited {
  /** Milliseconds since 1970. */
  at: number
  /** Its value in minor units, at least 0. */
  amountMinor: number
}

/** How far back touches count, and the shape of two of the models. */
export interface CreditRules {
  /** 1–30; both ends of the window count. */
  windowDays: number
  /** After this long a touch weighs half, in the time-decay model. */
  halfLifeDays: number
  /** Shares of the first and the last touch in the position model. */
  position: readonly [first: number, last: number]
}

/** The models, kept side by side. */
export const ATTRIBUTION_MODELS = ['first', 'last', 'linear', 'position', 'timeDecay'] as const
export type AttributionModel = (typeof ATTRIBUTION_MODELS)[number]

/** What an organization starts from. Source: statistics §11 */
export const CREDIT_RULES: CreditRules = { windowDays: 7, halfLifeDays: 7, position: [0.4, 0.4] }

/** One model's credit, touch by touch in the order of `Credit.order`. */
export interface ModelCredit {
  /** Sums to 1. */
  weights: number[]
  /** Minor units; sums exactly to the conversion's value. */
  amountsMinor: number[]
}

/** The credit of one conversion. */
export interface Credit {
  /** Indexes of the touches that count, by time; ties in the order given. */
  order: number[]
  /** Null when no touch counts: the conversion is unattributed, never dropped. */
  models: Record<AttributionModel, ModelCredit> | null
}

const DAY_MS = 86_400_000
/** Shares this near a whole minor unit are that unit; remainders this near are equal. */
const GRAIN = 1e-9

/**
 * Credits a conversion by every model.
 *
 * @param touches  in the order of their arrival
 * Source: statistics §11
 */
export function creditConversion(
  touches: readonly Touch[],
  conversion: Credited,
  rules: CreditRules,
): Credit {
  const since = conversion.at - rules.windowDays * DAY_MS
  const order = [...touches.keys()]
    .filter((index) => {
      const at = touches[index]?.at ?? NaN
      return at >= since && at <= conversion.at
    })
    .sort((a, b) => (touches[a]?.at ?? 0) - (touches[b]?.at ?? 0) || a - b)
  if (order.length === 0) return { order, models: null }
  const ages = order.map((index) => conversion.at - (touches[index]?.at ?? 0))
  const credited = (weights: number[]): ModelCredit => ({
    weights,
    amountsMinor: shareOut(conversion.amountMinor, weights),
  })
  return {
    order,
    models: {
      first: credited(ages.map((_age, place) => (place === 0 ? 1 : 0))),
      last: credited(ages.map((_age, place) => (place === ages.length - 1 ? 1 : 0))),
      linear: credited(ages.map(() => 1 / ages.length)),
      position: credited(positionWeights(ages.length, rules.position)),
      timeDecay: credited(decayWeights(ages, rules.halfLifeDays * DAY_MS)),
    },
  }
}

/** The ends take their shares, the middle the rest in equal parts; two touches share in the ratio of the ends. */
function positionWeights(count: number, [first, last]: readonly [number, number]): number[] {
  if (count === 1) return [1]
  if (count === 2) {
    const ends = first + last
    return ends > 0 ? [first / ends, last / ends] : [0.5, 0.5]
  }
  const middle = (1 - first - last) / (count - 2)
  return Array.from({ length: count }, (_none, place) =>
    place === 0 ? first : place === count - 1 ? last : middle,
  )
}

/** 2^(−age / half-life), measured from the youngest touch: the plain weights may all be too small for a double. */
function decayWeights(ages: readonly number[], halfLifeMs: number): number[] {
  const youngest = Math.min(...ages)
  const raw = ages.map((age) => 2 ** ((youngest - age) / halfLifeMs))
  const total = raw.reduce((sum, weight) => sum + weight, 0)
  return raw.map((weight) => weight / total)
}

/**
 * Splits an amount by weights into whole minor units that sum to it: floors first, the rest by largest remainder.
 *
 * @param amountMinor  at least 0
 * @param weights      sum to 1
 */
export function shareOut(amountMinor: number, weights: readonly number[]): number[] {
  const shares = weights.map((weight) => amountMinor * weight)
  const amounts = shares.map((share) => Math.floor(share + GRAIN))
  const missing = amountMinor - amounts.reduce((sum, amount) => sum + amount, 0)
  const remainders = shares.map((share, place) => Math.round((share - (amounts[place] ?? 0)) / GRAIN))
  const byRemainder = [...shares.keys()].sort((a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || a - b)
  for (const place of byRemainder.slice(0, Math.max(0, missing))) amounts[place] = (amounts[place] ?? 0) + 1
  return amounts
}
