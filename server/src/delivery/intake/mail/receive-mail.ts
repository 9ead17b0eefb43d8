/**
 * A mail that came back to the return path: a bounce, a complaint, or something that is none of our business. It is
 * believed as far as the signed token goes that it carries: in the address that it was sent to, or in the Message-ID
 * of what it quotes or answers. Without one it is ignored, whatever it says.
 * Source: RFC 3464, RFC 5965; PC-22; compliance report §1.3 (forged bounces)
 */
import type { Platform } from '../../../platform/platform.ts'
import { inTransaction } from '../../../platform/db/index.ts'
import { announceReply, readToken, type TokenMessage } from '../../../tracking/index.ts'
import { smsIntent } from '../../channels/sms/keywords.ts'
import type { ProviderId } from '../../providers/provider.ts'
import { readReport } from '../bounces/read-report.ts'
import { OWN_MESSAGE_ID, type FailedRecipient, type Report, type ReportedMessage } from '../bounces/report.ts'
import { applyEvents } from '../events/apply.ts'
import { claimEvents, subjectsOf } from '../events/queries.ts'
import type { VendorEvent } from '../events/vendor-event.ts'

/** Under whose id mails are taken once: they come from no provider. */
const BY_MAIL = '00000000-0000-0000-0000-000000000001' as ProviderId // no row has it
/** `b-` and 40 characters: what stands before the @ of a return path of ours. */
const RETURN_PATH = /^b-([A-Za-z0-9_-]{40})@/

/** What became of a mail. */
export type MailFate = 'bounce' | 'complaint' | 'delivered' | 'withdrawal' | 'reply' | 'ignored'

/**
 * Takes a mail. Repeating it changes nothing.
 * @param envelopeTo  the address that the mail server took it for, when it says so
 */
export async function receiveMail(
  platform: Platform,
  source: Buffer,
  envelopeTo: string | null = null,
): Promise<MailFate> {
  const report = readReport(source)
  if (report.kind === 'auto_reply' || report.kind === 'nothing') return 'ignored'
  if (report.kind === 'reply') return receiveReply(platform, report)
  const found = await messageOf(platform, report.about, envelopeTo)
  if (!found) return 'ignored'
  const event = eventOf(report, found.token, platform.clock.now())
  if (!event) return 'ignored'
  const ctx = platform.systemCtx(found.message.orgId)
  await applyEvents(
    ctx,
    { id: BY_MAIL, name: report.kind === 'complaint' ? 'arf' : 'dsn', channel: 'email' },
    [event],
  )
  if (event.what === 'complained') return 'complaint'
  if (event.what === 'unsubscribed') return 'withdrawal'
  return event.what === 'delivered' ? 'delivered' : 'bounce'
}

async function messageOf(
  platform: Platform,
  { sentTo, messageId }: ReportedMessage,
  envelopeTo: string | null,
): Promise<{ message: TokenMessage; token: string } | null> {
  return messageWith(platform, [
    ...[envelopeTo ?? '', ...sentTo].map((address) => RETURN_PATH.exec(address)?.[1]),
    OWN_MESSAGE_ID.exec(messageId ?? '')?.[1],
  ])
}

/** The message of the first token that is genuine and a mail's. */
async function messageWith(
  platform: Platform,
  tokens: readonly (string | undefined)[],
): Promise<{ message: TokenMessage; token: string } | null> {
  for (const token of tokens) {
    if (token === undefined) continue
    const read = await readToken(platform, token, 'message')
    if (read?.message.channel === 'email') return { message: read.message, token }
  }
  return null
}

/** What a person writes back; where it says no more than that they want no more mails, it is taken for that. */
async function receiveReply(
  platform: Platform,
  { messageIds, ownId, firstLine }: Extract<Report, { kind: 'reply' }>,
): Promise<MailFate> {
  const found = await messageWith(
    platform,
    messageIds.map((id) => OWN_MESSAGE_ID.exec(id)?.[1]),
  )
  if (!found) return 'ignored'
  const { message, token } = found
  const ctx = platform.systemCtx(message.orgId)
  switch (smsIntent(firstLine)) {
    case 'stop':
      await applyEvents(ctx, { id: BY_MAIL, name: 'reply', channel: 'email' }, [
        {
          what: 'unsubscribed',
          eventId: null,
          token,
          at: platform.clock.now(),
          verdict: null,
          text: firstLine.slice(0, 300),
          address: null,
        },
      ])
      return 'withdrawal'
    case 'start':
    case 'help':
      return 'ignored'
    case 'yes':
    case 'unclear':
    case 'none':
      return inTransaction(ctx, async (ctx) => {
        const fresh = await claimEvents(ctx, BY_MAIL, [
          `reply:${ownId ?? `${token}:${firstLine.slice(0, 100)}`}`,
        ])
        const [subject] = fresh.size === 0 ? [] : await subjectsOf(ctx, 'email', [message])
        if (!subject) return 'ignored'
        const { contactId, campaignId, runId } = message
        announceReply(
          ctx,
          { contactId, campaignId, runId, channel: 'email', variant: subject.variant },
          ctx.now(),
        )
        return 'reply'
      })
  }
}

function eventOf(report: Report, token: string, at: Date): VendorEvent | null {
  // Whoever got a mail of ours has its token: what a report says of other addresses is not believed.
  const base = { eventId: null, token, at, verdict: null, text: '', address: null }
  switch (report.kind) {
    case 'bounce': {
      // Our mails have one recipient: what a forwarder adds is told of the same message.
      const failed = report.failed.find(({ isFinal }) => isFinal)
      return failed ? bounceOf(failed, base) : null
    }
    case 'delivered':
      return { ...base, what: 'delivered' }
    case 'complaint':
      return withoutComplaint(report.feedbackType)
        ? { ...base, what: 'unsubscribed' }
        : report.feedbackType === 'not-spam' || report.feedbackType === 'auth-failure'
          ? null
          : { ...base, what: 'complained' }
    case 'auto_reply':
    case 'reply':
    case 'nothing':
      return null
  }
}

const withoutComplaint = (feedbackType: string): boolean => /^opt-?out/.test(feedbackType)

function bounceOf(
  { verdict, code, enhanced, text }: FailedRecipient,
  base: Omit<VendorEvent, 'what'>,
): VendorEvent {
  const isAddress = verdict.class === 'hard' || verdict.class === 'soft' || verdict.class === 'busy'
  return {
    ...base,
    what: isAddress ? 'bounced' : 'failed',
    verdict,
    text: `${code === 0 ? '' : code} ${enhanced ?? ''} ${text}`.trim().slice(0, 300),
  }
}
