/** Trying a provider: one message to an address of the member's own, and what came of it in the provider's words. */
import { parseEmail, parsePhone } from '../../contacts/index.ts'
import { cutText } from '../../content/index.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { ownInLanguage } from '../../platform/http/index.ts'
import { NO_BYTES } from '../channels/email/mail-message.ts'
import { nobodysName } from '../channels/nobodys-name.ts'
import { NO_OUTCOME, textOf, type Handover } from '../channels/outcome.ts'
import { errors } from '../errors.ts'
import { listSenders } from '../sending/queries.ts'
import type { OpenProvider, ProviderId } from './provider.ts'
import { transportOf } from './outlets.ts'
import { openProvider } from './service.ts'

/** What came of a test. */
export interface TrialOutcome {
  outcome: Handover['kind']
  /** In the provider's words, or in those of what kept us from reaching it. */
  text: string
}

const TEXT: Readonly<Record<Locale, { subject: string; text: string }>> = {
  en: {
    subject: 'A test from Fanfare',
    text: 'This is a test from Fanfare. The provider takes our messages.',
  },
  fr: {
    subject: 'Un essai de Fanfare',
    text: 'Ceci est un essai de Fanfare. Le prestataire accepte nos messages.',
  },
}

/**
 * Hands one message over.
 * @param to  an e-mail address, a telephone number or, for webhooks, an https address
 * @throws delivery.provider_not_found, delivery.provider_invalid when the address is none or no sender is set up
 */
export async function tryProvider(ctx: Ctx, id: ProviderId, to: string): Promise<TrialOutcome> {
  const provider = await openProvider(ctx, id)
  const [outcome = NO_OUTCOME] = await deliverOne(ctx, provider, to)
  return { outcome: outcome.kind, text: ownInLanguage(textOf(outcome), ctx.locale) }
}

async function deliverOne(ctx: Ctx, provider: OpenProvider, to: string): Promise<Handover[]> {
  const { subject, text } = TEXT[ctx.locale]
  const stop = new AbortController().signal
  const token = nobodysName(ctx)
  switch (provider.channel) {
    case 'email': {
      const address = accepted(parseEmail(to), 'Not an e-mail address. Write it like name@example.com.')
      const [sender] = await listSenders(ctx)
      if (!sender) throw invalid('Add a sender first: a mail needs one.')
      const message = {
        from: sender.email,
        to: address,
        data: NO_BYTES,
        parts: {
          token,
          from: { name: sender.name, address: sender.email },
          replyTo: sender.replyTo,
          subject,
          html: cutText(`<p>${text}</p>`),
          text: cutText(text),
          unsubscribeUrl: null,
          feedbackId: null,
        },
      }
      return transportOf<'email'>(ctx, { ...provider, channel: 'email' }).deliver([message], stop)
    }
    case 'sms':
      return transportOf<'sms'>(ctx, { ...provider, channel: 'sms' }).deliver(
        [{ token, to: accepted(parsePhone(to, null), NO_NUMBER), text }],
        stop,
      )
    case 'whatsapp':
      return transportOf<'whatsapp'>(ctx, { ...provider, channel: 'whatsapp' }).deliver(
        [{ token, to: accepted(parsePhone(to, null), NO_NUMBER), template: null, text }],
        stop,
      )
    case 'webhook':
      if (!mayBeCalled(ctx, to)) throw invalid(NOT_CALLED)
      return transportOf<'webhook'>(ctx, { ...provider, channel: 'webhook' }).deliver(
        [{ token, url: to, method: 'POST', headers: [], body: JSON.stringify({ test: true, text }) }],
        stop,
      )
  }
}

const NO_NUMBER = 'Enter a number with its country code, such as +33612345678.'
const NOT_CALLED =
  'Enter a public https address. Private hosts are called only where the operator allows them with FANFARE_EGRESS_ALLOW.'

function accepted(parsed: { ok: true; value: string } | { ok: false }, message: string): string {
  if (!parsed.ok) throw invalid(message)
  return parsed.value
}

/** A name that leads inwards shows itself only when it is called. */
function mayBeCalled(ctx: Ctx, url: string): boolean {
  try {
    ctx.platform.egress.check(url)
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'platform.destination_not_allowed') return false
    throw error
  }
}

const invalid = (message: string): Error =>
  errors.provider_invalid({}, { problems: [{ path: 'to', message }] })
