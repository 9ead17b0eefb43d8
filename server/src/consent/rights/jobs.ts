/** Carrying requests out, off the path of those who ask. */
import { Readable } from 'node:stream'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { findMentions } from '../../platform/forget.ts'
import { defineJob, defineSchedule } from '../../platform/jobs/index.ts'
import { identitiesOf } from '../../tracking/index.ts'
import { selectPageFacts } from '../pages/queries.ts'
import { archiveOf } from './archive.ts'
import { archiveExpiry, archiveFileOf, removeExpiredArchives } from './archives.ts'
import { erasePerson } from './erase-person.ts'
import { markArchived, markErased, selectRequest, storeMentions, type PrivacyRequestId } from './queries.ts'
import { eraseWork, makeArchiveWork } from './work.ts'

/** Writes everything that is held about a person into one archive. Run again, it writes it again. */
export const makeArchive = defineJob({
  ...makeArchiveWork,
  handle: async (ctx, { requestId }) => {
    const id = requestId as PrivacyRequestId // written by the verb that asked
    const request = await selectRequest(ctx, id)
    if (request?.state !== 'running') return
    const { organization } = await selectPageFacts(ctx, request.contactId)
    const identities = await identitiesOf(ctx, request.contactId)
    const archive = Readable.from(archiveOf(ctx, identities, { organization: organization ?? '' }))
    const bytes = await ctx.platform.storage.write(ctx.orgId, archiveFileOf(id), archive)
    await inTransaction(ctx, async (ctx) => {
      await markArchived(ctx, id, { bytes, expiresAt: archiveExpiry(ctx.now()) })
      audit(ctx, 'privacy_request.archive_made', { kind: 'privacy_request', id }, { bytes })
    })
  },
})

/** Erases the person, then looks for what members have written about them in their own words. */
export const eraseJob = defineJob({
  ...eraseWork,
  handle: async (ctx, { requestId }) => {
    const id = requestId as PrivacyRequestId // written by the verb that asked
    const texts = await erase(ctx, id)
    if (texts === null) return
    await storeMentions(ctx, id, await findMentions(ctx, texts))
  },
})

function erase(ctx: Ctx, id: PrivacyRequestId): Promise<readonly string[] | null> {
  return inTransaction(ctx, async (ctx) => {
    const request = await selectRequest(ctx, id)
    if (request?.state !== 'running') return null
    const erased = await erasePerson(ctx, request.contactId)
    await markErased(ctx, id)
    audit(ctx, 'privacy_request.erased', { kind: 'privacy_request', id })
    return erased?.texts ?? []
  })
}

/** Archives go when their link has run out. */
export const forgetExpiredArchives = defineSchedule({
  name: 'consent.forget_archives',
  everyMs: 3_600_000,
  perOrganization: true,
  handle: removeExpiredArchives,
})
