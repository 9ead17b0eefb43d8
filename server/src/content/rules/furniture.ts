/** What we put into every marketing mail: a document around it, the hidden preheader, the way out and the sender's address. */
import type { MailSource } from '../schema.ts'

type Language = MailSource['language']

/** Which parts the author left out. */
export interface Missing {
  readonly unsubscribe: boolean
  readonly postalAddress: boolean
}

const WORDS: Readonly<Record<Language, { unsubscribe: string; preferences: string }>> = {
  en: { unsubscribe: 'Unsubscribe', preferences: 'Manage preferences' },
  fr: { unsubscribe: 'Se désabonner', preferences: 'Gérer mes préférences' },
}

/** A fragment gets a document, so that mailboxes know its characters and width. */
export function htmlDocument(html: string, language: Language): string {
  if (/<body[\s>]/i.test(html)) return html
  const inner = html.replaceAll(/<!doctype[^>]*>|<\/?(?:html|head)(?:\s[^>]*)?>/gi, '')
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head>',
    `<body style="margin:0;padding:0">${inner}</body></html>`,
  ].join('')
}

/** Blank characters keep the list view of a mailbox from showing the mail's first words behind the preheader. */
const PREHEADER_PADDING = '&#847;&zwnj;&nbsp;'.repeat(40)

/** The preheader, seen in the list of mails only. */
export function preheaderHtml(escaped: string): string {
  return `<div style="display:none;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all">${escaped}${PREHEADER_PADDING}</div>`
}

const GREY = 'color:#77736c;font:12px/20px system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif'

/**
 * The foot of a mail whose author left out the way out or the address.
 * Source: CS-017.1, PC-11
 */
export function addressFooterHtml(language: Language, missing: Missing): string {
  const words = WORDS[language]
  const lines = [
    missing.postalAddress
      ? '{{ organization.name | safe_html }}{% if organization.postal_address %} · {{ organization.postal_address | safe_html }}{% endif %}'
      : '',
    missing.unsubscribe
      ? `<a href="{{ unsubscribe_url | safe_html }}" style="color:#77736c;text-decoration:underline">${words.unsubscribe}</a> · ` +
        `<a href="{{ preferences_url | safe_html }}" style="color:#77736c;text-decoration:underline">${words.preferences}</a>`
      : '',
  ].filter((line) => line !== '')
  if (lines.length === 0) return ''
  return [
    '<table role="presentation" width="100%" border="0" cellpadding="0" cellspacing="0"><tr>',
    `<td align="center" style="padding:24px 16px;${GREY}">${lines.join('<br>')}</td></tr></table>`,
  ].join('')
}

/** The same for the text part. */
export function addressFooterText(language: Language, missing: Missing): string {
  const words = WORDS[language]
  const colon = language === 'fr' ? '\u00A0:' : ':'
  const lines = [
    missing.postalAddress
      ? '{{ organization.name | safe_text }}{% if organization.postal_address %} · {{ organization.postal_address | safe_text }}{% endif %}'
      : '',
    missing.unsubscribe ? `${words.unsubscribe}${colon} {{ unsubscribe_url | safe_text }}` : '',
    missing.unsubscribe ? `${words.preferences}${colon} {{ preferences_url | safe_text }}` : '',
  ].filter((line) => line !== '')
  return lines.length === 0 ? '' : `\n\n--\n${lines.join('\n')}`
}
