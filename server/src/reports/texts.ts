/** What campaigns say, as features. Texts are long and stay as they are: each is read once. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId } from '../platform/ids.ts'
import { keepLatest } from '../platform/kept.ts'
import type { Platform } from '../platform/platform.ts'
import { featuresOfText, type Features } from './features.ts'
import { selectTexts, type LaunchedPlan } from './queries.ts'

/** So much of a mail is looked at for what it offers. */
const BODY_CHARS_MAX = 10_000
/** Campaigns whose texts each process remembers, about 1 kB each; the latest. */
const KEPT_MAX = 3_000

/**
 * By campaign and the version of its plan, with which its texts change. Reading three hundred mails anew was most of every
 * overview (measured: 56 of 90 ms).
 */
const kept = new WeakMap<Platform, Map<string, Features>>()

/** Features of what each of some campaigns says. */
export async function textFeaturesOf(
  ctx: Ctx,
  plans: readonly Pick<LaunchedPlan, 'id' | 'version'>[],
): Promise<ReadonlyMap<CampaignId, Features>> {
  const known = kept.get(ctx.platform) ?? new Map<string, Features>()
  kept.set(ctx.platform, known)
  const found = new Map<CampaignId, Features>()
  for (const plan of plans) {
    const features = known.get(keyOf(plan))
    if (features) found.set(plan.id, features)
  }
  const unread = plans.filter(({ id }) => !found.has(id)).map(({ id }) => id)
  if (unread.length === 0) return found
  for (const { subject, body, ...plan } of await selectTexts(ctx, unread, BODY_CHARS_MAX)) {
    const features = featuresOfText({ subject, body })
    found.set(plan.id, features)
    keepLatest(known, keyOf(plan), features, KEPT_MAX)
  }
  return found
}

const keyOf = ({ id, version }: Pick<LaunchedPlan, 'id' | 'version'>): string => `${id} ${version}`
