/**
 * May this contact be written to? The reading in SQL, for whole audiences and for the last look before a hand-over.
 * `decide.ts` reads the same in memory; a property test holds the two together.
 * Source: design §5 Consent at hand-over; CS-018; PC-03, PC-06, PC-07
 */
import { soughtBy } from '../../platform/db/index.ts'
import { ADDRESS_COLUMNS, SUPPRESSION_CHANNEL, type SendChannel, type SendPurpose } from '../words.ts'

/** What is asked, and where the surrounding statement holds its parameters. */
export interface ReachabilityQuestion {
  channel: SendChannel
  purpose: SendPurpose
  /** Parameter with the key of the topic that the message is about; absent for messages about anything. */
  topic?: string
  /** Parameter with the organization's id, such as `$1`. */
  org: string
  /** Parameter with the present instant, such as `$2`. */
  now: string
  /** Alias of the contact; `c` unless said otherwise. */
  contact?: string
  /** Put behind each alias, so that several channels can be asked about in one statement. */
  suffix?: string
  /** Bounds of contact ids, after (exclusive) and through, repeated on the joined table so that it is sliced as well. */
  slice?: { after: string; through: string }
  /**
   * True for a handful of contacts named by id: each table is then looked into by key, contact by contact. As plain
   * joins the planner hashes a whole organization for each handful while tables have no statistics, as right after an
   * import (0.3 s instead of 5 ms per 500 contacts, measured).
   */
  byKey?: boolean
  /**
   * With `byKey`, for people whose ids lie close together: parameters with the first and the last of them. Suppressions and
   * each kind of words are then read in one scan instead of a look for each person, for half the cost (measured). To
   * gather a person's words in one row costs more than a scan of the index for each kind: 1.9 instead of 1.4 µs a person.
   */
  range?: { from: string; through: string }
  /** With `byKey`: also whether the person's opens and clicks may be followed, in the same look at their words. */
  follows?: true
}

/** Pieces to put into a statement over `contact c`. */
export interface ReachabilitySql {
  joins: string
  /** An expression: the first reason that applies (SkipReason), or null when the contact may be written to. */
  reason: string
  /**
   * Expressions, of use where `follows` was asked. Clicks are followed unless the person said no; opens only if the person
   * said yes (CNIL 2026).
   */
  mayTrackOpens: string
  mayTrackClicks: string
}

/** Makes the pieces. They bring no parameters of their own. */
export function reachabilitySql(question: ReachabilityQuestion): ReachabilitySql {
  const { channel, purpose, now, topic } = question
  const sup = named(question, 'sup')
  const own = named(question, 'own')
  const everywhere = named(question, 'everywhere')
  const about = named(question, 'about')
  const barred = addressSql(question, sup)
  const follow = followSql(question)
  if (purpose === 'transactional')
    return {
      ...follow,
      joins: barred.joins + followJoin(question),
      reason: barred.cases === '' ? 'null::text' : `case ${barred.cases} end`,
    }
  const word = (alias: string, onChannel: string, stored = `'marketing'`): string =>
    wordJoin(question, alias, onChannel, stored)
  if (question.byKey && !question.range && channel !== 'webhook')
    return { ...follow, ...byKeySql(question, barred) }
  const optedOut = `when ${everywhere}.state in ('withdrawn', 'denied') then 'opted_out'`
  // A webhook calls a system of the organization's own: nobody is asked about it, but whoever wants nothing is left out.
  if (channel === 'webhook')
    return {
      ...follow,
      joins: word(everywhere, 'all') + followJoin(question),
      reason: `case ${optedOut} end`,
    }
  return {
    ...follow,
    joins:
      barred.joins +
      word(own, channel) +
      word(everywhere, 'all') +
      (topic === undefined ? '' : word(about, channel, `'topic:' || ${topic}::text`)) +
      followJoin(question),
    reason: `case ${barred.cases}
      ${optedOut} ${topic === undefined ? '' : topicCases({ about: `${about}.`, own: `${own}.`, now, sup: barred.unsubscribed === '' ? null : sup })}
      when ${barred.unsubscribed}${own}.state = 'withdrawn' then 'withdrawn'
      when ${own}.state is null then 'never_asked'
      when ${own}.state = 'denied' then 'denied'
      when ${own}.state = 'pending' then 'unconfirmed'
      when ${own}.state = 'expired' or ${own}.expires_at <= ${now} then 'expired'
    end`,
  }
}

