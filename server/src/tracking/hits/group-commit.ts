/**
 * Group commit: what arrives within a few milliseconds is written in one transaction, and each caller is answered
 * when it has committed. Five times less CPU than a commit each; 37,000 a second with Fastify (engine probe §4d).
 */
import type { Ctx } from '../../platform/context.ts'
import { after } from '../../platform/clock.ts'
import type { OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'

/** How long the first of a batch waits for others. */
const WINDOW_MS = 3
const BATCH_MAX = 2_000

interface Waiting<T> {
  item: T
  done: () => void
  failed: (error: unknown) => void
}

/** Items of one organization that wait. One batch is under way at a time: each sees what the one before it wrote. */
interface Queue<T> {
  waiting: Waiting<T>[]
  isUnderWay: boolean
  isTimed: boolean
}

/**
 * Makes a verb that commits in groups.
 * @param commit  writes a batch in one transaction; called with the worker's ctx of the organization
 */
export function groupCommit<T>(
  commit: (ctx: Ctx, items: readonly T[]) => Promise<void>,
): (platform: Platform, orgId: OrgId, item: T) => Promise<void> {
  const queues = new WeakMap<Platform, Map<OrgId, Queue<T>>>()

  const queueOf = (platform: Platform, orgId: OrgId): Queue<T> => {
    const ofPlatform = queues.get(platform) ?? new Map<OrgId, Queue<T>>()
    queues.set(platform, ofPlatform)
    const queue = ofPlatform.get(orgId) ?? { waiting: [], isUnderWay: false, isTimed: false }
    ofPlatform.set(orgId, queue)
    return queue
  }
  const flush = (platform: Platform, orgId: OrgId, queue: Queue<T>): void => {
    if (queue.waiting.length === 0 || queue.isUnderWay) return
    queue.isUnderWay = true
    void commitBatch(platform, orgId, queue.waiting.splice(0, BATCH_MAX)).then(() => {
      queue.isUnderWay = false
      flush(platform, orgId, queue)
      if (!queue.isUnderWay && queue.waiting.length === 0 && !queue.isTimed)
        queues.get(platform)?.delete(orgId)
    })
  }
  /** Settles everybody who waits for the batch; never fails itself. */
  const commitBatch = async (
    platform: Platform,
    orgId: OrgId,
    batch: readonly Waiting<T>[],
  ): Promise<void> => {
    try {
      await commit(
        platform.systemCtx(orgId),
        batch.map(({ item }) => item),
      )
      for (const { done } of batch) done()
    } catch (error) {
      for (const { failed } of batch) failed(error)
    }
  }
  return (platform, orgId, item) =>
    new Promise<void>((done, failed) => {
      const queue = queueOf(platform, orgId)
      queue.waiting.push({ item, done, failed })
      if (queue.waiting.length >= BATCH_MAX) return flush(platform, orgId, queue)
      if (queue.isTimed) return
      queue.isTimed = true
      after(WINDOW_MS, () => {
        queue.isTimed = false
        flush(platform, orgId, queue)
      })
    })
}
