/** What one look says of two arms, whichever metric they are compared by. */
import { anytimeP, kappa, oneSidedLogE, twoSidedLogE } from './evalue.ts'

/** The evidence of one look; 0 everywhere before there is any information. */
export interface PairEvidence {
  /** Above 0 when the variant is ahead. */
  z: number
  /** ν, the information by the plan's measure. */
  clock: number
  logEVariantBetter: number
  logEControlBetter: number
  logETwoSided: number
  /** Of this look alone; the test keeps the smallest of all looks. */
  pAnytime: number
}

/**
 * @param information  what has come in
 * @param planned      what the plan expected, by the same measure
 */
export function evidenceOf(z: number, information: number, planned: number, alpha: number): PairEvidence {
  const clock = (kappa(alpha) * information) / planned
  if (!(clock > 0))
    return { z: 0, clock: 0, logEVariantBetter: 0, logEControlBetter: 0, logETwoSided: 0, pAnytime: 1 }
  const logETwoSided = twoSidedLogE(z, clock)
  return {
    z,
    clock,
    logEVariantBetter: oneSidedLogE(z, clock),
    logEControlBetter: oneSidedLogE(-z, clock),
    logETwoSided,
    pAnytime: anytimeP(logETwoSided),
  }
}
