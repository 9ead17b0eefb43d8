/** Leaving: the page behind the link, and the button inside the mailbox program (RFC 8058). */
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { messageUnsubscribed } from '../../tracking/index.ts'
import { withdraw } from '../preferences/record.ts'
import type { ConsentChannel } from '../words.ts'
import { escapeHtml, page } from './layout.ts'
import type { PagePerson } from './person.ts'
import { LEAVING_REASONS, TEXTS, type LeavingReason } from './texts.ts'

/** The page that asks: looking at it changes nothing. Source: RFC 8058 §3.1, PC-15 */
export function unsubscribePage(person: PagePerson): string {
  const t = TEXTS[person.locale]
  const title = t.unsubscribeTitle(person.organization)
  const reasons = LEAVING_REASONS.map(
    (reason) =>
      `<label><input type="radio" name="reason" value="${reason}">${escapeHtml(t.leavingReasons[reason])}</label>`,
  ).join('\n')
  return page(
    person.locale,
    title,
    person.organization,
    `<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(t.unsubscribeBody(person.organization, person.maskedAddress))}</p>
<form method="post">
<fieldset><legend>${escapeHtml(t.leavingQuestion)}</legend>
${reasons}
</fieldset>
<button type="submit">${escapeHtml(t.unsubscribeButton)}</button>
</form>
<p><a href="${escapeHtml(person.preferencesUrl)}">${escapeHtml(t.unsubscribeInstead)}</a></p>`,
  )
}

/** The page after it. */
export function unsubscribedPage(person: PagePerson): string {
  const t = TEXTS[person.locale]
  return page(
    person.locale,
    t.doneTitle,
    person.organization,
    `<h1>${escapeHtml(t.doneTitle)}</h1>
<p role="status">${escapeHtml(t.doneBody(person.organization, person.maskedAddress))}</p>
<p><a href="${escapeHtml(person.preferencesUrl)}">${escapeHtml(t.doneBack)}</a></p>`,
  )
}

/**
 * Unsubscribes from the channel of the message, once: repeating it changes and counts nothing.
 * Source: CS-017.2, PC-13, PC-14, PC-17
 */
export function unsubscribe(person: PagePerson, form: Readonly<Record<string, string>>): Promise<void> {
  const by = form['List-Unsubscribe'] === 'One-Click' ? ('one_click' as const) : ('page' as const)
  const t = TEXTS[person.locale]
  const { message, contactId } = person
  return inTransaction(person.ctx, async (ctx) => {
    const changed = await withdraw(
      ctx,
      {
        source: by === 'one_click' ? 'one_click' : 'unsubscribe_page',
        // A mailbox program shows its own button: no words of ours were read.
        ...(by === 'page'
          ? { wording: { text: t.unsubscribeBody(person.organization, '•••'), locale: person.locale } }
          : {}),
      },
      {
        contactId,
        channels: [channelOf(message.channel)],
        purpose: 'marketing',
        campaignId: message.campaignId,
        sourceId: message.runId,
        reason: leavingReason(form['reason']),
      },
    )
    if (changed.length === 0) return
    announce(
      ctx,
      messageUnsubscribed,
      { variant: 0, by },
      {
        // The message's own contact: figures and ledger know it under that number, also after a merger.
        contactId: message.contactId,
        campaignId: message.campaignId,
        runId: message.runId,
        channel: message.channel,
      },
    )
  })
}

function leavingReason(given: string | undefined): LeavingReason | null {
  return LEAVING_REASONS.find((reason) => reason === given) ?? null
}

const channelOf = (channel: string): ConsentChannel =>
  channel === 'sms' || channel === 'whatsapp' || channel === 'in_app' ? channel : 'email'
