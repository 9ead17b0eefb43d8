/** Warm-up plans of sending domains: shown with today's allowance, started, changed, ended. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { organizationOf } from '../../team/index.ts'
import { errors } from '../errors.ts'
import { readDomain, type SendingDomainId } from '../sending/queries.ts'
import { allowanceAt } from './warmup.ts'
import { deleteWarmup, listWarmups, saveWarmup, type WarmupRow } from './warmup-queries.ts'

/** A plan as it stands today. */
export interface ShownWarmup {
  domain: string
  volumes: number[]
  startedOn: string
  /** Null once it is over. */
  today: { step: number; allowed: number; taken: number } | null
}

/** All plans, by domain. */
export async function warmupsOf(ctx: Ctx): Promise<ShownWarmup[]> {
  return (await listWarmups(ctx)).map((row) => shown(row, ctx.now()))
}

/**
 * Warms a domain up by these volumes, from today on; a plan under way keeps the day that it has reached.
 * @throws delivery.domain_not_found
 */
export function warmUp(ctx: Ctx, id: SendingDomainId, volumes: readonly number[]): Promise<ShownWarmup> {
  return inTransaction(ctx, async (ctx) => {
    const domain = await domainOf(ctx, id)
    const before = (await listWarmups(ctx)).find((row) => row.domain === domain)
    const { timeZone } = await organizationOf(ctx)
    const startedOn = Temporal.Instant.fromEpochMilliseconds(ctx.now().getTime())
      .toZonedDateTimeISO(timeZone)
      .toPlainDate()
      .toString()
    await saveWarmup(
      ctx,
      { domain, volumes, startedOn, timeZone, heldDays: 0 },
      `${ctx.actor.kind}:${ctx.actor.id}`,
    )
    audit(
      ctx,
      'sending_domain.warmed_up',
      { kind: 'sending_domain', id },
      { before: before?.volumes ?? null, after: volumes },
    )
    const row = (await listWarmups(ctx)).find((candidate) => candidate.domain === domain)
    if (!row) throw errors.domain_not_found({ id })
    return shown(row, ctx.now())
  })
}

/** Ends a plan: the domain sends without a limit of its own. @throws delivery.domain_not_found */
export function endWarmup(ctx: Ctx, id: SendingDomainId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const domain = await domainOf(ctx, id)
    const [ended] = await deleteWarmup(ctx, domain)
    if (!ended) throw errors.domain_not_found({ id })
    audit(ctx, 'sending_domain.warmup_ended', { kind: 'sending_domain', id }, { domain })
  })
}

async function domainOf(ctx: Ctx, id: SendingDomainId): Promise<string> {
  const row = await readDomain(ctx, id)
  if (!row) throw errors.domain_not_found({ id })
  return row.domain
}

function shown(row: WarmupRow, now: Date): ShownWarmup {
  const { domain, volumes, startedOn } = row
  const allowance = allowanceAt(row, now)
  return {
    domain,
    volumes: [...volumes],
    startedOn,
    today: allowance && {
      step: allowance.step,
      allowed: allowance.messages,
      taken: row.countedOn === allowance.on ? row.counted : 0,
    },
  }
}
