/** Classes of buyers, best first, and the tint of each on the grid. */
import type { Tone } from '../ui/StatusBadge.tsx'

export const CLASSES = [
  'champions',
  'loyal',
  'potential_loyal',
  'new',
  'promising',
  'needs_attention',
  'about_to_sleep',
  'at_risk',
  'cannot_lose',
  'hibernating',
  'lost',
] as const

/** A class of buyers. */
export type RfmClass = (typeof CLASSES)[number]

/** Green buys, blue begins, amber slips away, red matters and is silent, grey is gone. */
export const classTones: Record<RfmClass, Tone> = {
  champions: 'green',
  loyal: 'green',
  potential_loyal: 'blue',
  new: 'blue',
  promising: 'blue',
  needs_attention: 'amber',
  about_to_sleep: 'amber',
  at_risk: 'amber',
  cannot_lose: 'red',
  hibernating: 'grey',
  lost: 'grey',
}
