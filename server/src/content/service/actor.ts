/** Who acts, as the room's rows name them. */
import type { Ctx } from '../../platform/context.ts'

/** `member:<id>`, `api_key:<id>`, `system:<id>`. */
export const actorName = (ctx: Ctx): string => `${ctx.actor.kind}:${ctx.actor.id}`
