/** The work that this room asks for, apart from its handlers: verbs ask for it, and handlers call verbs. */
import { z } from 'zod'
import { defineWork } from '../platform/jobs/index.ts'

const segmentId = z.string()

/** Counts the organization's segments again, those counted longest ago first. */
export const refreshSizes = defineWork({
  kind: 'segments.refresh_sizes',
  lane: 'background',
  payload: z.object({ countedBefore: z.iso.datetime() }),
  attemptsMax: 3,
})

/** Writes down the day's figures of the organization's segments. */
export const takeSnapshots = defineWork({
  kind: 'segments.take_snapshots',
  lane: 'background',
  payload: z.object({}),
  attemptsMax: 5,
})

/** Looks at the people whose time has come. */
export const wakePeople = defineWork({
  kind: 'segments.wake',
  lane: 'trigger',
  payload: z.object({}),
  attemptsMax: 20,
})

/** Walks over all contacts for one segment: fills its membership, or checks it. */
export const walkSegment = defineWork({
  kind: 'segments.walk',
  lane: 'background',
  payload: z.object({ segmentId }),
  attemptsMax: 20,
})

/** Forgets the membership of a segment that is no longer followed. */
export const forgetSegment = defineWork({
  kind: 'segments.forget',
  lane: 'background',
  payload: z.object({ segmentId }),
  attemptsMax: 20,
})
