/**
 * Leaving: the page behind the link, and the button inside the mailbox program (RFC 8058). Where the message was about a
 * topic, the page lets its reader leave that topic alone. The button of a mailbox program shows no words of ours: whoever
 * presses it has left everything on the channel.
 */
import { allTopics } from '../center/manage.ts'
import { textIn } from '../center/words.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { messageUnsubscribed } from '../../tracking/index.ts'
import { withdraw } from '../preferences/record.ts'
import { marketingAbout, type ConsentChannel } from '../words.ts'
import { escapeHtml, publicPage } from '../../platform/public-page.ts'
import { topicOfRun } from './message-topic.ts'
import type { PagePerson } from './person.ts'
import { LEAVING_REASONS, TEXTS, type LeavingReason } from './texts.ts'

/** The page that asks: looking at it changes nothing. Source: RFC 8058 §3.1, PC-15 */
export async function unsubscribePage(person: PagePerson): Promise<string> {
  const t = TEXTS[person.locale]
  const topic = await topicOf(person)
  const title = t.unsubscribeTitle(person.organization)
  const reasons = LEAVING_REASONS.map(
    (reason) =>
      `<label><input type="radio" name="reason" value="${reason}">${escapeHtml(t.leavingReasons[reason])}</label>`,
  ).join('\n')
  return publicPage(
    person.locale,
    title,
    person.organization,
    `<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(topic === null ? t.unsubscribeBody(person.organization, person.maskedAddress) : t.leaveTopicBody(person.organization, topic.name, person.maskedAddress))}</p>
<form method="post">
<fieldset><legend>${escapeHtml(t.leavingQuestion)}</legend>
${reasons}
</fieldset>
${
  topic === null
    ? `<button type="submit">${escapeHtml(t.unsubscribeButton)}</button>`
    : `<button type="submit" name="leave" value="topic">${escapeHtml(t.leaveTopicButton(topic.name))}</button>
<button class="quiet" type="submit" name="leave" value="all">${escapeHtml(t.leaveAllButton(person.organization))}</button>`
}
</form>
<p><a href="${escapeHtml(person.preferencesUrl)}">${escapeHtml(t.unsubscribeInstead)}</a></p>`,
  )
}

/** The page after it: `left` is the topic that alone was left. */
export function unsubscribedPage(person: PagePerson, left: LeftTopic | null): string {
  const t = TEXTS[person.locale]
  return publicPage(
    person.locale,
    t.doneTitle,
    person.organization,
    `<h1>${escapeHtml(t.doneTitle)}</h1>
<p role="status">${escapeHtml(left === null ? t.doneBody(person.organization, person.maskedAddress) : t.leftTopicBody(person.organization, left.name, person.maskedAddress))}</p>
<p><a href="${escapeHtml(person.preferencesUrl)}">${escapeHtml(t.doneBack)}</a></p>`,
  )
}

/** A topic that somebody leaves, in their language. */
interface LeftTopic {
  key: string
  name: string
}

/**
 * Unsubscribes from the channel of the message, or from its topic alone, once: repeating it changes and counts nothing.
 * @returns the topic that alone was left; null: the whole channel
 * Source: CS-017.2, PC-13, PC-14, PC-17
 */
export async function unsubscribe(
  person: PagePerson,
  form: Readonly<Record<string, string>>,
): Promise<LeftTopic | null> {
  const topic = form['leave'] === 'topic' ? await topicOf(person) : null
  await leave(person, topic, form)
  return topic
}

function leave(
  person: PagePerson,
  topic: LeftTopic | null,
  form: Readonly<Record<string, string>>,
): Promise<void> {
  const by = form['List-Unsubscribe'] === 'One-Click' ? ('one_click' as const) : ('page' as const)
  const { message, contactId } = person
  return inTransaction(person.ctx, async (ctx) => {
    const changed = await withdraw(
      ctx,
      {
        source: by === 'one_click' ? 'one_click' : 'unsubscribe_page',
        // A mailbox program shows its own button: no words of ours were read.
        ...(by === 'page' ? { wording: { text: wordingOf(person, topic), locale: person.locale } } : {}),
      },
      {
        contactId,
        channels: [channelOf(message.channel)],
        purpose: marketingAbout(topic?.key ?? null),
        campaignId: message.campaignId,
        sourceId: message.runId,
        reason: leavingReason(form['reason']),
      },
    )
    if (changed.length === 0) return
    announce(
      ctx,
      messageUnsubscribed,
      { variant: 0, by, ...(topic === null ? {} : { topic: topic.key }) },
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

/** The sentence above the button, without the address. */
function wordingOf({ locale, organization }: PagePerson, topic: LeftTopic | null): string {
  const t = TEXTS[locale]
  return topic === null
    ? t.unsubscribeBody(organization, '•••')
    : t.leaveTopicBody(organization, topic.name, '•••')
}

/** What the message was about; null when about anything, or when the topic has no name any more. */
async function topicOf({ ctx, locale, message }: PagePerson): Promise<LeftTopic | null> {
  const key = await topicOfRun(ctx, message.runId)
  if (key === null) return null
  const topic = (await allTopics(ctx)).find((candidate) => candidate.key === key)
  const name = topic ? textIn(topic.name, locale) : null
  return name === null ? null : { key, name }
}

function leavingReason(given: string | undefined): LeavingReason | null {
  return LEAVING_REASONS.find((reason) => reason === given) ?? null
}

const channelOf = (channel: string): ConsentChannel =>
  channel === 'sms' || channel === 'whatsapp' || channel === 'in_app' ? channel : 'email'
