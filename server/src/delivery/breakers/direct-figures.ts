/** Messages one by one are judged with everything else that their sending domain sends. */
import { countsFrom } from '../../analytics/index.ts'
import { frozenTemplates } from '../../content/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { senderDomains } from '../intake/alerts/queries.ts'
import { addSamples, sampleOf, type Sample } from './breaker.ts'
import { figuresOfTemplates } from './breaker-queries.ts'

/** What came of mails that were asked for one by one, by the domain that they come from. */
export async function directByDomain(
  ctx: Ctx,
  hours: { from: Date; until: Date },
): Promise<ReadonlyMap<string, Sample>> {
  const templates = await frozenTemplates(ctx)
  if (templates.length === 0) return new Map()
  const rows = await figuresOfTemplates(
    ctx,
    templates.map(({ id }) => id),
    hours,
  )
  const figures = Map.groupBy(rows, ({ templateId }) => templateId)
  const used = templates.filter(({ id }) => figures.has(id))
  const domains = await senderDomains(
    ctx,
    used.map(({ versionId }) => versionId),
  )
  const found = new Map<string, Sample>()
  for (const { id, versionId } of used) {
    const domain = domains.get(versionId)
    if (!domain) continue
    const sample = sampleOf(countsFrom(figures.get(id) ?? []))
    found.set(domain, addSamples([found.get(domain) ?? [], sample].flat()))
  }
  return found
}
