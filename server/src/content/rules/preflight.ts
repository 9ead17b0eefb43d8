/** Everything worth knowing before a mail leaves, as a list of which each line can be put right. */
import type { Check, CheckId, MailField, MailSource, Problem } from '../schema.ts'
import { type CheckKey, COMPILE_CHECK, checkText } from './check-messages.ts'
import type { Compilation } from './compile-mail.ts'
import type { CompiledMail, Finding, MailFacts } from './compiled-mail.ts'
import { positionAt } from './mask.ts'
import { byLevel } from './problem.ts'

/** Gmail clips above about 102 kB, counted after the links have grown (compliance §1.8). */
const HTML_WARN_BYTES = 90_000
/** Beyond this a mail is not sent. */
const HTML_BLOCK_BYTES = 500_000
/** What a list view on a desk shows of a subject. */
const SUBJECT_SHOWN_CHARS = 70
/** What one fallen-out value counts for in a subject's length. */
const VALUE_CHARS = 8
/** Lines of one kind; the rest would only hide the others. */
const FINDINGS_SHOWN_MAX = 10

/** What the pre-flight knows beside the mail. */
export interface PreflightSetting {
  readonly locale: 'en' | 'fr'
  readonly hasPostalAddress: boolean
}

/**
 * Checks a mail.
 * @param compilation  of this very source
 * @returns blocks first; empty of blocks means that the mail may leave as far as its content goes
 * Source: web probe §8 rule 7
 */
export function preflightMail(
  source: MailSource,
  compilation: Compilation,
  setting: PreflightSetting,
): Check[] {
  const list = new CheckList(setting.locale)
  checkHeaders(list, source)
  if (compilation.ok) checkVersion(list, source, compilation.version, setting)
  else for (const problem of compilation.problems) list.problem(problem)
  return byLevel(list.checks)
}

/** Whether anything keeps the mail from leaving. */
export const isBlocked = (checks: readonly Check[]): boolean =>
  checks.some((check) => check.level === 'block')

/** A problem as a blocking line of the list, in the reader's language. */
export function problemCheck(problem: Problem, locale: 'en' | 'fr'): Check {
  const list = new CheckList(locale)
  list.problem(problem)
  const [check] = list.checks
  if (check === undefined) throw new Error('a problem is one check')
  return check
}

interface Spot {
  field: MailField
  line?: number | null
  column?: number | null
}

class CheckList {
  readonly checks: Check[] = []
  readonly #locale: 'en' | 'fr'

  constructor(locale: 'en' | 'fr') {
    this.#locale = locale
  }

