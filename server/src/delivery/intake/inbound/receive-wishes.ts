/**
 * What people tell WhatsApp itself about the marketing of a business: a stop there is a withdrawal for the channel, as if they
 * had written it to the number; the end of it says again what it ended.
 * Source: Meta's reference of the webhook user_preferences; compliance report §2.4
 */
import { recordConsents, resumeWithdrawn } from '../../../consent/index.ts'
import { parsePhone } from '../../../contacts/index.ts'
import { audit } from '../../../platform/audit/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import { inTransaction } from '../../../platform/db/index.ts'
import type { ContactId } from '../../../platform/ids.ts'
import type { OpenProvider } from '../../providers/provider.ts'
import { claimEvents } from '../events/queries.ts'
import type { MarketingWish } from '../events/vendor-event.ts'
import { sendersOf } from './queries.ts'

/** By this a stop is known again when it ends. */
const SOURCE_ID = 'user_preferences'
const CHANNEL = 'whatsapp'

/** Acts on wishes in the order in which they were had, each once for everybody who has the number. */
export async function receiveWishes(
  ctx: Ctx,
  provider: OpenProvider,
  wishes: readonly MarketingWish[],
): Promise<void> {
  if (wishes.length === 0) return
  await inTransaction(ctx, async (ctx) => {
    const read = wishes
      .flatMap((wish) => {
        const from = parsePhone(wish.from, null)
        return from.ok ? [{ ...wish, from: from.value }] : []
      })
      .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    const people = await sendersOf(
      ctx,
      read.map(({ from }) => from),
    )
    for (const wish of read) {
      const ids = (people.get(wish.from) ?? []).map(({ id }) => id)
      const names = new Map(ids.map((id) => [id, nameOf(wish, id)]))
      const fresh = await claimEvents(ctx, provider.id, [...names.values()])
      const contactIds = ids.filter((id) => fresh.has(names.get(id) ?? ''))
      if (contactIds.length > 0) await act(ctx, wish, contactIds)
    }
  })
}

/** Meta gives no id: somebody has one wish an instant. Of the contact, so that no number is kept for it. */
const nameOf = ({ wish, at }: MarketingWish, id: ContactId): string =>
  `${SOURCE_ID}:${id}:${wish}:${at.getTime()}`

async function act(ctx: Ctx, { wish, at, text }: MarketingWish, contactIds: ContactId[]): Promise<void> {
  const reason = text.slice(0, REASON_CHARS_MAX) || null
  const said = { channel: CHANNEL, sourceId: SOURCE_ID, occurredAt: at, reason } as const
  if (wish === 'resume') {
    await resumeWithdrawn(ctx, { source: 'inbound' }, { contactIds, ...said })
    return
  }
  const changed = await recordConsents(
    ctx,
    { source: 'inbound' },
    contactIds.map((contactId) => ({
      contactId,
      purpose: 'marketing' as const,
      state: 'withdrawn' as const,
      ...said,
    })),
  )
  for (const { contactId } of changed)
    audit(
      ctx,
      'inbound.opted_out',
      { kind: 'contact', id: contactId },
      { channel: CHANNEL, source: SOURCE_ID },
    )
}

const REASON_CHARS_MAX = 200
