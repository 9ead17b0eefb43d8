/**
 * May this contact be written to? The reading in SQL, for whole audiences and for the last look before a hand-over.
 * `decide.ts` reads the same in memory; a property test holds the two together.
 * Source: design §5 Consent at hand-over; CS-018; PC-03, PC-06, PC-07
 */
import { unreachable } from '../../platform/errors.ts'
import { ADDRESS_COLUMNS, SUPPRESSION_CHANNEL, type AddressChannel, type SendPurpose } from '../words.ts'

/** What is asked, and where the surrounding statement holds its parameters. */
export interface ReachabilityQuestion {
  channel: AddressChannel
  purpose: SendPurpose
  /** Parameter with the organization's id, such as `$1`. */
  org: string
  /** Parameter with the present instant, such as `$2`. */
  now: string
  /** Alias of the contact; `c` unless said otherwise. */
  contact?: string
  /** Bounds of contact ids, after (exclusive) and through, repeated on the joined table so that it is sliced as well. */
  slice?: { after: string; through: string }
}

/** Pieces to put into a statement over `contact c`. */
export interface ReachabilitySql {
  joins: string
  /** An expression: the first reason that applies (SkipReason), or null when the contact may be written to. */
  reason: string
}

/** Makes the pieces. They bring no parameters of their own. */
export function reachabilitySql(question: ReachabilityQuestion): ReachabilitySql {
  const { channel, purpose, org, now, slice } = question
  const c = question.contact ?? 'c'
  const address = ADDRESS_COLUMNS[channel] ?? unreachable(`no addresses on ${channel}`)
  const within = (column: string): string =>
    slice ? ` and ${column} > ${slice.after} and ${column} <= ${slice.through}` : ''
  const suppression = `
    left join suppression sup on sup.org_id = ${org} and sup.channel = '${SUPPRESSION_CHANNEL[channel]}'
      and sup.address_hash = ${c}.${address}_hash and (sup.expires_at is null or sup.expires_at > ${now})
      ${purpose === 'marketing' ? '' : "and sup.scope = 'all'"}`
  // An unsubscription is kept on the address as well, so that it survives the contact; to people it is one word.
  const barred = `
      when ${c}.${address} is null then 'no_address'
      when sup.reason is not null and sup.reason <> 'unsubscribe' then 'suppressed_' || sup.reason`
  if (purpose === 'transactional') return { joins: suppression, reason: `case ${barred} end` }
  return {
    joins: `${suppression}
    left join preference own on own.org_id = ${org} and own.contact_id = ${c}.id and own.channel = '${channel}'
      and own.purpose = 'marketing'${within('own.contact_id')}
    left join preference everywhere on everywhere.org_id = ${org} and everywhere.contact_id = ${c}.id
      and everywhere.channel = 'all' and everywhere.purpose = 'marketing'${within('everywhere.contact_id')}`,
    reason: `case ${barred}
      when everywhere.state in ('withdrawn', 'denied') then 'opted_out'
      when sup.reason is not null or own.state = 'withdrawn' then 'withdrawn'
      when own.state is null then 'never_asked'
      when own.state = 'denied' then 'denied'
      when own.state = 'pending' then 'unconfirmed'
      when own.state = 'expired' or own.expires_at <= ${now} then 'expired'
    end`,
  }
}