/** An alias of a statement in which several channels are asked about. */
const named = ({ suffix = '' }: ReachabilityQuestion, alias: string): string => alias + suffix

/**
 * A word about the topic is the narrower one: it decides, unless the person has left the whole channel since.
 * `about` and `own` are what stands before the columns of either word.
 */
const topicCases = ({
  about,
  own,
  sup,
  now,
}: {
  about: string
  own: string
  sup: string | null
  now: string
}): string => `
      when ${about}state in ('withdrawn', 'denied') then 'topic_refused'
      when ${about}state = 'granted' ${sup === null ? '' : `and ${sup}.reason is null`}
        and (${own}state is null or ${own}state not in ('withdrawn', 'denied') or ${own}decided_at < ${about}decided_at)
        then case when ${about}expires_at <= ${now} then 'expired' end`

/** One word of each contact, or nulls. `stored` is an expression of its purpose. */
function wordJoin(question: ReachabilityQuestion, alias: string, onChannel: string, stored: string): string {
  const c = question.contact ?? 'c'
  return joined(question, {
    table: 'preference',
    alias,
    on: `${alias}.org_id = ${question.org} and ${alias}.channel = '${onChannel}' and ${alias}.purpose = ${stored}`,
    key: `${alias}.contact_id`,
    value: `${c}.id`,
    isSliced: true,
  })
}

/** The words of a contact that a statement reads, in one look into the table: that halves what a look costs. */
function wordsJoin(question: ReachabilityQuestion, columns: readonly string[], where: string): string {
  const words = named(question, 'words')
  return `
    left join lateral (
      select
        ${columns.join(',\n        ')}
      from preference w
      where w.org_id = ${question.org} and w.contact_id = ${question.contact ?? 'c'}.id
        and (${where})
    ) ${words} on true`
}

const column = (name: 'state' | 'expires_at' | 'decided_at', filter: string, as: string): string =>
  `max(w.${name}) filter (where ${filter}) as ${as}`

/** What a person said about being followed, as columns of their words. */
const FOLLOW_COLUMNS = [
  column('state', `w.purpose = 'tracking_open'`, 'opens'),
  column('expires_at', `w.purpose = 'tracking_open'`, 'opens_until'),
  column('state', `w.purpose = 'tracking_click'`, 'clicks'),
]

const followWhere = (channel: SendChannel): string =>
  `w.channel = '${channel}' and w.purpose in ('tracking_open', 'tracking_click')`

/** The join where no other words are read in the same look. */
function followJoin(question: ReachabilityQuestion): string {
  const { channel, range, follows } = question
  if (!follows) return ''
  if (!range) return wordsJoin(question, FOLLOW_COLUMNS, followWhere(channel))
  return (
    wordJoin(question, named(question, 'opens'), channel, `'tracking_open'`) +
    wordJoin(question, named(question, 'clicks'), channel, `'tracking_click'`)
  )
}

function followSql(
  question: ReachabilityQuestion,
): Pick<ReachabilitySql, 'mayTrackOpens' | 'mayTrackClicks'> {
  const words = named(question, 'words')
  const [opens, until, clicks] = question.range
    ? [
        `${named(question, 'opens')}.state`,
        `${named(question, 'opens')}.expires_at`,
        `${named(question, 'clicks')}.state`,
      ]
    : [`${words}.opens`, `${words}.opens_until`, `${words}.clicks`]
  return {
    mayTrackOpens: `coalesce(${opens} = 'granted' and (${until} is null or ${until} > ${question.now}), false)`,
    mayTrackClicks: `coalesce(${clicks} not in ('denied', 'withdrawn'), true)`,
  }
}

