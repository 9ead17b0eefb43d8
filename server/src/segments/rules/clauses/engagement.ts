/** Clauses about what contacts did with messages of a channel or of any: human only, programs are not counted. */
import { z } from 'zod'
import { type Derived, derivedDay, derivedNumber } from '../derived.ts'
import { type Facts, factLeaf } from '../facts.ts'
import type { Leaf, Outcome } from '../operator.ts'
import type { ChannelEngagement } from '../person.ts'
import { boundSql, type SqlText } from '../sql-text.ts'
import { anyValue } from '../values.ts'
import type { Words } from '../words.ts'
import { CHANNEL_WORDS, CHANNELS } from './channels.ts'
import type { ClauseKind } from './define.ts'

type Sums = Omit<ChannelEngagement, 'channel'>
const NOTHING: Sums = {
  received: 0,
  opened: 0,
  clicked: 0,
  converted: 0,
  lastReceivedAt: null,
  lastOpenedAt: null,
  lastClickedAt: null,
}

/** Where what is asked for lies: people in blocks, or a row each. */
type Table = 'contact_received' | 'contact_engagement'

/** A question as it is put about one channel, `n.opened`, or about all, `sum(n.opened)`. */
interface Measure {
  label: Words
  table: Table
  of: (on: Words, isSummed: boolean) => Derived<Sums>
}

const counted = (
  label: Words,
  subject: Words,
  column: 'received' | 'opened' | 'clicked' | 'converted',
): Measure => ({
  label,
  table: column === 'received' ? 'contact_received' : 'contact_engagement',
  of: (on, isSummed) =>
    derivedNumber(
      { label, subject: { en: subject.en + on.en, fr: subject.fr + on.fr } },
      isSummed ? `sum(n.${column})` : `n.${column}`,
      (sums) => sums[column],
    ),
})
const latest = (
  label: Words,
  subject: Words,
  column: 'last_received_at' | 'last_opened_at' | 'last_clicked_at',
  read: (sums: Sums) => Date | null,
): Measure => ({
  label,
  table: column === 'last_received_at' ? 'contact_received' : 'contact_engagement',
  of: (on, isSummed) =>
    derivedDay(
      { label, subject: { en: subject.en + on.en, fr: subject.fr + on.fr } },
      isSummed ? `max(n.${column})` : `n.${column}`,
      read,
    ),
})

const MEASURES: Readonly<Record<string, Measure>> = {
  received: counted(
    { en: 'Messages received', fr: 'Messages reçus' },
    { en: 'number of messages received', fr: 'le nombre de messages reçus' },
    'received',
  ),
  opened: counted(
    { en: 'Messages opened', fr: 'Messages ouverts' },
    { en: 'number of messages opened', fr: 'le nombre de messages ouverts' },
    'opened',
  ),
  clicked: counted(
    { en: 'Messages clicked', fr: 'Messages cliqués' },
    { en: 'number of messages clicked', fr: 'le nombre de messages cliqués' },
    'clicked',
  ),
  converted: counted(
    { en: 'Messages followed by an order', fr: 'Messages suivis d’une commande' },
    { en: 'number of messages followed by an order', fr: 'le nombre de messages suivis d’une commande' },
    'converted',
  ),
  last_received: latest(
    { en: 'Last message received on', fr: 'Dernier message reçu le' },
    { en: 'last message received', fr: 'le dernier message reçu' },
    'last_received_at',
    ({ lastReceivedAt }) => lastReceivedAt,
  ),
  last_opened: latest(
    { en: 'Last message opened on', fr: 'Dernier message ouvert le' },
    { en: 'last message opened', fr: 'le dernier message ouvert' },
    'last_opened_at',
    ({ lastOpenedAt }) => lastOpenedAt,
  ),
  last_clicked: latest(
    { en: 'Last message clicked on', fr: 'Dernier message cliqué le' },
    { en: 'last message clicked', fr: 'le dernier message cliqué' },
    'last_clicked_at',
    ({ lastClickedAt }) => lastClickedAt,
  ),
}

