/** Channels as rules name them. */
import type { SendChannel } from '../../../consent/index.ts'
import type { Words } from '../words.ts'

/** Channels that rules can speak of. */
export const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app'] as const
export type Channel = (typeof CHANNELS)[number]

/** Inside a sentence, after "by". */
export const CHANNEL_WORDS: Readonly<Record<SendChannel, Words>> = {
  email: { en: 'e-mail', fr: 'e-mail' },
  sms: { en: 'SMS', fr: 'SMS' },
  whatsapp: { en: 'WhatsApp', fr: 'WhatsApp' },
  in_app: { en: 'in-app message', fr: 'message dans l’application' },
  webhook: { en: 'webhook', fr: 'webhook' },
}

/** As the editor lists them. */
export const CHANNEL_LABELS: Readonly<Record<Channel, Words>> = {
  email: { en: 'E-mail', fr: 'E-mail' },
  sms: { en: 'SMS', fr: 'SMS' },
  whatsapp: { en: 'WhatsApp', fr: 'WhatsApp' },
  in_app: { en: 'In-app', fr: 'Dans l’application' },
}
