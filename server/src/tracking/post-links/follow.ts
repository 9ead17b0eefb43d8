/** Following a link of a post: counted without asking who it is, and led on to the stored address. */
import { inTransaction } from '../../platform/db/index.ts'
import type { OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { groupCommit } from '../group-commit.ts'
import { machineReasons } from '../hits/machine.ts'
import { POST_CODE_CHARS } from './manage.ts'
import { addPostLinkHours, findPostLink, type PostLinkHour, type PostLinkId } from './queries.ts'

const HOUR_MS = 3_600_000
/** Addresses never change, so each process remembers the latest ones. */
const LINKS_MAX = 10_000

interface Followed {
  linkId: PostLinkId
  isMachine: boolean
  at: Date
}
interface Target {
  orgId: OrgId
  id: PostLinkId
  url: string
}
const caches = new WeakMap<Platform, Map<string, Target>>()

/** The link of a code; null for every code that is none. */
export async function readPostCode(platform: Platform, code: string): Promise<Target | null> {
  if (code.length !== POST_CODE_CHARS) return null
  const known = caches.get(platform) ?? new Map<string, Target>()
  caches.set(platform, known)
  const link = known.get(code) ?? (await findPostLink(platform, code))
  if (link === null) return null
  known.set(code, link)
  if (known.size > LINKS_MAX) known.delete(known.keys().next().value ?? '')
  return link
}

/** Counts one following; resolves when it is durable. Programs are counted apart. Source: FR-006.2 */
export const countFollowing = (
  platform: Platform,
  link: Target,
  hit: { method: string; userAgent: string; purpose: string; at: Date },
): Promise<void> =>
  count(platform, link.orgId, {
    linkId: link.id,
    // Nothing was handed over: how soon somebody comes says nothing.
    isMachine: machineReasons({ ...hit, handedOverAt: new Date(0) }).length > 0,
    at: hit.at,
  })

const count = groupCommit<Followed>((ctx, followed) =>
  inTransaction(ctx, async (ctx) => {
    const hours = new Map<string, PostLinkHour>()
    for (const { linkId, isMachine, at } of followed) {
      const hour = new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS)
      const key = `${linkId} ${hour.getTime()}`
      const row = hours.get(key) ?? { linkId, hour, clicks: 0, machineClicks: 0 }
      hours.set(key, {
        ...row,
        clicks: row.clicks + Number(!isMachine),
        machineClicks: row.machineClicks + Number(isMachine),
      })
    }
    await addPostLinkHours(ctx, [...hours.values()])
    return followed.map(() => undefined)
  }),
)
