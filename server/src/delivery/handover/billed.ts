/** By which figure a message is priced. Pure. */
import { billedAs } from '../../analytics/index.ts'
import { countryOfPhone } from '../../contacts/index.ts'
import type { Outlet } from '../channels/line.ts'
import type { Handover } from '../channels/outcome.ts'
import type { RunChannel } from '../runs/run.ts'
import type { Addressee } from './addressee.ts'

/** Channels that reach telephones: what a message costs there depends on the country of the number. */
const TELEPHONES: ReadonlySet<RunChannel> = new Set(['sms', 'whatsapp'])

/**
 * The figure under which a message counts that was offered to a provider; null where nothing tells its price apart from
 * the channel's. Source: CB-9.2, MA-7.2
 */
export function billedUnder(
  line: Pick<Outlet<unknown>, 'providerId'>,
  channel: RunChannel,
  { address }: Pick<Addressee, 'address'>,
  outcome: Handover | undefined,
): string | null {
  const via = outcome && 'via' in outcome ? outcome.via : undefined
  const providerId = via ?? line.providerId ?? ''
  const country = TELEPHONES.has(channel) && address !== null ? (countryOfPhone(address) ?? '') : ''
  return providerId === '' && country === '' ? null : billedAs(providerId, country)
}
