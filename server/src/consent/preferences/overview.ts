/** One person's consent, as a profile shows it and as a proof tells it. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { whyUnreachable } from '../reachability/decide.ts'
import type { ConsentEvent, ConsentOverview, LedgerEntry } from '../schema.ts'
import { entryOf } from '../suppression/list.ts'
import { selectAddressHashes, selectSuppressionsOf, type Suppression } from '../suppression/queries.ts'
import {
  addressColumn,
  marketingAbout,
  purposeOnWire,
  SEND_CHANNELS,
  suppressionList,
  type ConsentBasis,
  type ConsentChannel,
  type ConsentPurpose,
  type ConsentState,
  type SendChannel,
  type StoredPurpose,
} from '../words.ts'
import {
  selectHistory,
  selectLeavingReasons,
  selectLedger,
  selectPreferences,
  type ConsentHistoryRow,
  type Preference,
} from './queries.ts'
import { recordConsents, withdraw } from './record.ts'

/** A life of changes of mind. */
const HISTORY_MAX = 1_000
/** A clock may be a little ahead of ours. */
const AHEAD_MS = 5 * 60_000

/** @throws consent.contact_not_found */
export async function consentOf(ctx: Ctx, contactId: ContactId): Promise<ConsentOverview> {
  const hashes = await selectAddressHashes(ctx, contactId)
  if (!hashes) throw errors.contact_not_found({ contactId })
  const [preferences, suppressions, history] = [
    await selectPreferences(ctx, [contactId]),
    await selectSuppressionsOf(ctx, contactId),
    await selectHistory(ctx, contactId, HISTORY_MAX),
  ]
  const reachability = SEND_CHANNELS.map((channel) => {
    const column = channel === 'webhook' ? null : addressColumn(channel)
    const hasAddress = column === null || (column === 'email' ? hashes.emailHash : hashes.phoneHash) !== null
    const facts = factsOf(channel, hasAddress, preferences, suppressions)
    return {
      channel,
      marketing: whyUnreachable(facts, 'marketing', ctx.now()),
      transactional: whyUnreachable(facts, 'transactional', ctx.now()),
    }
  })
  return {
    preferences: preferences.map(wordOnWire),
    reachability,
    suppressions: suppressions.map((entry) => entryOf(entry, new Map())),
    history: history.map(eventOf),
  }
}

function factsOf(
  channel: SendChannel,
  hasAddress: boolean,
  preferences: readonly Preference[],
  suppressions: readonly Suppression[],
): Parameters<typeof whyUnreachable>[0] {
  const word = (of: ConsentChannel): Preference | null =>
    preferences.find((preference) => preference.channel === of && preference.purpose === 'marketing') ?? null
  return {
    hasAddress,
    isAsked: channel !== 'webhook',
    suppression:
      channel === 'webhook'
        ? null
        : (suppressions.find((entry) => entry.channel === suppressionList(channel)) ?? null),
    own: word(channel),
    everywhere: word('all'),
    about: null,
  }
}

const wordOnWire = ({
  purpose,
  ...word
}: Preference): Preference & { purpose: ConsentPurpose; topic: string | null } => ({
  ...word,
  ...purposeOnWire(purpose),
})

/** A word that a member or a program heard elsewhere. */
export interface HeardWord {
  channel: ConsentChannel
  purpose: ConsentPurpose
  /** About one topic only; for marketing. */
  topic?: string | undefined
  state: 'granted' | 'denied' | 'withdrawn'
  basis: ConsentBasis
  occurredAt: Date
  source: string
  expiresAt?: Date | undefined
  wording?: { text: string; locale: string } | undefined
  reason?: string | undefined
}

