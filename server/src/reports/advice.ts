/** What can be made of advice, in drafts. Pure. */
import { charactersOf, SUBJECT_SHORT_MAX } from './features.ts'
import type { Precedent } from './insights.ts'
import type { Pattern } from './patterns.ts'
import type { AdviceInput, Recommendation } from './schema.ts'

type Advised = Pick<Pattern, 'feature' | 'value'>

/** What is changed in a copy; everything else is already so in the campaign that is copied. */
const CHANGED_IN_COPIES = new Set<Pattern['feature']>(['hour', 'weekday', 'segment'])

/**
 * The campaign that a draft starts from: the latest that is so already; the latest at all where a copy is only planned
 * or addressed otherwise. Those that events set off are not copied: a draft of one would have no hour.
 */
export function copyOf<Campaign extends Pick<Precedent, 'features' | 'delivery'>>(
  { feature, value }: Advised,
  precedents: readonly Campaign[],
): Campaign | null {
  return (
    precedents.find(
      ({ features, delivery }) =>
        delivery === 'scheduled' &&
        (CHANGED_IN_COPIES.has(feature) || features[feature]?.includes(value) === true),
    ) ?? null
  )
}

/** The campaign whose practice a test compares with: the latest mail that is otherwise. */
export function presentOf<Campaign extends Pick<Precedent, 'features' | 'delivery' | 'channels'>>(
  { feature, value }: Advised,
  precedents: readonly Campaign[],
): Campaign | null {
  return (
    precedents.find(
      ({ features, delivery, channels }) =>
        delivery === 'scheduled' &&
        channels.includes('email') &&
        features[feature] !== undefined &&
        !features[feature].includes(value),
    ) ?? null
  )
}

/** Variants of a test share their type, hour, channels and audience: what they say is what can be tested. */
export const isAboutContent = ({ feature }: Advised): boolean =>
  feature.startsWith('subject') || feature.startsWith('offer')

/** What a click can make of advice, given what there is to start from. */
export function usesOf(
  advised: Advised,
  precedents: readonly Pick<Precedent, 'features' | 'delivery' | 'channels'>[],
): Recommendation['uses'] {
  const uses: { as: AdviceInput['as']; isPossible: boolean }[] = [
    { as: 'draft', isPossible: copyOf(advised, precedents) !== null },
    { as: 'test', isPossible: isAboutContent(advised) && presentOf(advised, precedents) !== null },
  ]
  return uses.filter(({ isPossible }) => isPossible).map(({ as }) => as)
}

const NAMED = {
  en: '{{ contact.first_name | default: "Hello" }}, ',
  fr: '{{ contact.first_name | default: "Bonjour" }}, ',
}

/**
 * A subject that follows advice, where a plain rule can write it; empty where a person must. An empty one keeps a
 * campaign from leaving, so that no test compares a subject with itself.
 */
export function followedIn(subject: string, { feature, value }: Advised, language: 'en' | 'fr'): string {
  switch (`${feature} ${value}`) {
    case 'subjectEmoji yes':
      return `✨ ${subject}`
    case 'subjectEmoji no':
      return subject.replaceAll(/\s*\p{Extended_Pictographic}\p{M}*/gu, '').trim()
    case 'subjectPersonal yes':
      return NAMED[language] + subject
    case 'subjectExclamation yes':
      return subject.replace(/[.\s]*$/, language === 'fr' ? '\u00a0!' : '!')
    case 'subjectExclamation no':
      return subject.replaceAll(/\s*!+/g, '')
    case 'subjectLength short':
      return shortened(subject)
    default:
      return ''
  }
}

/** Its first whole words; nothing where a cut would tear Liquid apart. */
function shortened(subject: string): string {
  if (subject.includes('{')) return ''
  const words = subject.split(/\s+/)
  while (words.length > 0 && charactersOf(words.join(' ')) > SUBJECT_SHORT_MAX) words.pop()
  return words.join(' ')
}

/**
 * The wall time that advice about time comes to, from tomorrow on: the advised hour, or the advised weekday at the hour
 * of the campaign that is copied. Null for advice about anything else.
 */
export function startOf(
  { feature, value }: Advised,
  copied: Pick<Precedent, 'launchedAt'>,
  { now, timeZone }: { now: Date; timeZone: string },
): string | null {
  if (feature !== 'hour' && feature !== 'weekday') return null
  const wall = (at: Date): Temporal.PlainDateTime =>
    Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDateTime()
  const tomorrow = wall(now).toPlainDate().add({ days: 1 })
  const hour = feature === 'hour' ? Number(value) : wall(copied.launchedAt ?? now).hour
  const days = feature === 'hour' ? 0 : (Number(value) - tomorrow.dayOfWeek + 7) % 7
  return tomorrow.add({ days }).toPlainDateTime({ hour }).toString({ smallestUnit: 'minute' })
}