  add(level: Check['level'], id: CheckId, spot: Spot, key: CheckKey, params: Check['params'] = {}): void {
    const { message, hint } = checkText(this.#locale, key, params)
    this.checks.push({
      id,
      level,
      field: spot.field,
      line: spot.line ?? null,
      column: spot.column ?? null,
      key,
      params,
      message,
      hint,
    })
  }

  problem(problem: Problem): void {
    this.add('block', COMPILE_CHECK, problem, problem.code, problem.params)
    const suggestion = problem.code === 'variable_unknown' ? String(problem.params['suggestion'] ?? '') : ''
    const check = this.checks.at(-1)
    if (suggestion !== '' && check)
      check.hint =
        this.#locale === 'fr' ? `Vouliez-vous dire « ${suggestion} » ?` : `Did you mean “${suggestion}”?`
  }

  /** One line for each finding, or one that says all is well. */
  findings(
    level: 'block' | 'warn',
    id: CheckId,
    found: readonly Finding[],
    key: CheckKey,
    param: string,
  ): void {
    for (const finding of found.slice(0, FINDINGS_SHOWN_MAX))
      this.add(level, id, finding, key, { [param]: finding.what })
  }
}

function checkHeaders(list: CheckList, source: MailSource): void {
  const subject = source.subject.trim()
  const shown = subject.replaceAll(/\{%.*?%\}/g, '').replaceAll(/\{\{.*?\}\}/g, 'x'.repeat(VALUE_CHARS))
  const length = characterCount(shown)
  if (subject === '') list.add('block', 'subject_present', { field: 'subject' }, 'subject_missing')
  else if (length > SUBJECT_SHOWN_CHARS)
    list.add('warn', 'subject_length', { field: 'subject' }, 'subject_long', { length })
  else list.add('ok', 'subject_present', { field: 'subject' }, 'subject_present')
  if (isShouting(shown)) list.add('warn', 'subject_shouting', { field: 'subject' }, 'subject_shouting')
  if (source.preheader.trim() === '')
    list.add('warn', 'preheader_present', { field: 'preheader' }, 'preheader_missing')
  if (source.fromName.trim() === '')
    list.add('warn', 'sender_name', { field: 'fromName' }, 'sender_name_missing')
  checkSender(list, source.fromEmail.trim())
  const replyTo = source.replyTo.trim()
  if (replyTo !== '' && !isEmailAddress(replyTo))
    list.add('block', 'reply_address', { field: 'replyTo' }, 'reply_invalid', { address: replyTo })
}

function checkSender(list: CheckList, address: string): void {
  const spot: Spot = { field: 'fromEmail' }
  if (address === '') return list.add('block', 'sender_address', spot, 'sender_missing')
  if (!isEmailAddress(address))
    return list.add('block', 'sender_address', spot, 'sender_invalid', { address })
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  if (FREEMAIL.has(domain)) return list.add('warn', 'sender_address', spot, 'sender_freemail', { domain })
  list.add('ok', 'sender_address', spot, 'sender_ok', { address })
}

function checkVersion(
  list: CheckList,
  source: MailSource,
  version: CompiledMail,
  setting: PreflightSetting,
): void {
  const body: Spot = { field: 'body' }
  const { facts } = version
  list.add('ok', 'unsubscribe', body, facts.unsubscribeByAuthor ? 'unsubscribe_own' : 'unsubscribe_added')
  if (setting.hasPostalAddress) list.add('ok', 'postal_address', body, 'postal_address_ok')
  else list.add('warn', 'postal_address', body, 'postal_address_missing')
  list.findings('block', 'links_lead_somewhere', facts.linksToNowhere, 'link_nowhere', 'label')
  if (facts.linksToNowhere.length === 0)
    list.add('ok', 'links_lead_somewhere', body, 'links_ok', { count: version.links.length })
  checkPlaceholders(list, source, version)
  list.findings('warn', 'links_counted', facts.linksNotCounted, 'link_not_counted', 'label')
  list.findings('warn', 'links_secure', facts.linksNotSecure, 'link_not_secure', 'url')
  list.findings(
    'warn',
    'variables_fallback',
    facts.variablesWithoutFallback,
    'variable_without_fallback',
    'name',
  )
  if (facts.variablesWithoutFallback.length === 0) list.add('ok', 'variables_fallback', body, 'variables_ok')
  list.findings('warn', 'images_described', facts.imagesWithoutDescription, 'image_undescribed', 'url')
  if (facts.imagesWithoutDescription.length === 0) list.add('ok', 'images_described', body, 'images_ok')
  checkSize(list, facts)
  if (source.text !== null && source.text.trim() === '')
    list.add('warn', 'text_part', { field: 'text' }, 'text_empty')
  else list.add('ok', 'text_part', { field: 'text' }, facts.textDerived ? 'text_derived' : 'text_own')
}

/** Links that still point at the domains reserved for examples (RFC 2606): forgotten when a template was filled in. */
function checkPlaceholders(list: CheckList, source: MailSource, version: CompiledMail): void {
  const placeholders = version.links.flatMap((link) => {
    const host = /^https?:\/\/((?:[\w-]+\.)*example\.(?:com|net|org))(?=[/?#:]|$)/i.exec(link.url)?.[1]
    return host === undefined ? [] : [{ link, host }]
  })
  for (const { link, host } of placeholders.slice(0, FINDINGS_SHOWN_MAX)) {
    const offset = source.body.indexOf(link.url)
    const position = offset === -1 ? {} : positionAt(source.body, offset)
    list.add('warn', 'links_finished', { field: 'body', ...position }, 'link_placeholder', {
      label: link.label,
      host,
    })
  }
}

function checkSize(list: CheckList, facts: MailFacts): void {
  const params = { kilobytes: Math.round(facts.htmlBytes / 1000) }
  if (facts.htmlBytes >= HTML_BLOCK_BYTES)
    list.add('block', 'html_size', { field: 'body' }, 'size_too_large', params)
  else if (facts.htmlBytes >= HTML_WARN_BYTES)
    list.add('warn', 'html_size', { field: 'body' }, 'size_clipped', params)
  else list.add('ok', 'html_size', { field: 'body' }, 'size_ok', params)
}

const segmenter = new Intl.Segmenter()

/** Characters as people count them: an emoji with its skin tone is one. */
export function characterCount(text: string): number {
  let count = 0
  for (const _ of segmenter.segment(text)) count++
  return count
}

function isShouting(subject: string): boolean {
  const letters = subject.match(/\p{L}/gu) ?? []
  const capitals = subject.match(/\p{Lu}/gu) ?? []
  return (letters.length >= 8 && capitals.length / letters.length > 0.8) || /[!?]{3,}/.test(subject)
}

/**
 * One plain address: no list, no name, no comment, nothing that could end a header.
 * Source: compliance §1.8
 */
export function isEmailAddress(text: string): boolean {
  return (
    /^[^\s@<>,;:"()[\]\\\p{C}]{1,64}@(?=.{1,253}$)(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}]$/u.test(
      text,
    ) && !/^\.|\.\.|\.@/.test(text)
  )
}

/** Domains whose owners tell receivers to refuse mail that they did not send themselves (DMARC reject or quarantine). */
const FREEMAIL = new Set([
  'gmail.com', 'googlemail.com', 'yahoo.com', 'yahoo.fr', 'aol.com', 'hotmail.com', 'hotmail.fr', 'outlook.com', 'outlook.fr', 'live.com',
  'live.fr', 'msn.com', 'icloud.com', 'me.com', 'mac.com', 'gmx.com', 'gmx.de', 'gmx.net', 'web.de', 'mail.ru', 'yandex.ru', 'proton.me',
  'protonmail.com', 'orange.fr', 'wanadoo.fr', 'free.fr', 'sfr.fr', 'laposte.net', 'bbox.fr',
]) // prettier-ignore