/** Writes down what was heard elsewhere. @throws consent.contact_not_found, consent.invalid */
export function recordHeard(ctx: Ctx, contactId: ContactId, heard: HeardWord): Promise<ConsentOverview> {
  if (heard.occurredAt.getTime() > ctx.now().getTime() + AHEAD_MS)
    throw errors.invalid(
      {},
      { problems: [{ path: 'occurredAt', message: 'Nobody has said this yet: give a moment in the past.' }] },
    )
  if (heard.expiresAt && heard.expiresAt <= heard.occurredAt)
    throw errors.invalid({}, { problems: [{ path: 'expiresAt', message: 'It cannot end before it began.' }] })
  if (heard.topic !== undefined && heard.purpose !== 'marketing')
    throw errors.invalid({}, { problems: [{ path: 'topic', message: 'Only marketing has topics.' }] })
  return inTransaction(ctx, async (ctx) => {
    if (!(await selectAddressHashes(ctx, contactId))) throw errors.contact_not_found({ contactId })
    const origin = {
      source: ctx.actor.kind === 'api_key' ? ('api' as const) : ('member' as const),
      ...(heard.wording ? { wording: heard.wording } : {}),
    }
    const { channel, topic, state, basis, occurredAt, source, expiresAt, reason } = heard
    const purpose: StoredPurpose = topic === undefined ? heard.purpose : marketingAbout(topic)
    const word = { contactId, purpose, reason: reason ?? null, sourceVersion: source }
    // A withdrawal holds from the moment we hear of it, whenever it was said: nothing may be sent on an older yes.
    if (state === 'withdrawn') await withdraw(ctx, origin, { ...word, channels: [channel], sourceId: source })
    else
      await recordConsents(ctx, origin, [
        { ...word, channel, state, basis, occurredAt, expiresAt: expiresAt ?? null },
      ])
    return consentOf(ctx, contactId)
  })
}

/** A page of what everybody said, latest first. */
export async function consentLedger(
  ctx: Ctx,
  wanted: {
    channel?: ConsentChannel | undefined
    state?: ConsentState | undefined
    campaignId?: CampaignId | undefined
    purpose?: ConsentPurpose | undefined
    cursor?: string | undefined
    limit: number
  },
): Promise<{ items: LedgerEntry[]; nextCursor: string | null }> {
  const [before] = decodeCursor(wanted.cursor ?? '') ?? []
  const rows = await selectLedger(ctx, {
    channel: wanted.channel ?? null,
    state: wanted.state ?? null,
    campaignId: wanted.campaignId ?? null,
    purpose: wanted.purpose ?? null,
    before: typeof before === 'string' && /^\d{1,18}$/.test(before) ? before : null,
    limit: wanted.limit + 1,
  })
  const shown = rows.slice(0, wanted.limit)
  const last = rows.length > wanted.limit ? shown.at(-1) : undefined
  return {
    items: shown.map((row) => ({ ...eventOf(row), contact: { id: row.contactId, name: row.contactName } })),
    nextCursor: last ? encodeCursor([last.id]) : null,
  }
}

/** Why people left, the most frequent first. Source: CS-017.7 */
export function leavingReasons(
  ctx: Ctx,
  campaignId: CampaignId | undefined,
): Promise<{ reason: string | null; people: number }[]> {
  return selectLeavingReasons(ctx, campaignId ?? null, REASONS_MAX)
}

/** More reasons than anybody reads: free ones come from members and programs. */
const REASONS_MAX = 100

function eventOf(row: ConsentHistoryRow): ConsentEvent {
  const {
    id,
    channel,
    purpose,
    state,
    basis,
    occurredAt,
    recordedAt,
    expiresAt,
    addressPrefix,
    campaignId,
    reason,
  } = row
  return {
    id: id as ConsentEvent['id'], // the row's own key
    channel,
    ...purposeOnWire(purpose),
    state,
    basis,
    occurredAt,
    recordedAt,
    expiresAt,
    addressPrefix,
    campaignId,
    reason,
    source: { kind: row.sourceKind, id: row.sourceId, version: row.sourceVersion },
    wording:
      row.wording === null || row.wordingHash === null
        ? null
        : { text: row.wording, locale: row.locale ?? '', hash: row.wordingHash.toString('hex') },
    actor: { kind: row.actorKind, id: row.actorId },
  }
}
