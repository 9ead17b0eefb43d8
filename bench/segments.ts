/**
 * `npm run bench -- segments [--contacts=1000000] [--events=5000000] [--smallest=100000] [--largest=3000000] [--live=10]
 * [--keep=FOLDER]`: ten rules counted cold and warm beside hand-written SQL, estimates and exact counts while editing, a
 * whole audience resolved (five criteria, exclusion, consent, holdout, variants) beside one raw statement, growth over
 * 100 k, 1 M and 3 M contacts, and the time from an event to membership under a stream of events. Data is made set-based,
 * one installation per size; with `--keep` they stay in a folder, and the next run finds them.
 */
import { join } from 'node:path'
import type { Ctx } from '../server/src/platform/context.ts'
import { previewRule } from '../server/src/segments/service/preview.ts'
import { bench, type Figure, time } from './bench.ts'
import { type Installation, withInstallation } from './platform.ts'
import { audienceOf } from './segments/audience.ts'
import { best } from './segments/best.ts'
import { type Made, peopleAndEvents } from './segments/data.ts'
import { liveOf } from './segments/live.ts'
import { publishedRules } from './segments/rules.ts'

type Say = (line: string) => void

export default bench({
  name: 'segments',
  about:
    'Rules over contacts, events and consent: counted, estimated, resolved into an audience, kept live; beside hand-written SQL over the same tables in the same run.',
  async run({ say, option, text }): Promise<Figure[]> {
    const contacts = option('contacts', 1_000_000)
    const eventsPerContact = option('events', 5_000_000) / contacts
    const liveSeconds = option('live', 10)
    const keep = text('keep')
    const sizes = new Set([option('smallest', contacts / 10), contacts, option('largest', 3 * contacts)])
    const figures: Figure[] = []
    for (const size of sizes)
      await withInstallation(
        async (installation) => {
          const began = performance.now()
          const made = await peopleAndEvents(installation, size, Math.round(size * eventsPerContact))
          say(
            `${made.people} contacts with ${made.events} events ${made.isNew ? `made in ${((performance.now() - began) / 1_000).toFixed(1)} s` : 'found'}`,
          )
          // One instant for everything that is compared: a moment later other people match.
          const still = { ...made, ctx: { ...made.ctx, now: () => made.now } }
          const isMain = size === contacts
          if (isMain) figures.push(...(await rulesOf(installation, still, say)))
          if (isMain) figures.push(...(await estimatesOf(installation, still, say)))
          const name = isMain ? 'segments_audience' : `segments_audience_${size / 1_000}k`
          figures.push(await audienceOf(installation, still, name, say))
          if (isMain && liveSeconds > 0) figures.push(...(await liveOf(installation, made, liveSeconds, say)))
        },
        keep === null ? null : join(keep, String(size)),
      )
    return figures
  },
})

/** Exact counts with make-up, as a preview shows them; beside a count alone by hand. */
async function rulesOf(installation: Installation, { ctx, now }: Made, say: Say): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { name, rule, raw, values } of publishedRules(now)) {
    const counted = async (): Promise<number> => (await previewRule(ctx, rule, 'exact')).size.count
    const began = performance.now()
    await counted()
    const coldMs = performance.now() - began
    const warm = await best(installation, counted)
    const byHand = await best(installation, () => countBy(ctx, raw, values))
    if (warm.count !== byHand.count)
      throw new Error(`${name}: the rule finds ${warm.count} people, the statement ${byHand.count}`)
    say(
      `${name}: ${warm.count} people; count with make-up ${Math.round(coldMs)} ms cold, ${warm.text} warm; count by hand ${byHand.text}`,
    )
    figures.push(
      time(`segments_rule_${name}_cold`, coldMs, 'ms', null),
      time(`segments_rule_${name}`, warm.ms, 'ms', byHand.ms),
    )
  }
  return figures
}

async function countBy(ctx: Ctx, raw: string, values: readonly unknown[]): Promise<number> {
  const [row] = await ctx.db.query<{ n: number }>(raw, [ctx.orgId, ...values])
  return row?.n ?? 0
}

/** First answers while editing: from a sample, with a margin. */
async function estimatesOf(installation: Installation, { ctx, now }: Made, say: Say): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { name, rule } of publishedRules(now)) {
    const found = await best(installation, async () => (await previewRule(ctx, rule, 'quick')).size.count)
    say(`${name}: estimate ${found.count} in ${found.text}`)
    figures.push(time(`segments_estimate_${name}`, found.ms, 'ms', null))
  }
  return figures
}
