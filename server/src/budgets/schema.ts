/** What the room budgets takes and gives. */
import { z } from 'zod'
import { SEND_CHANNELS } from '../consent/schema.ts'
import { defineRoutes, instant } from '../platform/wire.ts'

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

/** Price of one message in major units; up to six decimals, because an SMS costs 0.0575. */
const price = z
  .number()
  .min(0, 'At least 0.')
  .max(PRICE_MAX, `At most ${PRICE_MAX}.`)
  .refine((amount) => Math.abs(amount * 1e6 - Math.round(amount * 1e6)) < 1e-6, 'At most six decimals.')

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

export const routes = defineRoutes({
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
        .array(z.object({ channel: z.enum(SEND_CHANNELS), price, validFrom: instant.optional() }))
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
