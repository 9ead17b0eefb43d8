/** How fast an organization sends. Pure. */
import type { TimedChannel } from '../timing/sending-hours.ts'
import type { RunLimits } from '../timing/run-timing.ts'
import type { ProviderId } from '../providers/provider.ts'

export interface SendingLimits {
  /** All messages of the organization together. */
  organization: RunLimits
  /** What campaigns keep that say nothing of their own. Source: CS-010.6 */
  campaign: RunLimits
  channels: { [C in TimedChannel]?: RunLimits | undefined }
  /** What leaves over one provider. */
  providers: (RunLimits & { providerId: ProviderId })[]
  /** Mails to one receiving domain, or to a group of them. Rows of the version before have none. */
  receivers: (RunLimits & { receiver: string })[]
}

const UNLIMITED: RunLimits = { perMinute: null, perHour: null }

export const NO_LIMITS: SendingLimits = {
  organization: UNLIMITED,
  campaign: UNLIMITED,
  channels: {},
  providers: [],
  receivers: [],
}

/** Limits as they are stored: those of the version before lack what came later. */
export const wholeLimits = (stored: Partial<SendingLimits> | null): SendingLimits =>
  stored === null ? NO_LIMITS : { ...NO_LIMITS, ...stored }

/** What holds for a campaign: its own limits, or those that the organization's campaigns begin with. */
export function campaignLimits(own: RunLimits | null, organization: SendingLimits): RunLimits {
  if (own && (own.perMinute !== null || own.perHour !== null)) return own
  return organization.campaign
}

/** Messages a minute that limits allow; null: any number. */
export function perMinuteOf({ perMinute, perHour }: RunLimits): number | null {
  const rates = [...(perMinute === null ? [] : [perMinute]), ...(perHour === null ? [] : [perHour / 60])]
  return rates.length === 0 ? null : Math.min(...rates)
}

/** Messages a minute that all limits of a run on its channels allow; null: any number. */
export function runPerMinute(
  own: RunLimits | null,
  organization: SendingLimits,
  channels: readonly TimedChannel[],
): number | null {
  const rates = [
    campaignLimits(own, organization),
    organization.organization,
    ...channels.flatMap((channel) => organization.channels[channel] ?? []),
  ].flatMap((limits) => perMinuteOf(limits) ?? [])
  return rates.length === 0 ? null : Math.min(...rates)
}
