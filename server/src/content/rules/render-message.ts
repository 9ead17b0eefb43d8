/** A compiled message → what one person receives. */
import type { RenderedMessage } from '../message-schema.ts'
import { type ContactFields, contactFieldsOf, type RenderScope, partRenderer } from './closures.ts'
import type { CompiledMessage } from './compile-message.ts'
import { ADDRESS_LIMITS, TEXT_LIMITS } from './limits.ts'
import { compiledEngine } from './liquid.ts'
import { headerSafe, linkTargets, type MessageUrls, urlsOf } from './render-mail.ts'
import type { MailContact, MailSetting } from './variables.ts'
import { smartlyEncoded } from './sms-text.ts'

/** A version, ready to be rendered for anybody. */
export interface MessageRenderer {
  readonly version: CompiledMessage
  /** What it reads of a contact, in its texts and in its links. */
  readonly contactFields: ContactFields
  /** @throws BeyondLimit  when it grows or runs too long for this contact */
  render(contact: MailContact, urls: MessageUrls, data?: Readonly<Record<string, unknown>>): RenderedMessage
  /** Where link n leads for this contact. Null when there is no such link. */
  linkTarget(index: number, contact: MailContact, data?: Readonly<Record<string, unknown>>): string | null
}

/** Makes a version ready. Parsing happens here, once. */
export function prepareMessage(version: CompiledMessage): (setting: MailSetting) => MessageRenderer {
  const engine = compiledEngine(version.source.language)
  const parts = new Map(
    Object.entries(version.parts).map(([field, template]) => [
      field,
      partRenderer(template, engine, { field, limits: TEXT_LIMITS }),
    ]),
  )
  const targets = version.links.map(({ url }) =>
    partRenderer(url, engine, { field: null, limits: ADDRESS_LIMITS }),
  )
  const contactFields = contactFieldsOf([...parts.values(), ...targets])
  return (setting) => ({
    version,
    contactFields,
    render(contact, message, data) {
      const scope: RenderScope = { ...setting, contact, data, urls: urlsOf(message), slots: message }
      return rendered(version.source, (field) => parts.get(field)?.(scope) ?? '')
    },
    linkTarget: linkTargets(targets, setting),
  })
}

function rendered(source: CompiledMessage['source'], part: (field: string) => string): RenderedMessage {
  switch (source.channel) {
    case 'sms': {
      // Values of the person are rewritten with it, and composed: a text leaves as it was measured, because an accent
      // that was typed apart has no place in the cheap alphabet.
      const text = part('text').trim()
      return {
        channel: 'sms',
        text: source.smartEncoding === true ? smartlyEncoded(text) : text.normalize('NFC'),
      }
    }
    case 'whatsapp':
      return {
        channel: 'whatsapp',
        template:
          source.template === ''
            ? null
            : {
                name: source.template,
                language: source.templateLanguage,
                variables: source.variables.map((_, index) => headerSafe(part(`variables.${index}`))),
              },
        text: part('text').trim(),
      }
    case 'in_app': {
      const url = part('actionUrl').trim()
      return {
        channel: 'in_app',
        title: headerSafe(part('title')),
        body: part('body').trim(),
        action: url === '' ? null : { label: headerSafe(part('actionLabel')) || url, url },
        iconUrl: addressOf(source.iconUrl ?? ''),
        imageUrl: addressOf(source.imageUrl),
      }
    }
    case 'webhook':
      return {
        channel: 'webhook',
        url: source.url.trim(),
        method: source.method,
        headers: source.headers.map(({ name, value }) => ({ name, value: headerSafe(value) })),
        body: part('payload'),
      }
  }
}

const addressOf = (typed: string): string | null => (typed.trim() === '' ? null : typed.trim())