/** Contacts named by id: their words in one look. */
function byKeySql(
  question: ReachabilityQuestion,
  barred: ReturnType<typeof addressSql>,
): Pick<ReachabilitySql, 'joins' | 'reason'> {
  const { channel, now, topic, follows } = question
  const words = named(question, 'words')
  const about = topic === undefined ? null : `'topic:' || ${topic}::text`
  // Where all words are about marketing, nothing has to be told apart.
  const isOnlyMarketing = about === null && !follows
  const own = `w.channel = '${channel}'${isOnlyMarketing ? '' : ` and w.purpose = 'marketing'`}`
  const where = [
    `w.channel in ('${channel}', 'all') and w.purpose = 'marketing'`,
    ...(about === null ? [] : [`w.channel = '${channel}' and w.purpose = ${about}`]),
    ...(follows ? [followWhere(channel)] : []),
  ]
  return {
    joins:
      barred.joins +
      wordsJoin(
        question,
        [
          column('state', own, 'own_state'),
          column('expires_at', own, 'own_expires_at'),
          column('state', `w.channel = 'all'`, 'everywhere_state'),
          ...(about === null
            ? []
            : [
                column('decided_at', own, 'own_decided_at'),
                column('state', `w.purpose = ${about}`, 'about_state'),
                column('expires_at', `w.purpose = ${about}`, 'about_expires_at'),
                column('decided_at', `w.purpose = ${about}`, 'about_decided_at'),
              ]),
          ...(follows ? FOLLOW_COLUMNS : []),
        ],
        where.join(' or '),
      ),
    reason: `case ${barred.cases}
      when ${words}.everywhere_state in ('withdrawn', 'denied') then 'opted_out' ${
        about === null
          ? ''
          : topicCases({
              about: `${words}.about_`,
              own: `${words}.own_`,
              sup: barred.unsubscribed === '' ? null : named(question, 'sup'),
              now,
            })
      }
      when ${barred.unsubscribed}${words}.own_state = 'withdrawn' then 'withdrawn'
      when ${words}.own_state is null then 'never_asked'
      when ${words}.own_state = 'denied' then 'denied'
      when ${words}.own_state = 'pending' then 'unconfirmed'
      when ${words}.own_state = 'expired' or ${words}.own_expires_at <= ${now} then 'expired'
    end`,
  }
}

/** What speaks against an address. The inbox of an app and a webhook have none of a person's that could be barred. */
function addressSql(
  question: ReachabilityQuestion,
  sup: string,
): { joins: string; cases: string; unsubscribed: string } {
  const { channel, purpose, org, now, range } = question
  const c = question.contact ?? 'c'
  if (channel === 'in_app' || channel === 'webhook') return { joins: '', cases: '', unsubscribed: '' }
  const address = ADDRESS_COLUMNS[channel]
  const holds = `(${sup}.expires_at is null or ${sup}.expires_at > ${now})
      ${purpose === 'marketing' ? '' : `and ${sup}.scope = 'all'`}`
  const ofChannel = `${sup}.org_id = ${org} and ${sup}.channel = '${SUPPRESSION_CHANNEL[channel]}'`
  const hash = `${c}.${address}_hash`
  // One walk through the key for the hashes of all people of a range costs a third less than a look for each.
  const joins = range
    ? `
    left join suppression ${sup} on ${ofChannel} and ${sup}.address_hash = ${hash} and ${holds}
      and ${sup}.address_hash = any(array(
        select ranged.${address}_hash from contact ranged
        where ranged.org_id = ${org} and ranged.id between ${range.from} and ${range.through} order by ranged.id))`
    : joined(question, {
        table: 'suppression',
        alias: sup,
        on: `${ofChannel} and ${holds}`,
        key: `${sup}.address_hash`,
        value: hash,
      })
  // An unsubscription is kept on the address as well, so that it survives the contact; to people it is one word.
  return {
    joins,
    cases: `
      when ${c}.${address} is null then 'no_address'
      when ${sup}.reason is not null and ${sup}.reason <> 'unsubscribe' then 'suppressed_' || ${sup}.reason`,
    unsubscribed: `${sup}.reason is not null or `,
  }
}

interface Join {
  table: string
  alias: string
  /** With `key`, names one row of the table. */
  on: string
  /** The column that is the contact's own, and what it is of this contact. */
  key: string
  value: string
  /** Slices of contact ids are slices of the key. */
  isSliced?: true
}

/** A join that adds one row's columns or nulls. A limit keeps the planner from making a lookup into a join. */
function joined(question: ReachabilityQuestion, { table, alias, on, key, value, isSliced }: Join): string {
  if (question.byKey && !question.range)
    return `
    left join lateral (select * from ${table} ${alias} where ${on} and ${soughtBy(key, value)}) ${alias} on true`
  return `
    left join ${table} ${alias} on ${on} and ${key} = ${value}${isSliced ? within(key, question) : ''}`
}

function within(column: string, { slice, range }: ReachabilityQuestion): string {
  if (slice) return ` and ${column} > ${slice.after} and ${column} <= ${slice.through}`
  return range ? ` and ${column} between ${range.from} and ${range.through}` : ''
}
