/** The preference page: what a person receives and what may be noted of them, changed at once and without an account. */
import { inTransaction } from '../../platform/db/index.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import type { CenterDesign, Topic } from '../center/design.ts'
import { preferenceCenter } from '../center/manage.ts'
import { textIn } from '../center/words.ts'
import { selectPreferences, type Preference } from '../preferences/queries.ts'
import { recordConsents, withdraw } from '../preferences/record.ts'
import { selectSuppressionsOf } from '../suppression/queries.ts'
import {
  addressColumn,
  marketingAbout,
  PERSON_CHANNELS,
  suppressionList,
  type PersonChannel,
  type ConsentChannel,
  type StoredPurpose,
} from '../words.ts'
import { escapeHtml, publicPage } from '../../platform/public-page.ts'
import type { PagePerson } from './person.ts'
import { TEXTS } from './texts.ts'

/** One box on the page: a word about one purpose, on one channel or several. */
interface Choice {
  /** Its field in the form. */
  name: string
  group: 'channels' | 'topics' | 'following'
  channels: readonly PersonChannel[]
  purpose: StoredPurpose
  /** The sentence beside it, which is kept with what the person says. */
  wording: string
  note: string | null
}

/** The page as it stands for one person: its version, its boxes, which of them are ticked. */
interface PageState {
  version: number
  design: CenterDesign
  choices: readonly Choice[]
  ticked: ReadonlySet<string>
}

/** The page. `saved` is the sentence above it after a change. */
export async function preferencesPage(person: PagePerson, saved: string | null): Promise<string> {
  return render(person, await stateOf(person), saved)
}

/** The page as a design would show it to somebody who receives mail and nothing else. For its editor. */
export function preferencesPreview(design: CenterDesign, organization: string, locale: Locale): string {
  const person = {
    locale,
    organization,
    maskedAddress: 'j•••@example.com',
    hasEmail: true,
    hasPhone: true,
  }
  const choices = choicesOf(person, design)
  return render(
    person,
    {
      version: 0,
      design,
      choices,
      ticked: new Set(
        choices.flatMap(({ name, group }) => (name === 'email' || group === 'topics' ? [name] : [])),
      ),
    },
    null,
  )
}

type Shown = Pick<PagePerson, 'locale' | 'organization' | 'maskedAddress' | 'hasEmail' | 'hasPhone'>

function render(person: Shown, { design, choices, ticked }: PageState, saved: string | null): string {
  const t = TEXTS[person.locale]
  const title = textIn(design.title, person.locale) ?? t.preferencesTitle(person.organization)
  const intro = textIn(design.intro, person.locale)
  const boxes = (group: Choice['group']): string =>
    choices
      .filter((choice) => choice.group === group)
      .map(
        ({ name, wording, note }) =>
          `<label><input type="checkbox" name="${name}" value="yes"${ticked.has(name) ? ' checked' : ''}><span>${escapeHtml(wording)}${note === null ? '' : `<br><small>${escapeHtml(note)}</small>`}</span></label>`,
      )
      .join('\n')
  const fieldset = (legend: string, group: Choice['group'], note = ''): string => {
    const inside = boxes(group)
    return inside === ''
      ? ''
      : `<fieldset><legend>${escapeHtml(legend)}</legend>
${note === '' ? '' : `<p class="note">${escapeHtml(note)}</p>\n`}${inside}
</fieldset>
`
  }
  return publicPage(
    person.locale,
    title,
    person.organization,
    `${saved === null ? '' : `<p class="saved" role="status">${escapeHtml(saved)}</p>`}
<h1>${escapeHtml(title)}</h1>
${intro === null ? '' : `<p>${escapeHtml(intro)}</p>\n`}<p>${escapeHtml(t.preferencesBody(person.maskedAddress))}</p>
<form method="post">
${fieldset(t.receiveLegend, 'channels')}${fieldset(t.topicsLegend, 'topics')}${fieldset(t.followLegend, 'following', t.followBody)}<button type="submit" name="do" value="save">${escapeHtml(t.save)}</button>
</form>
<form method="post">
<fieldset><legend>${escapeHtml(t.stopAll(person.organization))}</legend>
<button class="quiet" type="submit" name="do" value="stop_all">${escapeHtml(t.stopAllButton)}</button>
</fieldset>
</form>`,
    design,
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
    const state = await stateOf({ ...person, ctx })
    for (const choice of state.choices) {
      const isWanted = form[choice.name] === 'yes'
      if (isWanted !== state.ticked.has(choice.name)) await choose(ctx, person, state, choice, isWanted)
    }
  })
  return t.saved
}

