/** What entries of a history are called. */
import { useTranslations } from 'use-intl'
import { CONSENT_SOURCES } from '../consent/source-text.ts'
import type { HistoryEntry } from './api.ts'

/** Events of the house that have a word. */
const KNOWN = [
  'contacts.created',
  'contacts.updated',
  'contacts.deleted',
  'contacts.restored',
  'contacts.merged',
  'contact.events_moved',
  'consent.changed',
  'consent.address_suppressed',
  'consent.suppression_lifted',
  'message.opened',
  'message.clicked',
  'message.replied',
  'message.clicks_reclassified',
  'message.bounced',
  'message.complained',
  'message.unsubscribed',
  'page',
  'screen',
  'identify',
  'group',
] as const

const STATES = ['sent', 'delivered', 'bounced', 'failed', 'skipped', 'held_out', 'unknown'] as const

const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const

/** What of our own events a reader has something of; ids and hashes they have not. */
const TOLD = ['channel', 'purpose', 'state', 'reason', 'source', 'fields'] as const

/** What they may say that has a word; anything else stands as it is. */
const VALUES = [
  ...CHANNELS,
  'all',
  'granted',
  'denied',
  'withdrawn',
  'expired',
  'pending',
  'marketing',
  'transactional',
  'tracking_open',
  'tracking_click',
  ...CONSENT_SOURCES,
  'manual',
  'sample',
  'tracking',
] as const

/** What the amount beside an entry says already. */
const MONEY = ['total', 'revenue', 'value', 'currency']

/** The words of one entry: its name, where a message stands, and what it says of itself. */
export function useEntryText() {
  const t = useTranslations('analytics')
  const channelOf = (entry: HistoryEntry): string => {
    const known = CHANNELS.find((name) => name === entry.channel)
    return known === undefined ? (entry.channel ?? '') : t(`channels.${known}`)
  }
  const toldOf = ({ name, value }: HistoryEntry['details'][number]): HistoryEntry['details'] => {
    const known = TOLD.find((told) => told === name)
    const word = VALUES.find((told) => told === value)
    return known === undefined
      ? []
      : [
          {
            name: t(`history.told.${known}`),
            value: word === undefined ? value : t(`history.values.${word}`),
          },
        ]
  }
  return {
    title: (entry: HistoryEntry): string => {
      if (entry.type === 'message') return t('history.message', { channel: channelOf(entry) })
      if (entry.type.startsWith('track:')) return entry.type.slice('track:'.length)
      const known = KNOWN.find((type) => type === entry.type)
      const name = known === undefined ? entry.type.replaceAll(/[._]/g, ' ') : t(`history.events.${known}`)
      const said = entry.details.find((detail) => ['name', 'title', 'path'].includes(detail.name))
      return ['page', 'screen'].includes(entry.type) && typeof said?.value === 'string'
        ? `${name}: ${said.value}`
        : name
    },
    state: (entry: HistoryEntry): string => {
      const known = STATES.find((state) => state === entry.state)
      const name = known === undefined ? (entry.state ?? '') : t(`history.states.${known}`)
      return entry.reason === null ? name : `${name}: ${entry.reason.replaceAll('_', ' ')}`
    },
    details: (entry: HistoryEntry): HistoryEntry['details'] =>
      entry.kind === 'consent' || entry.type.startsWith('contacts.')
        ? entry.details.flatMap(toldOf)
        : entry.type.startsWith('contact.')
          ? []
          : entry.details.filter(({ name }) => entry.money === null || !MONEY.includes(name)),
  }
}
