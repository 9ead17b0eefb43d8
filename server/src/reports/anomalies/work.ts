/** The work that anomalies ask for. */
import { z } from 'zod'
import { defineWork } from '../../platform/jobs/index.ts'

/** The mail to those who asked to be told. */
export const tellUnusual = defineWork({
  kind: 'reports.tell_unusual',
  lane: 'transactional',
  payload: z.object({ anomalyIds: z.array(z.string()) }),
  attemptsMax: 8,
})
