/** Clauses about what contacts have agreed to, per channel and purpose. No word at all is `unknown`. */
import { z } from 'zod'
import { CONSENT_PURPOSES, CONSENT_STATES, type ConsentPurpose } from '../../../consent/index.ts'
import { type Facts, factLeaf } from '../facts.ts'
import { instantAhead } from '../flips.ts'
import type { Option } from '../field.ts'
import type { Leaf, Outcome } from '../operator.ts'
import type { PersonPreference } from '../person.ts'
import type { Scope } from '../scope.ts'
import { boundSql, type SqlText } from '../sql-text.ts'
import { either, type Locale, type Words } from '../words.ts'
import { CHANNEL_WORDS, CHANNELS, type Channel } from './channels.ts'
import type { ClauseKind } from './define.ts'

const UNKNOWN = 'unknown'
const STATES = [...CONSENT_STATES, UNKNOWN] as const

const STATE_WORDS: Readonly<Record<(typeof STATES)[number], Words>> = {
  granted: { en: 'granted', fr: 'accordé' },
  denied: { en: 'denied', fr: 'refusé' },
  withdrawn: { en: 'withdrawn', fr: 'retiré' },
  expired: { en: 'expired', fr: 'expiré' },
  pending: { en: 'waiting for confirmation', fr: 'en attente de confirmation' },
  unknown: { en: 'never asked', fr: 'jamais demandé' },
}
const PURPOSE_WORDS: Readonly<Record<ConsentPurpose, Words>> = {
  marketing: { en: '', fr: '' },
  transactional: { en: ' to service messages', fr: ' aux messages de service' },
  tracking_open: { en: ' to the tracking of opens', fr: ' au suivi des ouvertures' },
  tracking_click: { en: ' to the tracking of clicks', fr: ' au suivi des clics' },
}

/** `{ kind: 'consent', channel: 'email', operator: 'one_of', value: ['granted'] }`; marketing unless another purpose is named. */
const schema = z.strictObject({
  kind: z.literal('consent'),
  channel: z.enum([...CHANNELS, 'all']),
  operator: z.enum(['one_of', 'none_of']),
  value: z.array(z.enum(STATES)).min(1, 'Choose at least one state.').max(STATES.length),
  purpose: z.enum(CONSENT_PURPOSES).optional(),
})

/** A question about consent. */
export const consentClause: ClauseKind<typeof schema> = {
  schema,
  property: 'channel',
  bind: (clause, scope): Outcome<Leaf> => {
    const purpose = clause.purpose ?? 'marketing'
    const isDenied = clause.operator === 'none_of'
    const phraseIn = (locale: Locale): string => {
      const states = either(
        clause.value.map((state) => STATE_WORDS[state][locale]),
        locale,
      )
      const on = channelWords(clause.channel)[locale] + PURPOSE_WORDS[purpose][locale]
      if (locale === 'fr') return `dont l’accord ${on} ${isDenied ? 'n’est pas' : 'est'} ${states}`
      return `whose consent ${on} is ${isDenied ? 'not ' : ''}${states}`
    }
    const inner: Leaf<Word> = {
      opposite: isDenied,
      sql: (q) => `${stateSql(q, scope)} = any(${q.param(clause.value, 'text[]')})`,
      matches: ({ state }) => clause.value.some((wanted) => wanted === state),
      flips: {
        sql: (q) => `(case when w.expires_at > ${q.param(scope.now, 'timestamptz')} then w.expires_at end)`,
        at: ({ expiresAt }) => instantAhead(expiresAt, scope),
      },
      tells: ({ state }, locale) => STATE_WORDS[STATES.find((known) => known === state) ?? UNKNOWN][locale],
      phrase: { en: phraseIn('en'), fr: phraseIn('fr') },
    }
    return { kind: 'ready', value: factLeaf(inner, factsOf(clause.channel, purpose, scope)) }
  },
  touches: () => ['consent'],
  terms: () =>
    [...CHANNELS, 'all' as const].map((channel) => ({
      kind: 'consent',
      field: channel,
      group: 'consent',
      label:
        channel === 'all'
          ? { en: 'Consent on every channel', fr: 'Accord sur tous les canaux' }
          : { en: `Consent by ${CHANNEL_WORDS[channel].en}`, fr: `Accord par ${CHANNEL_WORDS[channel].fr}` },
      operators: (['one_of', 'none_of'] as const).map((name) => ({
        name,
        label:
          name === 'one_of'
            ? { en: 'is one of', fr: 'est l’un de' }
            : { en: 'is none of', fr: 'n’est aucun de' },
        input: 'options' as const,
        parts: ['purpose'] as const,
      })),
      options: (): readonly Option[] => STATES.map((value) => ({ value, label: STATE_WORDS[value] })),
      suggestsFrom: null,
    })),
}

const channelWords = (channel: Channel | 'all'): Words =>
  channel === 'all'
    ? { en: 'on every channel', fr: 'sur tous les canaux' }
    : { en: `by ${CHANNEL_WORDS[channel].en}`, fr: `par ${CHANNEL_WORDS[channel].fr}` }

/** What is said of purposes to choose from. */
export const PURPOSE_LABELS: Readonly<Record<ConsentPurpose, Words>> = {
  marketing: { en: 'Marketing', fr: 'Marketing' },
  transactional: { en: 'Service messages', fr: 'Messages de service' },
  tracking_open: { en: 'Tracking of opens', fr: 'Suivi des ouvertures' },
  tracking_click: { en: 'Tracking of clicks', fr: 'Suivi des clics' },
}

/** A grant whose time has passed is expired, whether or not anybody has noted it. */
const stateSql = (q: SqlText, { now }: Scope): string =>
  `(case when w.state = 'granted' and w.expires_at <= ${q.param(now, 'timestamptz')} then 'expired' else w.state end)`

/** A person's word as it stands now. */
type Word = Pick<PersonPreference, 'state' | 'expiresAt'>

function factsOf(channel: string, purpose: string, { now }: Scope): Facts<Word> {
  const from = (q: SqlText): string =>
    `from preference w where w.org_id = ${q.place.orgIdParam} and w.channel = ${q.param(channel, 'text')} and w.purpose = ${q.param(purpose, 'text')}${boundSql(q, 'w.contact_id')}`
  const none: Word = { state: UNKNOWN, expiresAt: null }
  return {
    none,
    of: ({ preferences }) => {
      const word = preferences.find((one) => one.channel === channel && one.purpose === purpose)
      if (!word) return none
      const isOver = word.state === 'granted' && word.expiresAt !== null && word.expiresAt <= now
      return isOver ? { ...word, state: 'expired' } : word
    },
    rows: (q, condition) => `select w.contact_id ${from(q)} and ${condition}`,
    one: (q, expression) => `(select ${expression} ${from(q)} and w.contact_id = ${q.column('id')})`,
  }
}
