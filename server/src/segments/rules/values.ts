/** The values that rules compare with, and their limits. */
import { z } from 'zod'
import { isStorable } from '../../platform/storable.ts'
import { DAY_MAX, DAY_MIN } from './days.ts'
import { STARS_MAX } from './glob.ts'

/** Longest text of one value, in UTF-16 units. */
export const TEXT_LENGTH_MAX = 200
/** Most values in one list; longer lists are static segments. */
export const LIST_LENGTH_MAX = 1_000
/** Widest relative window, in days: a century. */
export const DAYS_MAX = 36_500

/** One text. Composed as contacts are, so that `é` is one letter. */
export const textValue = z
  .string()
  .min(1, 'Give a text.')
  .max(TEXT_LENGTH_MAX, `At most ${TEXT_LENGTH_MAX} characters.`)
  .refine(isStorable, 'This text holds a character that cannot be stored.')
  .normalize('NFC')

/** Several texts, none twice. */
export const textsValue = z
  .array(textValue)
  .min(1, 'Give at least one value.')
  .max(LIST_LENGTH_MAX, `At most ${LIST_LENGTH_MAX} values. Upload longer lists as a static segment.`)

/** A pattern of `*` and `?`. */
export const globValue = textValue.refine(
  (pattern) => pattern.split('*').length - 1 <= STARS_MAX,
  `At most ${STARS_MAX} stars.`,
)

/** A finite number. */
export const numberValue = z.number('Give a number.')

/** Two numbers, the smaller first; both count as inside. */
export const numberRangeValue = z
  .strictObject({ from: numberValue, to: numberValue })
  .refine(({ from, to }) => from <= to, {
    message: 'The first number must not be above the second.',
    path: ['to'],
  })

/** A calendar day. */
export const dayValue = z.iso
  .date('Give a day, such as 2026-11-27.')
  .refine((day) => day >= DAY_MIN && day <= DAY_MAX, `Give a day between ${DAY_MIN} and ${DAY_MAX}.`)

/** Two days, the earlier first; both count as inside. */
export const dayRangeValue = z
  .strictObject({ from: dayValue, to: dayValue })
  .refine(({ from, to }) => from <= to, {
    message: 'The first day must not be after the second.',
    path: ['to'],
  })

/** A number of days. */
export const daysValue = z
  .int('Give a whole number of days.')
  .min(0, 'Give 0 or more.')
  .max(DAYS_MAX, `At most ${DAYS_MAX} days.`)

/** A number of days within a year, for anniversaries. */
export const daysOfYearValue = z
  .int('Give a whole number of days.')
  .min(0, 'Give 0 or more.')
  .max(365, 'At most 365 days.')

/** No value: the operator says everything. */
export const noValue = z.undefined('This condition takes no value.')

/** Any value that a clause may carry on the wire; which one is right depends on the operator and is checked with it. */
export const anyValue = z.union([
  z.string().max(TEXT_LENGTH_MAX),
  z.number(),
  z.array(z.string().max(TEXT_LENGTH_MAX)).max(LIST_LENGTH_MAX),
  z.strictObject({ from: z.number(), to: z.number() }),
  z.strictObject({ from: z.string().max(10), to: z.string().max(10) }),
])
export type AnyValue = z.output<typeof anyValue>
