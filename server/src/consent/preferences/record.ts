/** Writing down what people said. */
import { createHash } from 'node:crypto'
import type { Ctx } from '../../platform/context.ts'
import { audit } from '../../platform/audit/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { assert } from '../../platform/errors.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import { consentChanged } from '../events.ts'
import { endUnsubscriptions, suppressWithdrawn } from '../suppression/queries.ts'
import {
  purposeOnWire,
  type ConsentBasis,
  type ConsentChannel,
  type ConsentSource,
  type ConsentState,
  type StoredPurpose,
} from '../words.ts'
import {
  insertEvents,
  insertWording,
  lockPerson,
  selectPreferences,
  selectWithdrawnBy,
  type ChangedPreference,
} from './queries.ts'

/** Words written down in one statement. */
export const CONSENT_BATCH_MAX = 5_000

/** One word of one person. */
export interface ConsentRecord {
  contactId: ContactId
  channel: ConsentChannel
  purpose: StoredPurpose
  state: ConsentState
  /** `consent` unless said otherwise. */
  basis?: ConsentBasis
  /** When it was said; now unless given. Never in the future. */
  occurredAt?: Date
  expiresAt?: Date | null
  campaignId?: CampaignId | null
  /** The person's own words, or a member's. */
  reason?: string | null
  sourceId?: string | null
  sourceVersion?: string | null
}

/** Where the words of one call come from. */
export interface ConsentOrigin {
  source: ConsentSource
  /** The sentence that the person saw, in the language in which they saw it. */
  wording?: { text: string; locale: string }
  userAgentFamily?: string | null
}

/** Sources that tell of people long ago or at second hand: they never take an address off the suppression list. */
const SECOND_HAND: ReadonlySet<ConsentSource> = new Set(['import', 'merge', 'complaint'])

/** Writes down one word. @returns whether the word in force changed */
export async function recordConsent(
  ctx: Ctx,
  origin: ConsentOrigin,
  record: ConsentRecord,
): Promise<boolean> {
  return (await recordConsents(ctx, origin, [record])).length > 0
}

/**
 * Writes down many words at once: history, fold and the suppression of addresses whose owners withdrew.
 * A word from the future is booked at the present instant, so that nothing outweighs a withdrawal made today.
 *
 * @returns the preferences that changed
 * Source: MA-9.1, CS-017, CS-018.2
 */
export function recordConsents(
  ctx: Ctx,
  origin: ConsentOrigin,
  records: readonly ConsentRecord[],
): Promise<ChangedPreference[]> {
  assert(records.length <= CONSENT_BATCH_MAX, `at most ${CONSENT_BATCH_MAX} words at once`)
  return inTransaction(ctx, async (ctx) => {
    if (records.length === 0) return []
    const wordingHash = await rememberWording(ctx, origin)
    const now = ctx.now()
    const changed = await insertEvents(
      ctx,
      {
        sourceKind: origin.source,
        actorKind: ctx.actor.kind,
        actorId: ctx.actor.id,
        addressPrefix: ctx.addressPrefix,
        userAgentFamily: origin.userAgentFamily ?? null,
      },
      records.map((record) => ({
        contactId: record.contactId,
        channel: record.channel,
        purpose: record.purpose,
        state: record.state,
        basis: record.basis ?? 'consent',
        occurredAt: record.occurredAt && record.occurredAt < now ? record.occurredAt : now,
        expiresAt: record.expiresAt ?? null,
        sourceId: record.sourceId ?? null,
        sourceVersion: record.sourceVersion ?? null,
        wordingHash,
        locale: origin.wording?.locale ?? null,
        campaignId: record.campaignId ?? null,
        reason: record.reason ?? null,
      })),
    )
    auditWord(ctx, origin.source, records)
    await keepSuppressionsInStep(ctx, origin.source, changed)
    announceChanges(ctx, origin.source, changed)
    return changed
  })
}

/**
 * Withdraws, at once and only once: whoever has withdrawn already is left in peace.
 *
 * @param channels  `all` alone for everything at once
 * @returns the channels whose word changed; empty when all had been withdrawn before
 * Source: MA-9.2, CS-017.2, PC-14
 */
