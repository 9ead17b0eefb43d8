/** Open screens of people whose access has just ended. */
import type { Ctx } from '../../platform/context.ts'
import { afterCommit } from '../../platform/db/index.ts'
import { ACCESS_TOPIC } from '../../platform/http/index.ts'
import type { OrgId } from '../../platform/ids.ts'
import type { EndedSession } from '../queries/sessions.ts'

/** Once the transaction has committed, live streams of these organizations ask again whether they may go on. */
export function recheckStreams(ctx: Ctx, orgIds: readonly OrgId[]): void {
  afterCommit(ctx, () => {
    for (const orgId of new Set(orgIds)) ctx.platform.hub.publish(orgId, ACCESS_TOPIC, null)
  })
}

/** The same for every organization in which these sessions worked. */
export function closeStreamsOf(ctx: Ctx, ended: readonly EndedSession[]): void {
  recheckStreams(
    ctx,
    ended.map((session) => session.activeOrganizationId).filter((orgId) => orgId !== null),
  )
}
