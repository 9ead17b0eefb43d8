/** A campaign handed over by workers that are processes of their own, and what that took. */
import { cancelRun, runProgress, type RunChannel } from '../../server/src/delivery/index.ts'
import type { Ctx } from '../../server/src/platform/context.ts'
import { testLaunch } from '../../server/src/testing/launch.ts'
import { type Installation, cpuOf, pause, peakMegabytes, startProcess } from '../platform.ts'

/** What a launch took. */
export interface Measured {
  sent: number
  seconds: number
  /** From the launch until somebody was sent something. */
  firstMs: number
  resolveSeconds: number
  /** CPU time of all workers and of the database, a message. */
  nodeMicros: number
  postgresMicros: number
  /** Most memory that one worker held. */
  peakMb: number
}

/** How it is sent. */
export interface Way {
  channel: RunChannel
  /** Transactional ones know no hours: text messages for marketing would wait for the morning. */
  purpose?: 'marketing' | 'transactional'
  workers: number
  /** Chunks that a worker hands over at once. */
  slots: number
  /** Settings of the workers' processes. */
  env: Record<string, string>
}

/** Settings under which nothing is called: what is measured is ours. */
export const NOTHING_CALLED = { SMTP_URL: 'smtp://discard.invalid' }

/** Launches to everyone of the organization and waits for the last one. @throws when a provider makes trouble */
export async function measureLaunch(
  installation: Installation,
  ctx: Ctx,
  people: number,
  way: Way,
): Promise<Measured> {
  return withWorkers(installation, way, async (pids) => {
    const before = await cpuOf(installation, pids)
    const startedAt = performance.now()
    const { runId } = await testLaunch(ctx, {
      mail: { body: longMail() },
      channels: [way.channel],
      ...(way.purpose && { purpose: way.purpose }),
    })
    for (;;) {
      await pause(100)
      const progress = await runProgress(ctx, runId)
      if (progress.trouble) {
        await cancelRun(ctx, runId)
        throw new Error(progress.trouble.text)
      }
      if (progress.state !== 'completed') continue
      const seconds = (performance.now() - startedAt) / 1_000
      const after = await cpuOf(installation, pids)
      if (progress.audience !== people)
        throw new Error(`the audience has ${progress.audience} of ${people} people`)
      const [row] = await ctx.db.query<{ resolvedAt: Date }>(
        'select resolved_at from run where org_id = $1 and id = $2',
        [ctx.orgId, runId],
      )
      const sent = progress.counts['sent'] ?? 0
      return {
        sent,
        seconds,
        firstMs: (progress.firstHandoverAt?.getTime() ?? 0) - progress.startedAt.getTime(),
        resolveSeconds: ((row?.resolvedAt.getTime() ?? 0) - progress.startedAt.getTime()) / 1_000,
        nodeMicros: (after.node - before.node) / sent,
        postgresMicros: (after.postgres - before.postgres) / sent,
        peakMb: Math.max(...(await Promise.all(pids.map(peakMegabytes)))),
      }
    }
  })
}

/** Launches of the same size as one. */
export function together(launches: readonly Measured[]): Measured {
  const sum = (of: (launch: Measured) => number): number =>
    launches.reduce((total, launch) => total + of(launch), 0)
  const sent = sum((launch) => launch.sent)
  return {
    sent,
    seconds: sum((launch) => launch.seconds),
    firstMs: Math.max(...launches.map((launch) => launch.firstMs)),
    resolveSeconds: Math.max(...launches.map((launch) => launch.resolveSeconds)),
    nodeMicros: sum((launch) => launch.nodeMicros * launch.sent) / sent,
    postgresMicros: sum((launch) => launch.postgresMicros * launch.sent) / sent,
    peakMb: Math.max(...launches.map((launch) => launch.peakMb)),
  }
}

/** Starts workers as processes of their own, and ends them when the work with them is done. */
export async function withWorkers<T>(
  { processSettings }: Installation,
  { workers: count, slots, env }: Pick<Way, 'workers' | 'slots' | 'env'>,
  work: (pids: readonly number[]) => Promise<T>,
): Promise<T> {
  const workers = await Promise.all(
    Array.from({ length: count }, () =>
      startProcess('worker-process.ts', {
        ...processSettings,
        env: { ...processSettings.env, ...env },
        aheadMs: 0,
        slots,
      }),
    ),
  )
  try {
    return await work(workers.flatMap(({ pid }) => pid ?? []))
  } finally {
    for (const worker of workers) worker.kill()
  }
}

/** How it went, in one line. */
export const said = (name: string, people: number, m: Measured): string =>
  `${name}: ${m.sent} of ${people} sent in ${m.seconds.toFixed(1)} s = ${Math.round(m.sent / m.seconds)}/s; first after ${Math.round(m.firstMs)} ms, resolved in ${m.resolveSeconds.toFixed(1)} s; CPU a message: Node ${m.nodeMicros.toFixed(1)} µs, PostgreSQL ${m.postgresMicros.toFixed(1)} µs; peak ${Math.round(m.peakMb)} MB`

/** A newsletter of some 7 kB with eight links. */
export function longMail(): string {
  const link = (n: number): string =>
    `<p>Bonjour {{ contact.first_name | default: "vous" }}, voici la nouvelle numéro ${n}. <a href="https://shop.example/nouvelles/${n}?ville={{ contact.city }}">Lire la suite</a></p>`
  return `<mjml><mj-body><mj-section><mj-column><mj-text>${Array.from({ length: 8 }, (_, n) => link(n)).join('')}</mj-text></mj-column></mj-section></mj-body></mjml>`
}
