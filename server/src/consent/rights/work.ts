/** The work that requests ask for. */
import { z } from 'zod'
import { defineWork } from '../../platform/jobs/index.ts'

const payload = z.object({ requestId: z.string() })

/** Makes the archive of an access request. */
export const makeArchiveWork = defineWork({
  kind: 'consent.make_archive',
  lane: 'background',
  payload,
  attemptsMax: 5,
})

/** Erases a person. A person waits for it: before everything that is sent in bulk. */
export const eraseWork = defineWork({
  kind: 'consent.erase_person',
  lane: 'transactional',
  payload,
  attemptsMax: 10,
})