/** A word for all channels; and no more following. */
function stopEverything(person: PagePerson): Promise<unknown> {
  const t = TEXTS[person.locale]
  const { contactId, message } = person
  const by = { contactId, campaignId: message.campaignId, sourceId: message.runId }
  return inTransaction(person.ctx, async (ctx) => {
    const { version } = await preferenceCenter(ctx)
    const origin = {
      source: 'preference_page' as const,
      wording: { text: t.stopAll(person.organization), locale: person.locale },
    }
    const words = { ...by, sourceVersion: String(version) }
    const spoken = await selectPreferences(ctx, [contactId])
    const granted = PERSON_CHANNELS.filter(
      (channel) =>
        channel === 'email' ||
        channel === 'sms' ||
        spoken.some((word) => word.channel === channel && word.state === 'granted'),
    )
    await withdraw(ctx, origin, { ...words, channels: ['all', ...granted], purpose: 'marketing' })
    for (const purpose of ['tracking_open', 'tracking_click'] as const)
      await withdraw(ctx, origin, { ...words, channels: ['email'], purpose })
  })
}

async function choose(
  ctx: Ctx,
  person: PagePerson,
  { version }: PageState,
  choice: Choice,
  isWanted: boolean,
): Promise<void> {
  const { purpose, wording } = choice
  const origin = { source: 'preference_page' as const, wording: { text: wording, locale: person.locale } }
  const { contactId, message } = person
  const by = {
    contactId,
    campaignId: message.campaignId,
    sourceId: message.runId,
    sourceVersion: String(version),
  }
  if (!isWanted) {
    await withdraw(ctx, origin, { ...by, channels: choice.channels, purpose })
    return
  }
  // A yes to one channel takes back an earlier no to all of them; the other channels keep their own word.
  const channels: ConsentChannel[] =
    purpose === 'marketing' && (await hasStoppedAll(ctx, person))
      ? ['all', ...choice.channels]
      : [...choice.channels]
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

function choicesOf(person: Shown, design: CenterDesign): Choice[] {
  const t = TEXTS[person.locale]
  const offered = design.channels.filter((channel) => {
    const column = addressColumn(channel)
    return column === null || (column === 'email' ? person.hasEmail : person.hasPhone)
  })
  const following = (name: 'tracking_open' | 'tracking_click', wording: string): Choice => ({
    name,
    group: 'following',
    channels: ['email'],
    purpose: name,
    wording,
    note: null,
  })
  return [
    ...offered.map((channel): Choice => ({
      name: channel,
      group: 'channels',
      channels: [channel],
      purpose: 'marketing',
      wording: t.channels[channel](person.organization),
      note: null,
    })),
    ...design.topics.flatMap((topic) => topicChoice(person, topic, offered)),
    ...(design.offersTracking && person.hasEmail
      ? [following('tracking_open', t.trackingOpen), following('tracking_click', t.trackingClick)]
      : []),
  ]
}

function topicChoice({ locale }: Shown, topic: Topic, offered: readonly PersonChannel[]): Choice[] {
  const channels = topic.channels.filter((channel) => offered.includes(channel))
  const name = textIn(topic.name, locale)
  if (topic.isArchived || channels.length === 0 || name === null) return []
  return [
    {
      name: `topic_${topic.key}`,
      group: 'topics',
      channels,
      purpose: marketingAbout(topic.key),
      wording: TEXTS[locale].topic(name),
      note: textIn(topic.description, locale),
    },
  ]
}

async function stateOf(person: PagePerson): Promise<PageState> {
  const { ctx, contactId } = person
  const { version, design } = await preferenceCenter(ctx)
  const words = await selectPreferences(ctx, [contactId])
  const suppressed = await selectSuppressionsOf(ctx, contactId)
  const hasStopped = words.some((word) => word.channel === 'all' && isNo(word))
  const isOn = (channel: PersonChannel, purpose: StoredPurpose): boolean | null => {
    const word = words.find((candidate) => candidate.channel === channel && candidate.purpose === purpose)
    if (!word) return null
    return word.state === 'granted' && (word.expiresAt === null || word.expiresAt > ctx.now())
  }
  const isReached = (channel: PersonChannel): boolean => {
    const hasLeft = suppressed.some(
      (entry) => entry.channel === suppressionList(channel) && entry.reason === 'unsubscribe',
    )
    return !hasStopped && !hasLeft && isOn(channel, 'marketing') === true
  }
  const isTicked = ({ group, channels, purpose }: Choice): boolean => {
    const [channel = 'email'] = channels
    switch (group) {
      case 'channels':
        return isReached(channel)
      // Without a word about it, a topic follows its channels.
      case 'topics':
        return channels.some((each) => isOn(each, purpose) ?? isReached(each))
      // Followed links are noted unless the person says no; opens need a yes.
      case 'following':
        return isOn(channel, purpose) ?? purpose === 'tracking_click'
    }
  }
  const choices = choicesOf(person, design)
  return {
    version,
    design,
    choices,
    ticked: new Set(choices.filter(isTicked).map(({ name }) => name)),
  }
}
