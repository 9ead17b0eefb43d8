/** The preference page: what a person receives and what may be noted of them, changed at once and without an account. */
import { inTransaction } from '../../platform/db/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { selectPreferences, type Preference } from '../preferences/queries.ts'
import { recordConsents, withdraw } from '../preferences/record.ts'
import { selectSuppressionsOf } from '../suppression/queries.ts'
import type { ConsentChannel, ConsentPurpose } from '../words.ts'
import { escapeHtml, page } from './layout.ts'
import type { PagePerson } from './person.ts'
import { TEXTS, type PageTexts } from './texts.ts'

/** One box on the page. */
interface Choice {
  name: 'email' | 'sms' | 'tracking_open' | 'tracking_click'
  channel: ConsentChannel
  purpose: ConsentPurpose
  wording: (texts: PageTexts, organization: string) => string
  /** Followed links are noted unless the person says no; everything else needs a yes. */
  isOnWithoutWord: boolean
}

const CHOICES: readonly Choice[] = [
  {
    name: 'email',
    channel: 'email',
    purpose: 'marketing',
    wording: (t, org) => t.email(org),
    isOnWithoutWord: false,
  },
  {
    name: 'sms',
    channel: 'sms',
    purpose: 'marketing',
    wording: (t, org) => t.sms(org),
    isOnWithoutWord: false,
  },
  {
    name: 'tracking_open',
    channel: 'email',
    purpose: 'tracking_open',
    wording: (t) => t.trackingOpen,
    isOnWithoutWord: false,
  },
  {
    name: 'tracking_click',
    channel: 'email',
    purpose: 'tracking_click',
    wording: (t) => t.trackingClick,
    isOnWithoutWord: true,
  },
]

/** What is in force for a person, box by box. */
type Standing = Record<Choice['name'], boolean>

/** The page. `saved` is the sentence above it after a change. */
export async function preferencesPage(person: PagePerson, saved: string | null): Promise<string> {
  const t = TEXTS[person.locale]
  const standing = await standingOf(person)
  const title = t.preferencesTitle(person.organization)
  const box = ({ name, wording }: Choice): string =>
    `<label><input type="checkbox" name="${name}" value="yes"${standing[name] ? ' checked' : ''}>${escapeHtml(wording(t, person.organization))}</label>`
  const offered = CHOICES.filter((choice) => isOffered(choice, person))
  const boxes = (purposes: readonly ConsentPurpose[]): string =>
    offered
      .filter((choice) => purposes.includes(choice.purpose))
      .map(box)
      .join('\n')
  return page(
    person.locale,
    title,
    person.organization,
    `${saved === null ? '' : `<p class="saved" role="status">${escapeHtml(saved)}</p>`}
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(t.preferencesBody(person.maskedAddress))}</p>
<form method="post">
<fieldset><legend>${escapeHtml(t.receiveLegend)}</legend>
${boxes(['marketing'])}
</fieldset>
<fieldset><legend>${escapeHtml(t.followLegend)}</legend>
<p class="note">${escapeHtml(t.followBody)}</p>
${boxes(['tracking_open', 'tracking_click'])}
</fieldset>
<button type="submit" name="do" value="save">${escapeHtml(t.save)}</button>
</form>
<form method="post">
<fieldset><legend>${escapeHtml(t.stopAll(person.organization))}</legend>
<button class="quiet" type="submit" name="do" value="stop_all">${escapeHtml(t.stopAllButton)}</button>
</fieldset>
</form>`,
  )
}

/**
 * Writes down what the person chose. @returns the sentence that says so
 * Source: MA-9.2, CS-017.1, PC-04, PC-18
 */
export async function savePreferences(
  person: PagePerson,
  form: Readonly<Record<string, string>>,
): Promise<string> {
  const t = TEXTS[person.locale]
  if (form['do'] === 'stop_all') {
    await stopEverything(person)
    return t.stoppedAll
  }
  await inTransaction(person.ctx, async (ctx) => {
    const standing = await standingOf({ ...person, ctx })
    for (const choice of CHOICES.filter((candidate) => isOffered(candidate, person))) {
      const isWanted = form[choice.name] === 'yes'
      if (isWanted !== standing[choice.name]) await choose(ctx, person, choice, isWanted)
    }
  })
  return t.saved
}

/** A word for all channels; and no more following. */
function stopEverything(person: PagePerson): Promise<unknown> {
  const t = TEXTS[person.locale]
  const origin = {
    source: 'preference_page' as const,
    wording: { text: t.stopAll(person.organization), locale: person.locale },
  }
  const { contactId, message } = person
  const by = { contactId, campaignId: message.campaignId, sourceId: message.runId }
  return inTransaction(person.ctx, async (ctx) => {
    await withdraw(ctx, origin, { ...by, channels: ['all', 'email', 'sms'], purpose: 'marketing' })
    for (const purpose of ['tracking_open', 'tracking_click'] as const)
      await withdraw(ctx, origin, { ...by, channels: ['email'], purpose })
  })
}

async function choose(ctx: Ctx, person: PagePerson, choice: Choice, isWanted: boolean): Promise<void> {
  const text = choice.wording(TEXTS[person.locale], person.organization)
  const origin = { source: 'preference_page' as const, wording: { text, locale: person.locale } }
  const { contactId, message } = person
  const by = { contactId, campaignId: message.campaignId, sourceId: message.runId }
  const { channel, purpose } = choice
  if (!isWanted) {
    await withdraw(ctx, origin, { ...by, channels: [channel], purpose })
    return
  }
  // A yes to one channel takes back an earlier no to all of them; the other channels keep their own word.
  const channels: ConsentChannel[] =
    purpose === 'marketing' && (await hasStoppedAll(ctx, person)) ? ['all', channel] : [channel]
  await recordConsents(
    ctx,
    origin,
    channels.map((each) => ({ ...by, channel: each, purpose, state: 'granted' as const })),
  )
}

async function hasStoppedAll(ctx: Ctx, person: PagePerson): Promise<boolean> {
  const words = await selectPreferences(ctx, [person.contactId])
  return words.some((word) => word.channel === 'all' && isNo(word))
}

const isNo = (word: Preference): boolean => word.state === 'withdrawn' || word.state === 'denied'

const isOffered = (choice: Choice, person: PagePerson): boolean =>
  choice.channel === 'sms' ? person.hasPhone : person.hasEmail || person.message.channel === 'email'

async function standingOf(person: PagePerson): Promise<Standing> {
  const { ctx, contactId } = person
  const words = await selectPreferences(ctx, [contactId])
  const suppressed = await selectSuppressionsOf(ctx, contactId)
  const hasStopped = words.some((word) => word.channel === 'all' && isNo(word))
  const isOn = ({ channel, purpose, isOnWithoutWord }: Choice): boolean => {
    if (
      purpose === 'marketing' &&
      (hasStopped || suppressed.some((entry) => entry.channel === channel && entry.reason === 'unsubscribe'))
    )
      return false
    const word = words.find((candidate) => candidate.channel === channel && candidate.purpose === purpose)
    if (!word) return isOnWithoutWord
    return word.state === 'granted' && (word.expiresAt === null || word.expiresAt > ctx.now())
  }
  return Object.fromEntries(CHOICES.map((choice) => [choice.name, isOn(choice)])) as Standing // one entry per choice
}
