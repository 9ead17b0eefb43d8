/** Faults of the database: killed, slow, cut off, full, and very long queues. */
import type { Fault } from './fault.ts'
import type { Channel } from './organization.ts'
import { wait } from './stage.ts'

/** A killed database is back, and what waits goes on, within so long. Source: report §0.10, F4 */
const READY_WITHIN_MS = 30_000
const RESUMED_WITHIN_MS = 60_000
const MEMORY_MB_MAX = 512
const CLAIM_P99_MS = 20
const QUEUED = 1_000_000

/** F4: the whole database is killed in the middle of a run. */
const databaseKilled: Fault = {
  id: 'F4',
  title: 'database killed in the middle of a hand-over',
  run: async (round) => {
    const { stage } = round
    const organization = round.pick([stage.a, stage.b])
    stage.smtp.setAnswerDelayMs(round.between(0, 10))
    const campaign = await round.launch(organization, { channel: round.pick<Channel>(['email', 'sms']) })
    await round.untilTaken(round.between(1, Math.floor(campaign.meant.length * 0.8)))
    await stage.killDatabase()
    const killedMs = performance.now()
    const isReady = (): Promise<boolean> =>
      fetch(`${stage.url}/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    while (!(await isReady())) {
      if (performance.now() - killedMs > (await round.stretched(READY_WITHIN_MS))) break
      await wait(20)
    }
    const readyMs = performance.now() - killedMs
    round.note('ready ms', Math.round(readyMs))
    if (readyMs > (await round.stretched(READY_WITHIN_MS)))
      round.violate(`ready only after ${Math.round(readyMs)} ms`)
    await round.finish(campaign)
    if (performance.now() - killedMs > (await round.stretched(RESUMED_WITHIN_MS)))
      round.violate('the run took over a minute to go on')
    await round.account(campaign)
  },
}

/** F19: the database answers late, and its connections are cut. */
const databaseSlow: Fault = {
  id: 'F19',
  title: 'database slow, its connections cut',
  run: async (round) => {
    const { stage } = round
    const organization = round.pick([stage.a, stage.b])
    await stage.forgetPeaks()
    stage.wires.database.set({ latencyMs: round.between(1, 12), resets: 0.005 }, round.dice)
    const launched = await round
      .write(organization, { channel: round.pick<Channel>(['email', 'sms']) })
      .catch(() => null)
    if (launched)
      await stage.call(organization, 'POST', `/api/campaigns/${launched.id}/launch`).catch(() => undefined)
    await wait(round.between(500, 2_000))
    stage.wires.database.calm()
    if (!launched) return
    if ((await round.statusOf(organization, launched.id)) === 'draft')
      await stage.call(organization, 'POST', `/api/campaigns/${launched.id}/launch`)
    await stage.ensureWorkers()
    await round.finish(launched)
    await round.account(launched)
    const peakMb = await stage.peakMb()
    round.note('peak MB', peakMb)
    if (peakMb > MEMORY_MB_MAX) round.violate(`a process took ${peakMb} MB`)
  },
}

/** F23: millions of jobs wait for later; what is due now is found as fast as ever. */
const queueLong: Fault = {
  id: 'F23',
  title: 'a million jobs wait while a run is handed over',
  isCostly: true,
  run: async (round) => {
    const { stage } = round
    const { orgId } = stage.a.ctx
    const queued = Number(process.env['FAULTS_QUEUED'] ?? QUEUED)
    await stage.sql(
      `insert into work (org_id, kind, lane, payload, due_at, created_at, updated_at)
      select $1, 'faults.never', 2, '{}', $2::timestamptz + n * interval '1 second', $2, $2 from generate_series(1, $3::int) n`,
      [orgId, new Date(stage.clock.now().getTime() + 365 * 86_400_000), queued],
    )
    await stage.sql('analyze work')
    const claims: number[] = []
    for (let n = 0; n < 200; n++) {
      const startedMs = performance.now()
      // The statement that finds and takes a job, as the workers run it.
      await stage.sql(
        `select id from work
        where org_id = $1 and lane = 2 and ((state = 'ready' and due_at <= $2) or (state = 'leased' and lease_until < $2))
        order by due_at, id limit 1 for update skip locked`,
        [orgId, stage.clock.now()],
      )
      claims.push(performance.now() - startedMs)
    }
    const p99 = claims.toSorted((one, other) => one - other)[Math.floor(claims.length * 0.99)] ?? 0
    round.note('claim p99 ms', Math.round(p99 * 10) / 10)
    if (p99 > (await round.stretched(CLAIM_P99_MS))) round.violate(`a claim took ${p99.toFixed(1)} ms`)
    const campaign = await round.launch(stage.a, { channel: 'email' })
    await round.finish(campaign)
    await round.account(campaign)
    await stage.sql(`delete from work where org_id = $1 and kind = 'faults.never'`, [orgId])
  },
}

export const DATABASE: readonly Fault[] = [databaseKilled, databaseSlow, queueLong]
