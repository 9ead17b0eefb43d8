/** What the room budgets takes and gives. */
import { z } from 'zod'
import { SEND_CHANNELS } from '../consent/schema.ts'
import { day, defineRoutes, instant, pageQuery, wireId } from '../platform/wire.ts'

/** Where posts and advertisements stand. */
export const SPEND_PLATFORMS = [
  'onlyfans',
  'instagram',
  'tiktok',
  'reddit',
  'facebook',
  'x',
  'youtube',
  'google',
  'other',
] as const
export type SpendPlatform = (typeof SPEND_PLATFORMS)[number]

/** A price above this is a mistake: nobody pays 1,000 for one message. */
const PRICE_MAX = 1_000
/** Posts of well-known people are paid dearly. */
const POST_PRICE_MAX = 1_000_000

/** In major units, with six decimals at most. */
const priceUpTo = (max: number) =>
  z
    .number()
    .min(0, 'At least 0.')
    .max(max, `At most ${max}.`)
    .refine((amount) => Math.abs(amount * 1e6 - Math.round(amount * 1e6)) < 1e-3, 'At most six decimals.')

/** Price of one message in major units; up to six decimals, because an SMS costs 0.0575. */
const price = priceUpTo(PRICE_MAX)
const postPrice = priceUpTo(POST_PRICE_MAX)

const prices = z.object({
  currency: z.string(),
  /** Per channel; null where none was ever set, which counts as nothing. */
  prices: z.array(z.object({ channel: z.enum(SEND_CHANNELS), price: z.number().nullable() })),
  /** All that were set, the latest first; `validFrom` is null where it holds for everything before the next one. */
  history: z.array(
    z.object({ channel: z.enum(SEND_CHANNELS), price: z.number(), validFrom: instant.nullable() }),
  ),
})
export type MessagePrices = z.output<typeof prices>

/** Channels whose price may differ by the country of the number. */
const TELEPHONES: ReadonlySet<string> = new Set(['sms', 'whatsapp'])

const special = {
  channel: z.enum(SEND_CHANNELS),
  /** Null for whichever provider takes them. */
  providerId: wireId('provider').nullable().default(null),
  /** Of the number that is written to, ISO 3166-1 alpha-2; null for any. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'A country of two letters, such as FR.')
    .nullable()
    .default(null),
}
const namesSomething = ({ providerId, country }: { providerId: unknown; country: unknown }): boolean =>
  providerId !== null || country !== null
const isOfTelephone = ({ channel, country }: { channel: string; country: unknown }): boolean =>
  country === null || TELEPHONES.has(channel)

const specialPrices = z.object({
  currency: z.string(),
  /** As they were set, the latest first. The most telling that holds wins: both, then the country, then the provider. */
  items: z.array(
    z.object({
      ...special,
      /** Null: from then on what others of the channel cost. */
      price: z.number().nullable(),
      validFrom: instant,
    }),
  ),
  nextCursor: z.string().nullable(),
})
export type SpecialPrices = z.output<typeof specialPrices>

const postPrices = z.object({
  currency: z.string(),
  /** All that were set, the latest first; `validFrom` is null for a platform’s first, which holds for everything before. */
  items: z.array(
    z.object({ platform: z.enum(SPEND_PLATFORMS), price: z.number(), validFrom: day.nullable() }),
  ),
})
export type PostPrices = z.output<typeof postPrices>

/** What a budget of months may be of: the whole organization, or a channel. */
export const BUDGET_SCOPES = ['organization', ...SEND_CHANNELS] as const
export type BudgetScope = (typeof BUDGET_SCOPES)[number]

/** Whose budget may stop a campaign: its own, or one of those of months. */
export const BUDGET_OWNERS = ['campaign', ...BUDGET_SCOPES] as const
export type BudgetOwner = (typeof BUDGET_OWNERS)[number]

const AMOUNT_MAX = 1e12

