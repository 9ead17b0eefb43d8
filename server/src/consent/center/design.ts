/** What the preference centre shows, as an organization designs it. Pure. */
import { z } from 'zod'
import { PERSON_CHANNELS, TOPIC_KEY } from '../words.ts'
import { localized } from './words.ts'

const TITLE_CHARS_MAX = 120
const TEXT_CHARS_MAX = 600
const NAME_CHARS_MAX = 80
const URL_CHARS_MAX = 500
/** More topics than anybody reads through. */
const TOPICS_MAX = 30

/** A topic that people may choose or leave, whatever the channel. */
export const topic = z.strictObject({
  key: z.string().regex(TOPIC_KEY, 'Small letters, digits and hyphens, at most 40.'),
  name: localized(NAME_CHARS_MAX).refine(
    (name) => Boolean(name.en) || Boolean(name.fr),
    'Give the topic a name.',
  ),
  description: localized(TEXT_CHARS_MAX).optional(),
  /** Ways on which messages about it go out. */
  channels: z
    .array(z.enum(PERSON_CHANNELS))
    .min(1, 'Choose at least one channel.')
    .max(PERSON_CHANNELS.length),
  /** Archived topics are offered no more; what people said about them stays. */
  isArchived: z.boolean().default(false),
})
export type Topic = z.output<typeof topic>

/** Everything that the preference centre shows beside what is the same for all. */
export const centerDesign = z.strictObject({
  title: localized(TITLE_CHARS_MAX).optional(),
  intro: localized(TEXT_CHARS_MAX).optional(),
  /** Channels that are offered, to those who have an address there. */
  channels: z
    .array(z.enum(PERSON_CHANNELS))
    .min(1, 'Offer at least one channel.')
    .max(PERSON_CHANNELS.length),
  topics: z
    .array(topic)
    .max(TOPICS_MAX)
    .superRefine((topics, context) => {
      const keys = topics.map(({ key }) => key)
      keys.forEach((key, position) => {
        if (keys.indexOf(key) < position)
          context.addIssue({ code: 'custom', path: [position, 'key'], message: 'This key is taken.' })
      })
    }),
  /** Whether people choose here what is measured of them. Off only where nothing is measured. */
  offersTracking: z.boolean(),
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'A colour like #5b3df5.')
    .nullable(),
  logoUrl: z
    .url({ protocol: /^https$/, error: 'An address that begins with https://.' })
    .max(URL_CHARS_MAX)
    .nullable(),
})
export type CenterDesign = z.output<typeof centerDesign>

/** What is shown until an organization designs its own. */
export const DEFAULT_DESIGN: CenterDesign = {
  channels: ['email', 'sms'],
  topics: [],
  offersTracking: true,
  accent: null,
  logoUrl: null,
}