/** `{ kind: 'engagement', measure: 'opened', operator: 'equals', value: 0, channel: 'email' }`; any channel without. */
const schema = z.strictObject({
  kind: z.literal('engagement'),
  measure: z.string().min(1).max(40),
  operator: z.string().min(1).max(40),
  value: anyValue.optional(),
  channel: z.enum(CHANNELS).optional(),
})

/** A question about messages. */
export const engagementClause: ClauseKind<typeof schema> = {
  schema,
  property: 'measure',
  bind: ({ measure: name, operator, value, channel }, scope, _, path): Outcome<Leaf> => {
    const measure = Object.hasOwn(MEASURES, name) ? MEASURES[name] : undefined
    if (!measure)
      return {
        kind: 'refused',
        problems: [{ path: `${path}.measure`, message: `There is no measure ${name}.` }],
      }
    const on =
      channel === undefined
        ? { en: '', fr: '' }
        : { en: ` by ${CHANNEL_WORDS[channel].en}`, fr: ` par ${CHANNEL_WORDS[channel].fr}` }
    const inner = measure.of(on, channel === undefined).bind(operator, value, scope, path)
    return inner.kind === 'refused'
      ? inner
      : { kind: 'ready', value: factLeaf(inner.value, factsOf(measure.table, channel)) }
  },
  touches: () => ['engagement'],
  terms: () =>
    Object.entries(MEASURES).map(([field, { label, of }]) => ({
      kind: 'engagement',
      field,
      group: 'messages',
      label,
      operators: of({ en: '', fr: '' }, true).operators.map((operator) => ({
        ...operator,
        parts: ['channel'] as const,
      })),
      options: null,
      suggestsFrom: null,
    })),
}

function factsOf(table: Table, channel: string | undefined): Facts<Sums> {
  const from = (q: SqlText, within: string): string =>
    `from ${table} n where n.org_id = ${q.place.orgIdParam}${within}${channel === undefined ? '' : ` and n.channel = ${q.param(channel, 'text')}`}`
  const ofThose = (q: SqlText): string =>
    from(q, boundSql(q, 'n.contact_id') + (table === 'contact_received' ? blocksSql(q) : ''))
  const ofOne = (q: SqlText): string =>
    from(
      q,
      ` and n.contact_id = ${q.column('id')}${table === 'contact_received' ? ` and n.block = received_block_of(${q.column('id')})` : ''}`,
    )
  return {
    none: NOTHING,
    of: ({ engagement }) =>
      engagement.filter((one) => channel === undefined || one.channel === channel).reduce(added, NOTHING),
    rows: (q, condition) =>
      channel === undefined
        ? `select n.contact_id ${ofThose(q)} group by n.contact_id having ${condition}`
        : `select n.contact_id ${ofThose(q)} and ${condition}`,
    one: (q, expression) => `(select ${expression} ${ofOne(q)})`,
  }
}

/** The bounds of the contacts looked at, over the blocks in which they lie. */
function blocksSql({ place: { slice, idsParam } }: SqlText): string {
  const within = slice
    ? ` and n.block between received_block_of(${slice.afterParam}) and received_block_of(${slice.upToParam})`
    : ''
  return idsParam === undefined
    ? within
    : `${within} and n.block = any(array(select received_block_of(g.id) from unnest(${idsParam}::bigint[]) as g (id)))`
}

function added(sums: Sums, more: Sums): Sums {
  const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a)
  return {
    received: sums.received + more.received,
    opened: sums.opened + more.opened,
    clicked: sums.clicked + more.clicked,
    converted: sums.converted + more.converted,
    lastReceivedAt: later(sums.lastReceivedAt, more.lastReceivedAt),
    lastOpenedAt: later(sums.lastOpenedAt, more.lastOpenedAt),
    lastClickedAt: later(sums.lastClickedAt, more.lastClickedAt),
  }
}
