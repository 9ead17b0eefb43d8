/** Everything worth knowing before a message leaves on a channel other than e-mail. */
import { WHATSAPP_ADVISED_CHARS_MAX, type MessageCheck, type MessageSource } from '../message-schema.ts'
import { checkText } from './check-messages.ts'
import type { MessageCompilation, MessageProblem } from './compile-message.ts'
import { MESSAGE_TEXTS, type MessageCheckKey } from './message-texts.ts'
import { prepareMessage } from './render-message.ts'
import { sampleContact } from './samples.ts'
import { isTooLongForSms } from './sms-text.ts'

/** Whoever was told how to stop: the word itself, or a link to our page. */
const WAY_OUT = /\b(stop|arret|arrêt)\b|unsubscribe_url|preferences_url/i

const LIQUID = /\{\{[^}]*\}\}|\{%[^%]*%\}/g

type Add = (
  level: MessageCheck['level'],
  field: string,
  key: MessageCheckKey,
  params?: MessageCheck['params'],
) => void

/** Checks a message; empty of blocks means that it may leave as far as its content goes. Source: CS-002, MA-5.3 */
export function checkMessage(
  source: MessageSource,
  compilation: MessageCompilation,
  locale: 'en' | 'fr',
): MessageCheck[] {
  const checks: MessageCheck[] = []
  const add: Add = (level, field, key, params = {}) =>
    checks.push(messageCheck(locale, { level, field, key, params }))
  if (!compilation.ok)
    for (const problem of compilation.problems) checks.push(messageProblemCheck(locale, problem))
  CHECKS[source.channel](source, add)
  if (source.channel === 'webhook' && compilation.ok && !isJsonFor(compilation, locale))
    add('block', 'payload', 'webhook_payload_not_json')
  return checks
}

/** A problem as a blocking line, in the reader's language. */
export const messageProblemCheck = (locale: 'en' | 'fr', problem: MessageProblem): MessageCheck => ({
  ...problem,
  id: 'compiles',
  level: 'block',
  key: `content.problems.${problem.code}`,
  ...checkText(locale, problem.code, problem.params),
})

/** A finding in the reader's language. */
export const messageCheck = (
  locale: 'en' | 'fr',
  { level, field, key, params }: Pick<MessageCheck, 'level' | 'field' | 'params'> & { key: MessageCheckKey },
): MessageCheck => ({
  id: key,
  level,
  field,
  line: null,
  column: null,
  key: `content.checks.${key}`,
  params,
  ...MESSAGE_TEXTS[locale][key],
})

const CHECKS: Readonly<Record<MessageSource['channel'], (source: MessageSource, add: Add) => void>> = {
  sms: (source, add) => {
    if (source.channel !== 'sms') return
    if (source.text.trim() === '') add('block', 'text', 'text_missing')
    else if (!WAY_OUT.test(source.text)) add('warn', 'text', 'sms_way_out_missing')
    // What nobody’s values can make shorter; what they make longer is seen in the preview and when it is rendered.
    if (isTooLongForSms(source.text.replaceAll(LIQUID, ''))) add('block', 'text', 'sms_too_long')
  },
  whatsapp: (source, add) => {
    if (source.channel !== 'whatsapp') return
    if (source.template === '' && source.text.trim() === '') add('block', 'text', 'text_missing')
    else if (source.template === '') add('warn', 'template', 'whatsapp_window')
    if (source.template === '' && source.text.length > WHATSAPP_ADVISED_CHARS_MAX)
      add('warn', 'text', 'whatsapp_long')
    if (source.template !== '' && !/^[a-z0-9_]+$/.test(source.template))
      add('block', 'template', 'whatsapp_template_name')
    source.variables.forEach((text, index) => {
      if (text.trim() === '') add('block', `variables.${index}`, 'text_missing')
    })
  },
  in_app: (source, add) => {
    if (source.channel !== 'in_app') return
    if (source.title.trim() === '') add('block', 'title', 'title_missing')
    for (const field of ['iconUrl', 'imageUrl'] as const) {
      const address = source[field] ?? ''
      if (address.trim() !== '' && !isHttps(address)) add('block', field, 'address_not_https')
    }
  },
  webhook: (source, add) => {
    if (source.channel !== 'webhook') return
    if (source.url.trim() === '') add('block', 'url', 'webhook_address_missing')
    else if (!isHttps(source.url)) add('block', 'url', 'address_not_https')
  },
}

/** A payload must be JSON for people with every field and for people with none. */
function isJsonFor(compilation: MessageCompilation & { ok: true }, locale: 'en' | 'fr'): boolean {
  const renderer = prepareMessage(compilation.version)({
    organization: { name: 'Example', postalAddress: null },
    campaign: { name: 'Example' },
  })
  return (['typical', 'no_name', 'right_to_left'] as const).every((sample) => {
    try {
      const message = renderer.render(sampleContact(sample, locale, []), SAMPLE_URLS)
      return message.channel === 'webhook' && JSON.parse(message.body) !== undefined
    } catch {
      return false
    }
  })
}

const SAMPLE_URLS = {
  linkUrl: () => 'https://example.com/',
  unsubscribeUrl: 'https://example.com/',
  preferencesUrl: 'https://example.com/',
  viewUrl: 'https://example.com/',
  pixelUrl: null,
}

function isHttps(address: string): boolean {
  const url = URL.parse(address.trim())
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === ''
}
