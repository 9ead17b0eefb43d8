/**
 * `npm run bench -- concurrent [--campaigns=1000] [--people=300] [--slots=3]`: so many campaigns of one organization,
 * all planned for the same minute, each to all of its people, with nothing called; beside one campaign to as many
 * messages in the same run. Shown are how late each campaign's first message was, how long all took, and what a
 * message cost.
 * Source: NFR-003.1, NFR-001.3
 */
import { plan } from '../server/src/campaigns/schema.ts'
import { createCampaign } from '../server/src/campaigns/service/plan.ts'
import type { Ctx } from '../server/src/platform/context.ts'
import { EVERYONE } from '../server/src/testing/launch.ts'
import { type Figure, bench, rate, time } from './bench.ts'
import { longMail, measureLaunch, NOTHING_CALLED, said, withWorkers } from './delivery/measure.ts'
import { organizationWith } from './delivery/people.ts'
import { planAt } from './delivery/planned.ts'
import { cpuOf, pause, peakMegabytes, percentile, withInstallation, type Installation } from './platform.ts'

const LOOK_EVERY_MS = 500

export default bench({
  name: 'concurrent',
  about:
    'A thousand campaigns of one organization, planned for the same minute, beside one campaign to as many messages.',
  run: ({ say, option }): Promise<Figure[]> =>
    withInstallation(async (installation) => {
      const [campaigns, people, slots] = [
        option('campaigns', 1_000),
        option('people', 300),
        option('slots', 3),
      ]
      const crowd = await organizationWith(installation, people)
      const at = await planAll(crowd, campaigns)
      say(`${campaigns} campaigns planned for ${at.toISOString()}`)
      const many = await watched(installation, crowd, { campaigns, at, slots })
      say(
        `${many.sent} messages of ${campaigns} campaigns in ${many.seconds.toFixed(1)} s; first messages after ${[50, 99, 100].map((p) => Math.round(percentile(many.startsMs, p))).join(', ')} ms (p50, p99, last)`,
      )
      const one = await measureLaunch(
        installation,
        await organizationWith(installation, campaigns * people),
        campaigns * people,
        { channel: 'email', workers: 1, slots, env: NOTHING_CALLED },
      )
      say(said('one campaign', campaigns * people, one))
      return [
        rate('concurrent', many.sent / many.seconds, 'messages/s', one.sent / one.seconds),
        time('concurrent_start_p50', percentile(many.startsMs, 50), 'ms', null),
        time('concurrent_start_p99', percentile(many.startsMs, 99), 'ms', null),
        time('concurrent_start_last', Math.max(...many.startsMs), 'ms', null),
        time('concurrent_cpu_node', many.nodeMicros, 'µs/message', one.nodeMicros),
        time('concurrent_cpu_postgres', many.postgresMicros, 'µs/message', one.postgresMicros),
        time('concurrent_peak_rss', many.peakMb, 'MB', one.peakMb),
      ]
    }),
})

/** @returns the instant that all are planned for */
async function planAll(ctx: Ctx, campaigns: number): Promise<Date> {
  const ids = []
  for (let n = 0; n < campaigns; n++) {
    const { id } = await createCampaign(
      ctx,
      plan.parse({
        name: `Campaign ${n}`,
        channels: ['email'],
        audience: EVERYONE,
        content: {
          email: {
            subject: `Hello {{ contact.first_name | default: "you" }}, this is number ${n}`,
            fromName: 'Atelier Test',
            fromEmail: 'hello@shop.example',
            body: longMail(),
          },
        },
      }),
    )
    ids.push(id)
  }
  // Room for a worker to start, and for the planning itself.
  return planAt(ctx, ids, 10_000 + campaigns * 30)
}

interface Watched {
  sent: number
  /** From the planned instant until the last campaign had ended. */
  seconds: number
  /** From the planned instant until a campaign's first message, for each of them. */
  startsMs: number[]
  nodeMicros: number
  postgresMicros: number
  peakMb: number
}

async function watched(
  installation: Installation,
  ctx: Ctx,
  { campaigns, at, slots }: { campaigns: number; at: Date; slots: number },
): Promise<Watched> {
  return withWorkers(installation, { workers: 1, slots, env: NOTHING_CALLED }, async (pids) => {
    await pause(at.getTime() - Date.now())
    const before = await cpuOf(installation, pids)
    for (;;) {
      await pause(LOOK_EVERY_MS)
      const [state] = await ctx.db.query<{ ended: number; stopped: number }>(
        `select count(*) filter (where status = 'completed')::int as ended,
           count(*) filter (where status not in ('scheduled', 'running', 'completed'))::int as stopped
         from campaign where org_id = $1`,
        [ctx.orgId],
      )
      if (state?.stopped) throw new Error(`${state.stopped} campaigns were stopped`)
      if ((state?.ended ?? 0) < campaigns) continue
      const after = await cpuOf(installation, pids)
      const runs = await ctx.db.query<{ startMs: number; endMs: number }>(
        `select extract(epoch from first_handover_at - $2) * 1000 as start_ms, extract(epoch from completed_at - $2) * 1000 as end_ms
         from run where org_id = $1`,
        [ctx.orgId, at],
      )
      const [messages] = await ctx.db.query<{ sent: number }>(
        `select count(*)::int as sent from message where org_id = $1 and state = 'sent'`,
        [ctx.orgId],
      )
      const sent = messages?.sent ?? 0
      return {
        sent,
        seconds: Math.max(...runs.map(({ endMs }) => Number(endMs))) / 1_000,
        startsMs: runs.map(({ startMs }) => Number(startMs)),
        nodeMicros: (after.node - before.node) / sent,
        postgresMicros: (after.postgres - before.postgres) / sent,
        peakMb: Math.max(...(await Promise.all(pids.map(peakMegabytes)))),
      }
    }
  })
}
