/** Who takes the messages of a channel other than e-mail. */
import type { Ctx } from '../../platform/context.ts'
import type { RunChannel } from '../runs/run.ts'
import { isRehearsal } from '../sending/transports.ts'
import { discardTransport } from './discard.ts'
import type { NoLine, Outlet } from './line.ts'
import type { OutboundMessage } from './message.ts'

const BATCH_MAX_DISCARD = 1_000

/** Why nothing could leave on a channel at present, in the words of its trouble; null when something could. */
export async function whyChannelRests(ctx: Ctx, channel: RunChannel): Promise<string | null> {
  // A mail server that does not answer is tried again; a channel without provider never leaves.
  if (channel === 'email') return null
  const outlet = await messageOutlet(ctx, channel)
  return 'trouble' in outlet ? outlet.trouble.text : null
}

/** The outlet that the organization uses for a channel, or why there is none. */
export function messageOutlet(
  ctx: Ctx,
  channel: Exclude<RunChannel, 'email'>,
): Promise<Outlet<OutboundMessage> | NoLine> {
  if (isRehearsal(ctx.platform))
    return Promise.resolve({ transport: discardTransport, batchMax: BATCH_MAX_DISCARD })
  return Promise.resolve({
    trouble: { kind: 'settings', text: `No provider is set up for the channel ${channel}.` },
  })
}
