/** A compiled mail → what one person receives. */
import type { MailField } from '../schema.ts'
import type { CompiledMail } from './compiled-mail.ts'
import {
  type ContactFields,
  contactFieldsOf,
  type PartRenderer,
  type RenderScope,
  partRenderer,
} from './closures.ts'
import { ADDRESS_LIMITS, type Limits, TEXT_LIMITS } from './limits.ts'
import { compiledEngine } from './liquid.ts'
import { cutText, joined, type Pieces } from './pieces.ts'
import type { MailContact, MailSetting } from './variables.ts'

/** What differs from message to message beside the contact. */
export interface MessageUrls {
  /** The address that link n of the version leads to in this message. */
  linkUrl(index: number): string
  readonly unsubscribeUrl: string
  readonly preferencesUrl: string
  readonly viewUrl: string
  /** Null without consent to open tracking: no pixel then. */
  readonly pixelUrl: string | null
}

/** One mail for one person. The texts of headers hold no line break or control character. */
export interface RenderedMail {
  readonly subject: string
  readonly preheader: string
  readonly html: string
  readonly text: string
  readonly fromName: string
  readonly fromEmail: string
  /** Empty: answers go to the sender. */
  readonly replyTo: string
}

/** One mail for one person, its texts in pieces. */
export interface MailInPieces {
  readonly subject: string
  readonly fromName: string
  readonly html: Pieces
  readonly text: Pieces
}

/** A version, ready to be rendered for anybody. */
export interface MailRenderer {
  readonly version: CompiledMail
  /** Does it show data that came with the message, or of the event that set it off? Without them it cannot be shown again. */
  readonly takesData: boolean
  /** What it reads of a contact, in its texts and in its links. */
  readonly contactFields: ContactFields
  /** Is all of it compiled to closures? No limit of it is of time then: what was rendered once can be rendered again. */
  readonly isCompiled: boolean
  /**
   * Renders one message. Synchronous: about 10 µs for a mail of 6 kB.
   * @throws BeyondLimit  when the mail grows or runs too long for this contact
   */
  render(contact: MailContact, urls: MessageUrls, data?: Readonly<Record<string, unknown>>): RenderedMail
  /** The same mail in pieces, for vendors that take one text and everybody's own values. @throws as `render` */
  renderPieces(
    contact: MailContact,
    urls: MessageUrls,
    data?: Readonly<Record<string, unknown>>,
  ): MailInPieces
  /** Where link n leads for this contact: what the redirect answers. Null when there is no such link. */
  linkTarget(index: number, contact: MailContact, data?: Readonly<Record<string, unknown>>): string | null
}

/** `data.…` or `event.…` within Liquid; in prose they are words. */
const NAMES_DATA = /\{[{%](?:(?![}%]\})[^])*?\b(?:data|event)[.[]/

/** A version whose templates are parsed; it waits for the organization and campaign that its variables name. */
export type PreparedMail = (setting: MailSetting) => MailRenderer

/** Makes a version ready. Parsing happens here, once. */
export function prepareMail(version: CompiledMail): PreparedMail {
  const engine = compiledEngine(version.language)
  const part = (field: MailField, template: string, limits: Limits = TEXT_LIMITS): PartRenderer =>
    partRenderer(template, engine, { field, limits })
  const subject = part('subject', version.subject)
  const preheader = part('preheader', version.preheader)
  const fromName = part('fromName', version.fromName)
  const html = part('body', version.html)
  const text = part(version.facts.textDerived ? 'body' : 'text', version.text.trim())
  const links = version.links.map(({ url }) => part('body', url, ADDRESS_LIMITS))
  const contactFields = contactFieldsOf([subject, preheader, fromName, html, text, ...links])
  const takesData = NAMES_DATA.test(`${version.subject}\n${version.html}\n${version.text}`)
  return (setting) => ({
    version,
    takesData,
    contactFields,
    isCompiled: contactFields !== null,
    render(contact, message, data) {
      const scope: RenderScope = { ...setting, contact, data, urls: urlsOf(message), slots: message }
      return {
        subject: headerSafe(subject(scope)),
        preheader: headerSafe(preheader(scope)),
        html: html(scope),
        text: tidyText(text(scope)),
        fromName: headerSafe(fromName(scope)),
        fromEmail: version.fromEmail,
        replyTo: version.replyTo,
      }
    },
    renderPieces(contact, message, data) {
      const scope: RenderScope = { ...setting, contact, data, urls: urlsOf(message), slots: message }
      return {
        subject: headerSafe(subject(scope)),
        fromName: headerSafe(fromName(scope)),
        html: html.pieces(scope),
        text: tidyPieces(text.pieces(scope)),
      }
    },
    linkTarget: linkTargets(links, setting),
  })
}

/** A renderer in one step. */
export const mailRenderer = (version: CompiledMail, setting: MailSetting): MailRenderer =>
  prepareMail(version)(setting)

/** Where each of a version's links leads for a contact; null when there is no such link. */
export const linkTargets =
  (links: readonly PartRenderer[], setting: MailSetting): MailRenderer['linkTarget'] =>
  (index, contact, data) =>
    links[index]?.({ ...setting, contact, data, urls: NO_URLS, slots: NO_SLOTS }) ?? null

export const urlsOf = (message: MessageUrls): RenderScope['urls'] => ({
  unsubscribe_url: message.unsubscribeUrl,
  preferences_url: message.preferencesUrl,
  view_in_browser_url: message.viewUrl,
})

const NO_URLS = { unsubscribe_url: '', preferences_url: '', view_in_browser_url: '' }
const NO_SLOTS = { linkUrl: () => '', pixelUrl: null }

/** Conditions that wrote nothing leave their empty lines behind. */
const tidyText = (text: string): string =>
  (text.includes('\n\n\n') ? text.replaceAll(/\n{3,}/g, '\n\n') : text).trim()

/** Where tidying changes something, it may be across pieces. */
function tidyPieces(pieces: Pieces): Pieces {
  if (isTidyAround(pieces) && pieces.own.every(isTidyInside)) return pieces
  const text = joined(pieces)
  const tidy = tidyText(text)
  return tidy === text ? pieces : cutText(tidy)
}

/** Nothing to tidy between two pieces nor at an end, whatever a reader's own has inside. */
function isTidyAround({ fixed, order }: Pieces): boolean {
  const known = tidyOrders.get(order)
  if (known !== undefined) return known
  const text = joined({ fixed, order, own: order.map(() => 'x') })
  const isTidy = tidyText(text) === text
  tidyOrders.set(order, isTidy)
  return isTidy
}
/** Of the ways through templates that texts took: most share one, and to join each text only to look at it took a fifth of rendering it. */
const tidyOrders = new WeakMap<Pieces['order'], boolean>()

const isTidyInside = (own: string): boolean => own !== '' && !MAY_BE_UNTIDY.test(own)
const MAY_BE_UNTIDY = /^\s|\n|\s$/

/** What would end a header line, or hide in it. */
// oxlint-disable-next-line no-control-regex -- control characters are what is removed
const UNSAFE = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/

/**
 * A text for a header: values of contacts cannot end the line and begin another header.
 * Source: PC-27
 */
export function headerSafe(text: string): string {
  if (!UNSAFE.test(text)) return text
  // oxlint-disable-next-line no-control-regex -- control characters are what is removed
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g, ' ').trim()
}
