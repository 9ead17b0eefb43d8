/** What sets a campaign off, as a sentence. */
import type { Ctx, Locale } from '../../platform/context.ts'
import { readEventTests } from '../../segments/index.ts'
import { readListened } from './recent-queries.ts'
import type { Trigger } from './schema.ts'

interface TriggerWords {
  event(phrase: string): string
  segment(name: string): string
  goneSegment: string
  brokenEvent(name: string): string
  atOnce: string
  delay: Readonly<Record<Trigger['delay']['unit'], (count: number) => string>>
  limit: Readonly<Record<Trigger['limit'], string>>
}

const WORDS: Readonly<Record<Locale, TriggerWords>> = {
  en: {
    event: (phrase) => `When somebody does ${phrase}`,
    segment: (name) => `When somebody enters the segment “${name}”`,
    goneSegment: 'When somebody enters a segment that is gone',
    brokenEvent: (name) => `When somebody does “${name}”, under conditions that no longer hold together`,
    atOnce: 'at once',
    delay: {
      minutes: (count) => `${count} ${count === 1 ? 'minute' : 'minutes'} later`,
      hours: (count) => `${count} ${count === 1 ? 'hour' : 'hours'} later`,
      days: (count) => `${count} ${count === 1 ? 'day' : 'days'} later`,
    },
    limit: {
      '1h': 'at most once an hour per person',
      '24h': 'at most once in 24 hours per person',
      '7d': 'at most once in 7 days per person',
      '30d': 'at most once in 30 days per person',
      ever: 'once ever per person',
    },
  },
  fr: {
    event: (phrase) => `Quand une personne fait ${phrase}`,
    segment: (name) => `Quand une personne entre dans le segment « ${name} »`,
    goneSegment: 'Quand une personne entre dans un segment qui n’existe plus',
    brokenEvent: (name) => `Quand une personne fait « ${name} », sous des conditions qui ne tiennent plus`,
    atOnce: 'aussitôt',
    delay: {
      minutes: (count) => `${count} ${count === 1 ? 'minute' : 'minutes'} plus tard`,
      hours: (count) => `${count} ${count === 1 ? 'heure' : 'heures'} plus tard`,
      days: (count) => `${count} ${count === 1 ? 'jour' : 'jours'} plus tard`,
    },
    limit: {
      '1h': 'au plus une fois par heure et par personne',
      '24h': 'au plus une fois par 24 heures et par personne',
      '7d': 'au plus une fois par 7 jours et par personne',
      '30d': 'au plus une fois par 30 jours et par personne',
      ever: 'une seule fois par personne',
    },
  },
}

/** `When somebody does “Order Completed” (total is at least 50): 2 hours later, at most once in 24 hours per person.` */
export async function triggerSentence(ctx: Ctx, trigger: Trigger): Promise<string> {
  const words = WORDS[ctx.locale]
  const { count, unit } = trigger.delay
  const delay = count === 0 ? words.atOnce : words.delay[unit](count)
  const colon = ctx.locale === 'fr' ? ' :' : ':'
  return `${await sourcePhrase(ctx, trigger)}${colon} ${delay}, ${words.limit[trigger.limit]}.`
}

async function sourcePhrase(ctx: Ctx, { source }: Trigger): Promise<string> {
  const words = WORDS[ctx.locale]
  if (source.kind === 'event') {
    const [test] = await readEventTests(ctx, [source])
    return test?.kind === 'ready'
      ? words.event(test.value.phrase[ctx.locale])
      : words.brokenEvent(source.event)
  }
  const segment = await readListened(ctx, source.segmentId)
  return segment ? words.segment(segment.name) : words.goneSegment
}
