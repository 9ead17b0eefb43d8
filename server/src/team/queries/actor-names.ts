/** Names of those who did something, for screens that say who. */
import type { Ctx } from '../../platform/context.ts'

/**
 * Names of actors written as `kind:id`. People who have left keep their name; unknown ones are left out.
 * @param actors  e.g. `member:0190…`, `api_key:0190…`, `system:worker`
 */
export async function actorNames(ctx: Ctx, actors: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.db.named<{ actor: string; name: string }>(
    'team_actor_names',
    `
    select 'member:' || p.id as actor, p.name from person p where p.id = any($2::uuid[])
    union all
    select 'api_key:' || k.id, k.name from api_key k where k.org_id = $1 and k.id = any($3::uuid[])`,
    [ctx.orgId, idsOf('member', actors), idsOf('api_key', actors)],
  )
  return new Map(rows.map(({ actor, name }) => [actor, name]))
}

const idsOf = (kind: string, actors: readonly string[]): string[] => [
  ...new Set(
    actors.filter((actor) => actor.startsWith(`${kind}:`)).map((actor) => actor.slice(kind.length + 1)),
  ),
]
