/**
 * The limit of the account that mails are handed over with. A mail server says it to every mail alike: the second who hears
 * it is the last to be offered, nobody is blamed, and hand-over rests until some of the limit may be open again.
 */
import type { Ctx } from '../../../platform/context.ts'
import { excerpt, verdict } from '../api/vendor.ts'
import type { Handover, Trouble } from '../outcome.ts'
import type { FlightWatch, Transport } from '../transport.ts'
import type { MailMessage } from './mail-message.ts'
import { isOwnQuota, judgeRefusal } from './replies.ts'

/** Most limits are counted over the last 24 hours: they open by the hour, as much was sent a day before. */
const REST_MS = 3_600_000
/** Mails that hear it, one after the other, before no further one is offered. */
const HEARD_MAX = 2
/** A limit that others do not meet is their own receiver's: it must not hold up a run for one person. */
const OF_ONE = verdict('busy', 'slowed_down')

/** A transport that stops at its account's limit. An API's answers are judged by its own table. */
export function quotaTransport(ctx: Ctx, transport: Transport<MailMessage>): Transport<MailMessage> {
  return {
    ...transport,
    deliver: async (messages, stop, watch) => {
      const atLimit = new AbortController()
      /** Who heard of the limit since a mail was taken. */
      const heard = new Set<number>()
      const watching: FlightWatch = {
        begun: (indexes) => watch?.begun(indexes),
        ended: (index, outcome) => {
          if (outcome.kind === 'sent') heard.clear()
          if (isLimit(outcome)) heard.add(index)
          if (heard.size >= HEARD_MAX) atLimit.abort()
          watch?.ended(index, outcome)
        },
      }
      const signal = AbortSignal.any([stop, atLimit.signal])
      const outcomes = await transport.deliver(messages, signal, watching)
      const trouble = troubleOf(ctx, outcomes, heard)
      return outcomes.map((outcome, index): Handover => {
        if (isLimit(outcome) && !heard.has(index)) return { ...outcome, verdict: OF_ONE }
        return trouble && (outcome.kind === 'unsent' || isLimit(outcome))
          ? { kind: 'unsent', trouble }
          : outcome
      })
    },
  }
}

function troubleOf(ctx: Ctx, outcomes: readonly Handover[], heard: ReadonlySet<number>): Trouble | null {
  const said = outcomes.find((outcome, index) => outcome.kind === 'refused' && heard.has(index))
  if (said?.kind !== 'refused') return null
  const { code, enhanced, text } = said.reply
  return {
    kind: 'rate_limited',
    text: excerpt(`${code} ${enhanced ?? ''} ${text}`),
    until: new Date(ctx.now().getTime() + REST_MS),
  }
}

const isLimit = (outcome: Handover): outcome is Extract<Handover, { kind: 'refused' }> =>
  outcome.kind === 'refused' && !outcome.verdict && isOwnQuota(judgeRefusal(outcome.reply, outcome.stage))
