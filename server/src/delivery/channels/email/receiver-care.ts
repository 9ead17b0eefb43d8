/**
 * What a receiver thinks of our domain, minded as mails leave: its refusals raise an alert, and while one stands nothing more
 * is handed over to it. Those mails wait for the next pass; nobody's address is to blame.
 * Source: PC-21, compliance report §1.3
 */
import type { Ctx } from '../../../platform/context.ts'
import { isDomainReason, raiseAlerts, type DomainRefusal } from '../../intake/alerts/alerts.ts'
import { heldReceivers } from '../../intake/alerts/queries.ts'
import { verdict } from '../api/vendor.ts'
import type { Handover } from '../outcome.ts'
import { watchSome, type Transport } from '../transport.ts'
import type { MailMessage } from './mail-message.ts'
import { judgeRefusal } from './replies.ts'

/** A transport of mails from one domain that minds its receivers. Made with the line, so that it looks again within seconds. */
export async function caringTransport(
  ctx: Ctx,
  domain: string,
  transport: Transport<MailMessage>,
): Promise<Transport<MailMessage>> {
  const held = await heldReceivers(ctx, domain)
  const deliver: Transport<MailMessage>['deliver'] = async (messages, stop, watch) => {
    const answers = await transport.deliver(messages, stop, watch)
    await raise(ctx, refusalsIn(domain, messages, answers))
    return answers
  }
  if (held.size === 0) return { ...transport, deliver }
  return {
    ...transport,
    deliver: async (messages, stop, watch) => {
      const outcomes: Handover[] = messages.map(() => HELD)
      const places = messages.flatMap((message, index) => (held.has(receiverOf(message)) ? [] : index))
      const offered = places.flatMap((index) => messages[index] ?? [])
      const answers = await deliver(offered, stop, watchSome(watch, places))
      for (const [position, answer] of answers.entries()) outcomes[places[position] ?? position] = answer
      return outcomes
    },
  }
}

const HELD: Handover = {
  kind: 'refused',
  reply: {
    code: 0,
    enhanced: null,
    text: 'This receiver refuses the sending domain; it is left alone for a while.',
  },
  stage: 'content',
  verdict: verdict('block', 'receiver_held', true),
}

const receiverOf = ({ to }: MailMessage): string => to.slice(to.lastIndexOf('@') + 1).toLowerCase()

function refusalsIn(
  domain: string,
  messages: readonly MailMessage[],
  outcomes: readonly Handover[],
): DomainRefusal[] {
  const refusals: DomainRefusal[] = []
  messages.forEach((message, index) => {
    const outcome = outcomes[index]
    if (outcome?.kind !== 'refused') return
    const said = outcome.verdict ?? judgeRefusal(outcome.reply, outcome.stage)
    if (said.class !== 'block' || !isDomainReason(said.reason)) return
    refusals.push({ domain, receiver: receiverOf(message), reason: said.reason, text: outcome.reply.text })
  })
  return refusals
}

/** What was handed over is told whatever becomes of the alert. */
async function raise(ctx: Ctx, refusals: readonly DomainRefusal[]): Promise<void> {
  try {
    await raiseAlerts(ctx, refusals)
  } catch (error) {
    ctx.log.warn({ error }, 'an alert about a sending domain could not be noted')
  }
}
