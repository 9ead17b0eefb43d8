/** What something unusual most likely comes from: the part of a run without which the rest would be as usual. Pure. */
import type { CauseKind } from '../schema.ts'
import type { Count } from './predict.ts'
import type { Unusual } from './rules.ts'

/** A part of a run, or what else was seen of it. `part` of `whole` is what was counted there. */
export interface Part extends Count {
  kind: CauseKind
  label: string
}

/** A part that explains less of the difference is not its cause. */
const EXPLAINED_MIN = 0.6
/** A part that is nearly everything explains nothing. */
const PART_MAX = 0.9

/** What is known of a run beside its rates. */
export interface Evidence {
  /** Parts with what was counted in each, such as the hours of it. */
  parts: readonly Part[]
  /** Reasons, providers, links: `part` of them had it, of `whole` that were counted. */
  marks: readonly Part[]
  wasPaused: boolean
  isNewContent: boolean
}

/** The most telling cause; `spread` where nothing stands out. */
export function likelyCause(unusual: Unusual, evidence: Evidence): Part {
  const byPart = evidence.parts
    .map((part) => ({ part, explained: explainedBy(unusual, part) }))
    .filter(({ explained }) => explained >= EXPLAINED_MIN)
    .toSorted((a, b) => b.explained - a.explained || a.part.whole - b.part.whole)
  if (byPart[0]) return byPart[0].part
  const mark = evidence.marks.find(({ part, whole }) => whole > 0 && part / whole >= EXPLAINED_MIN)
  if (mark) return mark
  const { part, whole } = unusual.observed
  if (evidence.wasPaused) return { kind: 'paused', label: '', part, whole }
  return { kind: evidence.isNewContent ? 'content' : 'spread', label: '', part, whole }
}

/** The share of the difference to the usual that lies in a part; 0 where the rest would still be unusual. */
function explainedBy({ observed, median, low, high, direction }: Unusual, { part, whole }: Part): number {
  const rest = { part: observed.part - part, whole: observed.whole - whole }
  if (whole <= 0 || whole > observed.whole * PART_MAX || rest.whole <= 0) return 0
  const restRate = rest.part / rest.whole
  if (direction === 'high' ? restRate > high : restRate < low) return 0
  return (part - median * whole) / (observed.part - median * observed.whole)
}
