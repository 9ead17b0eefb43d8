/** What a contact has become, for whoever looks. */
import { getContact, zonesOf } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Profile } from '../schema.ts'
import { selectChannels, selectOtherMoney, selectProfile, type ProfileRow } from './read-queries.ts'
import { selectOrganization } from './setting-queries.ts'

const HOURS = 24

/**
 * Reads the profile of a contact; zeros for one who did nothing yet.
 * @throws contacts.not_found
 */
export async function readProfile(ctx: Ctx, contactId: ContactId): Promise<Profile> {
  await getContact(ctx, contactId)
  const organization = await selectOrganization(ctx)
  const zone = (await zonesOf(ctx, [contactId], organization.timeZone)).get(contactId)
  const row = await selectProfile(ctx, contactId)
  const otherMoney = await selectOtherMoney(ctx, contactId)
  return {
    contactId,
    currency: organization.currency,
    orders: row?.orders ?? 0,
    refunds: row?.refunds ?? 0,
    revenueMinor: Number(row?.revenueMinor ?? 0),
    refundedMinor: Number(row?.refundedMinor ?? 0),
    averageOrderMinor: numberOf(row?.averageOrderMinor),
    lastOrderMinor: numberOf(row?.lastOrderMinor),
    firstOrderAt: row?.firstOrderAt ?? null,
    lastOrderAt: row?.lastOrderAt ?? null,
    firstActivityAt: row?.firstActivityAt ?? null,
    lastActivityAt: row?.lastActivityAt ?? null,
    engagementScore: row?.engagementScore ?? 0,
    lifetimeValueMinor: Number(row?.lifetimeValueMinor ?? 0),
    rfm: rfmOf(row),
    spendingLevel: row?.spendingLevel ?? null,
    subscription: subscriptionOf(row),
    bestHours: row?.bestHours ?? Array.from({ length: HOURS }, () => 0),
    timeZone: zone?.zone ?? organization.timeZone,
    timeZoneFrom: zone?.from ?? 'organization',
    channels: await selectChannels(ctx, contactId),
    otherMoney: otherMoney.map((money) => ({
      ...money,
      revenueMinor: Number(money.revenueMinor),
      refundedMinor: Number(money.refundedMinor),
    })),
    updatedAt: row?.updatedAt ?? null,
  }
}

const numberOf = (text: string | null | undefined): number | null =>
  text === null || text === undefined ? null : Number(text)

function rfmOf(row: ProfileRow | undefined): Profile['rfm'] {
  if (!row || row.rfmClass === null) return null
  const { rfmRecency: recency, rfmFrequency: frequency, rfmMonetary: monetary } = row
  return recency === null || frequency === null || monetary === null
    ? null
    : { recency, frequency, monetary, class: row.rfmClass }
}

function subscriptionOf(row: ProfileRow | undefined): Profile['subscription'] {
  if (!row || row.subscriptionStatus === null || row.subscriptionAt === null) return null
  return { tier: row.subscriptionTier, status: row.subscriptionStatus, at: row.subscriptionAt }
}
