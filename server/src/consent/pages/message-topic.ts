/** The port through which a page learns what a message was about: runs stand several floors above. */
import type { Ctx } from '../../platform/context.ts'
import type { RunId } from '../../platform/ids.ts'

/** The key of a run's topic; null: about anything. */
export type RunTopic = (ctx: Ctx, runId: RunId) => Promise<string | null>

let registered: RunTopic | null = null

/** Called once by the room delivery when its door is loaded. */
export function registerRunTopic(topic: RunTopic): void {
  registered = topic
}

/** What a run was about, as far as it is known. */
export const topicOfRun: RunTopic = (ctx, runId) =>
  registered === null ? Promise.resolve(null) : registered(ctx, runId)
