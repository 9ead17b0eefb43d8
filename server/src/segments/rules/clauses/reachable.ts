/**
 * Clauses about whether contacts may be written to on a channel: address, consent and suppression together, by the
 * very reading that decides before each hand-over.
 */
import { z } from 'zod'
import { reachabilitySql, SEND_CHANNELS, type SendChannel } from '../../../consent/index.ts'
import { instantAhead, NEVER } from '../flips.ts'
import type { Leaf, Outcome } from '../operator.ts'
import { boundSql, type SqlText } from '../sql-text.ts'
import type { Scope } from '../scope.ts'
import { CHANNEL_WORDS } from './channels.ts'
import type { ClauseKind } from './define.ts'

const PURPOSES = ['marketing', 'transactional'] as const
type Purpose = (typeof PURPOSES)[number]

/** `{ kind: 'reachable', channel: 'sms', operator: 'is' }`; for marketing unless said otherwise. */
const schema = z.strictObject({
  kind: z.literal('reachable'),
  channel: z.enum(SEND_CHANNELS),
  operator: z.enum(['is', 'is_not']),
  purpose: z.enum(PURPOSES).optional(),
})

/** A question about being reachable. */
export const reachableClause: ClauseKind<typeof schema> = {
  schema,
  property: 'channel',
  bind: ({ channel, operator, purpose = 'marketing' }, scope): Outcome<Leaf> => {
    const isDenied = operator === 'is_not'
    const by = CHANNEL_WORDS[channel]
    const what =
      purpose === 'marketing'
        ? { en: '', fr: '' }
        : { en: ' for service messages', fr: ' pour les messages de service' }
    return {
      kind: 'ready',
      value: {
        opposite: isDenied,
        isTotal: true,
        sql: (q) => reachableSql(q, channel, purpose, scope),
        matches: (person) => person.reachable.has(reachableKey(channel, purpose)),
        flips: {
          sql: (q) => flipsSql(q, channel, scope),
          at: ({ preferences, suppressionEnds }) => {
            const address = ADDRESS_FIELDS[channel]
            return Math.min(
              ...preferences.map(({ expiresAt }) => instantAhead(expiresAt, scope)),
              address === null ? NEVER : instantAhead(suppressionEnds[address], scope),
            )
          },
        },
        phrase: isDenied
          ? {
              en: `who cannot be reached by ${by.en}${what.en}`,
              fr: `qui ne sont pas joignables par ${by.fr}${what.fr}`,
            }
          : {
              en: `who can be reached by ${by.en}${what.en}`,
              fr: `qui sont joignables par ${by.fr}${what.fr}`,
            },
      },
    }
  },
  reachable: ({ channel, purpose = 'marketing' }) => [{ channel, purpose }],
  touches: ({ channel }) => {
    const address = ADDRESS_FIELDS[channel]
    return address === null ? ['consent'] : ['consent', `field:${address}`]
  },
  terms: () =>
    SEND_CHANNELS.map((channel) => ({
      kind: 'reachable',
      field: channel,
      group: 'consent',
      label: {
        en: `Reachable by ${CHANNEL_WORDS[channel].en}`,
        fr: `Joignable par ${CHANNEL_WORDS[channel].fr}`,
      },
      operators: [
        { name: 'is', label: { en: 'yes', fr: 'oui' }, input: 'none' },
        { name: 'is_not', label: { en: 'no', fr: 'non' }, input: 'none' },
      ],
      options: null,
      suggestsFrom: null,
    })),
}

/** The address that a channel needs; null: none of the person's that could be missing or barred. */
const ADDRESS_FIELDS = {
  email: 'email',
  sms: 'phone',
  whatsapp: 'phone',
  in_app: null,
  webhook: null,
} as const satisfies Record<SendChannel, 'email' | 'phone' | null>

/** How a person's reachability is looked up. */
export const reachableKey = (channel: string, purpose: string): string => `${channel}:${purpose}`

// The reading takes one row per contact, so the contact is joined to itself; the slice keeps that small.
function reachableSql(q: SqlText, channel: SendChannel, purpose: Purpose, { now }: Scope): string {
  const { orgIdParam, slice, idsParam } = q.place
  const { joins, reason } = reachabilitySql({
    channel,
    purpose,
    org: orgIdParam,
    now: readsClock(channel, purpose) ? q.param(now, 'timestamptz') : 'null',
    contact: 'r',
    ...(slice ? { slice: { after: slice.afterParam, through: slice.upToParam } } : {}),
    ...(idsParam === undefined ? {} : { byKey: true }),
  })
  return `(exists (select 1 from contact r ${joins} where r.org_id = ${orgIdParam}${boundSql(q, 'r.id')} and r.id = ${q.column('id')} and (${reason}) is null))`
}

/** Does anything end by itself that the answer rests on? PostgreSQL refuses a parameter that nothing uses. */
const readsClock = (channel: SendChannel, purpose: Purpose): boolean =>
  channel !== 'webhook' && (channel !== 'in_app' || purpose === 'marketing')

/** Grants and suppressions that end. */
function flipsSql(q: SqlText, channel: SendChannel, { now }: Scope): string {
  const org = q.place.orgIdParam
  const instant = q.param(now, 'timestamptz')
  const address = ADDRESS_FIELDS[channel]
  const grants = `(select min(w.expires_at) from preference w where w.org_id = ${org} and w.contact_id = ${q.column('id')} and w.expires_at > ${instant})`
  if (address === null) return grants
  const hash = q.column(`${address}_hash`)
  return `least(
    ${grants},
    (select min(s.expires_at) from suppression s where s.org_id = ${org} and s.channel = '${channel === 'email' ? 'email' : 'sms'}' and s.address_hash = ${hash} and s.expires_at > ${instant}))`
}
