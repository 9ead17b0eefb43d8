/** The work that a submission asks for. */
import { z } from 'zod'
import { defineWork } from '../../platform/jobs/index.ts'

/** Mails the link by which a person confirms. */
export const confirmationWork = defineWork({
  kind: 'pages.send_confirmation',
  lane: 'transactional',
  payload: z.object({ submissionId: z.string() }),
  attemptsMax: 8,
})