const budgets = z.object({
  currency: z.string(),
  /** The present calendar month in the organization’s zone, as `2026-11`. */
  month: z.string(),
  items: z.array(
    z.object({
      scope: z.enum(BUDGET_SCOPES),
      /** What may be spent each month; null: whatever it costs. */
      amount: z.number().nullable(),
      /** What messages and everything else have cost this month. */
      used: z.number(),
      /** Of the budget, rounded down. */
      percent: z.number().int().nullable(),
    }),
  ),
})
export type Budgets = z.output<typeof budgets>

export const routes = defineRoutes({
  'GET /api/budgets': {
    summary: 'What may be spent in a month, of the organization and of each channel, and what was used of it',
    ok: budgets,
    permission: 'analytics.read',
  },
  'PUT /api/budgets/:scope': {
    summary:
      'Sets what may be spent each month, of the organization or of a channel; campaigns rest when it is used up, and go on when it is raised',
    params: z.object({ scope: z.enum(BUDGET_SCOPES) }),
    body: z.object({ amount: z.number().nonnegative().max(AMOUNT_MAX).nullable() }),
    ok: budgets,
    permission: 'budgets.write',
  },
  'GET /api/message-prices/special': {
    summary:
      'What messages of a provider or to a country cost, where that differs from their channel’s price',
    query: z.object(pageQuery),
    ok: specialPrices,
    permission: 'analytics.read',
  },
  'PUT /api/message-prices/special': {
    summary:
      'Sets the price of messages of a provider, to a country or of both, from the next full hour on or from an hour that is named; without a price they cost what others do',
    body: z
      .object({ ...special, price: price.nullable(), validFrom: instant.optional() })
      .refine(namesSomething, { path: ['country'], error: 'Name a country, a provider, or both.' })
      .refine(isOfTelephone, { path: ['country'], error: 'Only SMS and WhatsApp are priced by country.' }),
    ok: specialPrices,
    permission: 'budgets.write',
  },
  'DELETE /api/message-prices/special': {
    summary: 'Takes such a price back, as if it had never been set',
    query: z.object({
      channel: special.channel,
      providerId: wireId('provider').optional(),
      country: z.string().max(2).optional(),
      validFrom: instant,
    }),
    permission: 'budgets.write',
  },
  'GET /api/post-prices': {
    summary: 'What a post on a platform costs, in the organization’s currency',
    ok: postPrices,
    permission: 'analytics.read',
  },
  'PUT /api/post-prices': {
    summary: 'Sets the price of a post on a platform from a day on; posts that are priced each follow',
    body: z.object({
      platform: z.enum(SPEND_PLATFORMS),
      price: postPrice,
      /** Null: for everything before the next price, as a platform’s first does anyway. */
      validFrom: day.nullable(),
    }),
    ok: postPrices,
    permission: 'budgets.write',
  },
  'DELETE /api/post-prices': {
    summary: 'Takes a price back: the one from `validFrom` on, or a platform’s first',
    query: z.object({ platform: z.enum(SPEND_PLATFORMS), validFrom: day.optional() }),
    permission: 'budgets.write',
  },
  'GET /api/message-prices': {
    summary: 'What one message costs, per channel, in the organization’s currency',
    ok: prices,
    permission: 'analytics.read',
  },
  'PUT /api/message-prices': {
    summary:
      'Sets prices of messages, from the next full hour on or from an hour that is named; channels left out stay as they are',
    body: z.object({
      prices: z
        .array(
          z.object({
            channel: z.enum(SEND_CHANNELS),
            price,
            /** Null: for everything before the next price, as a channel’s first does anyway. */
            validFrom: instant.nullable().optional(),
          }),
        )
        .min(1)
        .max(SEND_CHANNELS.length),
    }),
    ok: prices,
    permission: 'budgets.write',
  },
  'DELETE /api/message-prices/:channel': {
    summary: 'Takes a price back: the one from `validFrom` on, or a channel’s first',
    params: z.object({ channel: z.enum(SEND_CHANNELS) }),
    query: z.object({ validFrom: instant.optional() }),
    permission: 'budgets.write',
  },
})
