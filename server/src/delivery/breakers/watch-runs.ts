/**
 * Looking at the rates of runs and of sending domains, and stopping what passes a limit: the run rests, says why, and goes
 * on when a person says so.
 * Source: design §5, compliance report §1.3
 */
import { countsFrom } from '../../analytics/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { RunId } from '../../platform/ids.ts'
import { runTripped } from '../events.ts'
import { senderDomains } from '../intake/alerts/queries.ts'
import { lockRun, setRunState } from '../runs/queries.ts'
import { isUnderWay, type RunChannel } from '../runs/run.ts'
import { addSamples, passedBy, sampleOf, since, type Forgiven, type Sample, type Trip } from './breaker.ts'
import {
  anyUnderWay,
  figuresOfRuns,
  forgive,
  setTripped,
  watchedRuns,
  type WatchedRun,
} from './breaker-queries.ts'
import { directByDomain } from './direct-figures.ts'

/** A sending domain is judged by what it sent within a day. */
const DOMAIN_WINDOW_MS = 24 * 3_600_000

/** Looks at every run that is under way. */
export async function watchRuns(ctx: Ctx): Promise<void> {
  if (!(await anyUnderWay(ctx))) return
  const runs = await watchedRuns(ctx, new Date(ctx.now().getTime() - DOMAIN_WINDOW_MS))
  const samples = await samplesOf(ctx, runs)
  const fresh = (run: WatchedRun, channel: RunChannel): Sample | null => {
    const sample = samples.get(keyOf(run.id, channel))
    return sample ? since(sample, run.forgiven[channel]) : null
  }
  const open = runs.filter(({ state }) => isUnderWay(state))
  const at = ctx.now().toISOString()
  const trips = new Map<RunId, Trip>()
  for (const run of open)
    for (const channel of channelsIn(run)) {
      const sample = fresh(run, channel)
      const passed = sample && passedBy(sample)
      if (passed) trips.set(run.id, { ...passed, scope: 'run', channel, domain: null, at })
    }
  for (const { domain, runs: ofDomain, total } of await domainsOf(ctx, runs, fresh))
    for (const run of ofDomain) {
      if (!isUnderWay(run.state) || trips.has(run.id)) continue
      const passed = passedBy(since(total, run.forgiven.domain))
      if (passed) trips.set(run.id, { ...passed, scope: 'domain', channel: 'email', domain, at })
    }
  for (const [runId, trip] of trips) await tripRun(ctx, runId, trip)
}

/** In the caller's transaction: what the figures say now is known to whoever lets a run go on. */
export async function forgiveRun(ctx: Ctx, run: Pick<WatchedRun, 'id' | 'campaignId'>): Promise<void> {
  const runs = await watchedRuns(ctx, new Date(ctx.now().getTime() - DOMAIN_WINDOW_MS))
  const others = runs.filter(({ id }) => id !== run.id)
  const samples = await samplesOf(ctx, [run, ...others])
  const forgiven: Forgiven = {}
  for (const [key, sample] of samples)
    if (key.startsWith(run.id)) forgiven[key.slice(run.id.length + 1) as RunChannel] = sample // as keyOf wrote it
  const fresh = ({ id, forgiven: known }: WatchedRun, channel: RunChannel): Sample | null => {
    const sample = id === run.id ? undefined : samples.get(keyOf(id, channel))
    return sample ? since(sample, known[channel]) : null
  }
  for (const { runs: ofDomain, total } of await domainsOf(ctx, runs, fresh))
    if (ofDomain.some(({ id }) => id === run.id)) forgiven.domain = total
  await forgive(ctx, run.id, forgiven)
}

interface WatchedDomain {
  domain: string
  runs: readonly WatchedRun[]
  /** Everything that it sent within a day, runs and messages one by one together. */
  total: Sample
}

async function domainsOf(
  ctx: Ctx,
  runs: readonly WatchedRun[],
  fresh: (run: WatchedRun, channel: RunChannel) => Sample | null,
): Promise<WatchedDomain[]> {
  const domains = await byDomain(ctx, runs)
  const now = ctx.now().getTime()
  const direct = await directByDomain(ctx, { from: new Date(now - DOMAIN_WINDOW_MS), until: ctx.now() })
  return [...domains].map(([domain, ofDomain]) => ({
    domain,
    runs: ofDomain,
    total: addSamples(
      [...ofDomain.flatMap((run) => fresh(run, 'email') ?? []), direct.get(domain) ?? []].flat(),
    ),
  }))
}

function tripRun(ctx: Ctx, runId: RunId, trip: Trip): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const run = await lockRun(ctx, runId)
    if (!run || !isUnderWay(run.state)) return
    await setRunState(ctx, runId, 'paused', { stoppedBy: ctx.actor.id })
    await setTripped(ctx, runId, trip)
    announce(ctx, runTripped, trip, { campaignId: run.campaignId, runId })
    ctx.log.warn({ runId, ...trip }, 'a breaker stopped a run')
  })
}

async function samplesOf(
  ctx: Ctx,
  runs: readonly Pick<WatchedRun, 'id' | 'campaignId'>[],
): Promise<Map<string, Sample>> {
  const rows = await figuresOfRuns(ctx, runs)
  return new Map(
    [...Map.groupBy(rows, ({ runId, channel }) => keyOf(runId, channel))].map(([key, named]) => [
      key,
      sampleOf(countsFrom(named)),
    ]),
  )
}

/** Runs by the domains that their mails come from. */
export async function byDomain(ctx: Ctx, runs: readonly WatchedRun[]): Promise<Map<string, WatchedRun[]>> {
  const mailOf = (run: WatchedRun) => run.contents.find(({ channel }) => channel === 'email')?.versionId
  const domains = await senderDomains(
    ctx,
    runs.flatMap((run) => mailOf(run) ?? []),
  )
  const found = new Map<string, WatchedRun[]>()
  for (const run of runs) {
    const versionId = mailOf(run)
    const domain = versionId && domains.get(versionId)
    if (!domain) continue
    const known = found.get(domain)
    if (known) known.push(run)
    else found.set(domain, [run])
  }
  return found
}

const channelsIn = ({ contents }: WatchedRun): RunChannel[] => [
  ...new Set(contents.map(({ channel }) => channel)),
]

const keyOf = (runId: RunId, channel: RunChannel): string => `${runId}:${channel}`
