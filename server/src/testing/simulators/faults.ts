/** What goes wrong, and how often: the same for the same seed, whatever the machine. */
import { z } from 'zod'
import { seededDice } from '../dice.ts'

/** Shares of calls, 0 to 1, that meet each fault; the first that is drawn is met. */
export interface FaultPlan {
  /** Every call waits between these. */
  latencyMs: readonly [least: number, most: number]
  /** 429 with Retry-After: nothing taken. */
  tooMany: number
  /** An error of the provider's own kind: nothing taken. */
  serverError: number
  /** No answer ever: nothing taken. */
  timeoutBefore: number
  /** Taken, noted, and no answer ever. */
  timeoutAfter: number
  /** The connection is cut before anything is taken. */
  dropBefore: number
  /** Taken, noted, and the connection is cut. */
  dropAfter: number
  /** Taken, noted, and answered with something that is no answer. */
  garbage: number
  /** The request is read at so many bytes per 10 ms; 0 reads at once. */
  readBytesPer10Ms: number
  /** Of the events that follow a message: told twice, told late, told in another order. */
  duplicateEvents: number
  lateEvents: number
  /** Of the events that follow a message: never told. */
  untoldEvents: number
  /** Of the messages: bounced rather than delivered. */
  bounces: number
  complaints: number
  /** Of the messages that were taken: missing when a caller asks about them, as after a moment too short for the provider. */
  unlisted: number
}

/** Nothing goes wrong. */
export const NO_FAULTS: FaultPlan = {
  latencyMs: [0, 0],
  tooMany: 0,
  serverError: 0,
  timeoutBefore: 0,
  timeoutAfter: 0,
  dropBefore: 0,
  dropAfter: 0,
  garbage: 0,
  readBytesPer10Ms: 0,
  duplicateEvents: 0,
  lateEvents: 0,
  untoldEvents: 0,
  bounces: 0,
  complaints: 0,
  unlisted: 0,
}

const share = z.number().min(0).max(1)
/** A plan as an operator writes it: what is left out does not happen. */
export const faultPlan = z
  .strictObject({
    latencyMs: z.tuple([z.number().min(0), z.number().min(0)]),
    tooMany: share,
    serverError: share,
    timeoutBefore: share,
    timeoutAfter: share,
    dropBefore: share,
    dropAfter: share,
    garbage: share,
    readBytesPer10Ms: z.number().min(0),
    duplicateEvents: share,
    lateEvents: share,
    untoldEvents: share,
    bounces: share,
    complaints: share,
    unlisted: share,
  })
  .partial()

const CALL_FAULTS = [
  'tooMany',
  'serverError',
  'timeoutBefore',
  'timeoutAfter',
  'dropBefore',
  'dropAfter',
  'garbage',
] as const
/** What may befall one call. */
export type CallFault = (typeof CALL_FAULTS)[number]

/** Draws from a plan. */
export interface Fate {
  call(): CallFault | null
  latencyMs(): number
  happens(share: number): boolean
  pick<T>(list: readonly T[]): T | undefined
}

/** The fate of a simulator: `plan` is read at each draw, so that it may change meanwhile. */
export function fateOf(plan: () => FaultPlan, seed: number): Fate {
  const dice = seededDice(seed)
  return {
    call: () => {
      const point = dice()
      let bound = 0
      for (const fault of CALL_FAULTS) {
        bound += plan()[fault]
        if (point < bound) return fault
      }
      return null
    },
    latencyMs: () => {
      const [least, most] = plan().latencyMs
      return most === 0 ? 0 : least + dice() * (most - least)
    },
    happens: (share) => share > 0 && dice() < share,
    pick: (list) => list[Math.floor(dice() * list.length)],
  }
}
