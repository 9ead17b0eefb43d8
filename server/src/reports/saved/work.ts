/** The work that saved reports ask for. */
import { z } from 'zod'
import { defineWork } from '../../platform/jobs/index.ts'

/** The mails of one planned instant. */
export const mailPlanned = defineWork({
  kind: 'reports.mail_planned',
  lane: 'background',
  payload: z.object({ reportId: z.string(), plannedAt: z.iso.datetime() }),
  attemptsMax: 8,
})