export function withdraw(
  ctx: Ctx,
  origin: ConsentOrigin,
  person: { contactId: ContactId; channels: readonly ConsentChannel[]; purpose: StoredPurpose } & Pick<
    ConsentRecord,
    'campaignId' | 'reason' | 'sourceId' | 'sourceVersion'
  >,
): Promise<ConsentChannel[]> {
  return inTransaction(ctx, async (ctx) => {
    await lockPerson(ctx, person.contactId)
    const present = await selectPreferences(ctx, [person.contactId])
    const channels = person.channels.filter(
      (channel) =>
        !present.some(
          (word) => word.channel === channel && word.purpose === person.purpose && word.state === 'withdrawn',
        ),
    )
    const { contactId, purpose, campaignId, reason, sourceId, sourceVersion } = person
    const changed = await recordConsents(
      ctx,
      origin,
      channels.map((channel) => ({
        contactId,
        channel,
        purpose,
        state: 'withdrawn' as const,
        campaignId: campaignId ?? null,
        reason: reason ?? null,
        sourceId: sourceId ?? null,
        sourceVersion: sourceVersion ?? null,
      })),
    )
    return changed.map((change) => change.channel)
  })
}

/**
 * Who of these people left a channel's marketing from one source, and nowhere else since: a word that is said where they left
 * may bring them back, and frees nobody who left elsewhere or who left everything.
 */
export async function withdrawnBy(
  ctx: Ctx,
  source: ConsentSource,
  people: { contactIds: readonly ContactId[]; channel: ConsentChannel },
): Promise<ReadonlySet<ContactId>> {
  const rows = await selectWithdrawnBy(ctx, people.contactIds, people.channel, source)
  return new Set(rows.map(({ contactId }) => contactId))
}

/** The hash under which a wording is kept: of its language and its text. */
export function wordingHashOf(wording: { text: string; locale: string }): Buffer {
  return createHash('sha256').update(`${wording.locale}\0${wording.text}`).digest()
}

/** What one person said is an entry of the audit chain; an import is one as a whole, written where it ends. */
function auditWord(ctx: Ctx, source: ConsentSource, records: readonly ConsentRecord[]): void {
  const [first] = records
  if (!first || records.some((record) => record.contactId !== first.contactId)) return
  audit(
    ctx,
    'consent.recorded',
    { kind: 'contact', id: first.contactId },
    { source, words: records.map(({ channel, purpose, state }) => ({ channel, purpose, state })) },
  )
}

async function rememberWording(ctx: Ctx, { wording }: ConsentOrigin): Promise<Buffer | null> {
  if (!wording) return null
  const hash = wordingHashOf(wording)
  await insertWording(ctx, { hash, ...wording })
  return hash
}

/** A withdrawal is kept on the address too, so that it survives the contact; a fresh yes of the person ends that. */
async function keepSuppressionsInStep(
  ctx: Ctx,
  source: ConsentSource,
  changed: readonly ChangedPreference[],
): Promise<void> {
  const marketing = changed.filter((change) => purposeOnWire(change.purpose).purpose === 'marketing')
  // Leaving one topic is no leaving: only the word about anything bars the address.
  const withdrawn = marketing.filter(
    (change) => change.purpose === 'marketing' && change.state === 'withdrawn',
  )
  if (withdrawn.length > 0) await suppressWithdrawn(ctx, source, withdrawn)
  const granted = marketing.filter((change) => change.state === 'granted')
  if (granted.length > 0 && !SECOND_HAND.has(source)) await endUnsubscriptions(ctx, granted)
}

function announceChanges(ctx: Ctx, source: ConsentSource, changed: readonly ChangedPreference[]): void {
  const groups = Map.groupBy(changed, ({ channel, purpose, state }) => `${channel} ${purpose} ${state}`)
  for (const group of groups.values()) {
    const [first] = group
    assert(first, 'a group has a member')
    const { channel, purpose, state, contactId } = first
    announce(
      ctx,
      consentChanged,
      {
        channel,
        ...purposeOnWire(purpose),
        state,
        source,
        contactIds: group.map((change) => change.contactId),
      },
      group.length === 1 ? { contactId, channel } : { channel },
    )
  }
}
