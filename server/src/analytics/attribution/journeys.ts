/**
 * Data-driven credit over many journeys: what a channel's removal would cost (Markov), and equal parts among the
 * channels of each journey (Shapley). Both describe; only a holdout shows what a channel causes.
 */

/** Journeys that met the same channels in the same order. */
export interface JourneyGroup {
  /** Channels in the order they were met; not empty. */
  channels: readonly string[]
  /** Conversions at the end of such journeys. */
  conversions: number
  /** Their value, in whatever unit. */
  value: number
  /** Journeys that ended without one. */
  lost: number
}

/** The credit of each channel, by its name. */
export interface ChannelCredit {
  conversions: Map<string, number>
  value: Map<string, number>
}

/** What the chain of order 1 says. */
export interface MarkovCredit {
  /** That a journey ends in a conversion. */
  conversionProbability: number
  /** By how much that would fall, as a share, if the channel led nowhere. */
  removalEffect: Map<string, number>
  conversions: Map<string, number>
}

/**
 * Credits conversions in proportion to the channels' removal effects.
 *
 * Immediate repeats of a channel count once. Without lost journeys every effect is 1 and the credit says nothing.
 *
 * Source: Anderl et al., IJRM 2016; solved exactly, not by simulation
 */
export function markovCredit(groups: readonly JourneyGroup[]): MarkovCredit {
  const channels = [...new Set(groups.flatMap((group) => group.channels))]
  const chain = chainOf(groups, channels)
  const conversionProbability = conversionFrom(chain, null)
  const total = groups.reduce((sum, group) => sum + group.conversions, 0)
  const removalEffect = new Map(
    channels.map((channel, index) => [
      channel,
      conversionProbability > 0 ? 1 - conversionFrom(chain, index + 1) / conversionProbability : 0,
    ]),
  )
  const effects = [...removalEffect.values()].reduce((sum, effect) => sum + effect, 0)
  return {
    conversionProbability,
    removalEffect,
    conversions: new Map(
      [...removalEffect].map(([channel, effect]) => [channel, effects > 0 ? (total * effect) / effects : 0]),
    ),
  }
}

/**
 * Credits each journey's conversions to its distinct channels in equal parts: the Shapley value of the game in which
 * a set of channels is worth the conversions of the journeys that it covers.
 *
 * Source: Zhao, Mahboobi, Bagheri 2018
 */
export function shapleyCredit(groups: readonly JourneyGroup[]): ChannelCredit {
  return creditEach(groups, (channels) => {
    const distinct = [...new Set(channels)]
    return distinct.map((channel) => [channel, 1 / distinct.length])
  })
}

/** Credits the first channel of each journey. */
export function firstTouchCredit(groups: readonly JourneyGroup[]): ChannelCredit {
  return creditEach(groups, (channels) => channels.slice(0, 1).map((channel) => [channel, 1]))
}

/** Credits the last channel of each journey. */
export function lastTouchCredit(groups: readonly JourneyGroup[]): ChannelCredit {
  return creditEach(groups, (channels) => channels.slice(-1).map((channel) => [channel, 1]))
}

/** Credits every touch of each journey alike, repeats included. */
export function linearCredit(groups: readonly JourneyGroup[]): ChannelCredit {
  return creditEach(groups, (channels) => channels.map((channel) => [channel, 1 / channels.length]))
}

function creditEach(
  groups: readonly JourneyGroup[],
  share: (channels: readonly string[]) => (readonly [channel: string, share: number])[],
): ChannelCredit {
  const credit: ChannelCredit = { conversions: new Map(), value: new Map() }
  for (const group of groups) {
    for (const [channel, part] of share(group.channels)) {
      credit.conversions.set(channel, (credit.conversions.get(channel) ?? 0) + part * group.conversions)
      credit.value.set(channel, (credit.value.get(channel) ?? 0) + part * group.value)
    }
  }
  return credit
}

/** Transition probabilities: row 0 is the start, row i channel i − 1; column 0 stands for a conversion. */
type Chain = readonly (readonly number[])[]

function chainOf(groups: readonly JourneyGroup[], channels: readonly string[]): Chain {
  const place = new Map(channels.map((channel, index) => [channel, index + 1]))
  const size = channels.length + 1
  const counts = Array.from({ length: size }, () => new Float64Array(size))
  const leaving = new Float64Array(size)
  const add = (from: number, to: number | null, count: number): void => {
    leaving[from] = (leaving[from] ?? 0) + count
    const row = counts[from]
    if (to !== null && row) row[to] = (row[to] ?? 0) + count
  }
  for (const { channels: met, conversions, lost } of groups) {
    let from = 0
    for (const channel of met) {
      const to = place.get(channel) ?? 0
      if (to !== from) add(from, to, conversions + lost)
      from = to
    }
    add(from, 0, conversions)
    add(from, null, lost)
  }
  return counts.map((row, from) => {
    const total = leaving[from] ?? 0
    return [...row].map((count) => (total > 0 ? count / total : 0))
  })
}

/**
 * The chance to convert from the start: h = Q h + r, solved by elimination.
 *
 * @param removed  the channel whose visitors are lost; null keeps all
 */
function conversionFrom(chain: Chain, removed: number | null): number {
  const size = chain.length
  // Row i of (I − Q | r), where Q leaves out the removed channel and the column of conversions.
  const system = chain.map((row, i) => [
    ...row.map((share, j) => (i === j ? 1 : 0) - (j === 0 || j === removed ? 0 : share)),
    i === removed ? 0 : (row[0] ?? 0),
  ])
  for (let pivot = 0; pivot < size; pivot += 1) {
    const best = system.reduce(
      (found, row, i) =>
        i >= pivot && Math.abs(row[pivot] ?? 0) > Math.abs(system[found]?.[pivot] ?? 0) ? i : found,
      pivot,
    )
    const [chosen, displaced] = [system[best] ?? [], system[pivot] ?? []]
    system[pivot] = chosen
    system[best] = displaced
    for (const [i, row] of system.entries()) {
      const factor = i === pivot ? 0 : (row[pivot] ?? 0) / (chosen[pivot] ?? 1)
      if (factor === 0) continue
      for (let j = pivot; j <= size; j += 1) row[j] = (row[j] ?? 0) - factor * (chosen[j] ?? 0)
    }
  }
  return (system[0]?.[size] ?? 0) / (system[0]?.[0] ?? 1)
}
