/** The public page of a form: one document without script, in the languages that its author offers. */
import { languageOf, textIn } from '../../consent/index.ts'
import type { Locale } from '../../platform/context.ts'
import { escapeHtml, publicPage } from '../../platform/public-page.ts'
import { labelled } from '../../platform/in-words.ts'
import type { FormDefinition, FormField } from '../schema.ts'
import { FORM_TEXTS } from './texts.ts'

/** A field that people do not see and programs fill in. */
export const HONEYPOT = 'website'

/** What a page is made from. */
export interface FormView {
  organization: string
  version: number
  definition: FormDefinition
  locale: Locale
}

/** What was typed, and what is wrong with it, field by field. */
export interface Returned {
  values: Readonly<Record<string, string>>
  problems: Readonly<Record<string, string>>
}

/** The language of a form's page: the one asked for, if it is offered. */
export function pageLocale({ languages }: FormDefinition, wanted: Locale): Locale {
  return languages.includes(wanted) ? wanted : (languages[0] ?? 'en')
}

/** The sentence beside a box, in the language in which it is shown; what is agreed to is exactly this. */
export function wordingOf(
  box: FormDefinition['boxes'][number],
  locale: Locale,
): { text: string; locale: Locale } {
  return { text: textIn(box.wording, locale) ?? '', locale: languageOf(box.wording, locale) }
}

/** The form. Boxes come back ticked only where the person ticked them. */
export function formPage(view: FormView, returned: Returned = { values: {}, problems: {} }): string {
  const { definition, locale, version } = view
  const t = FORM_TEXTS[locale]
  const title = textIn(definition.title, locale) ?? ''
  const intro = textIn(definition.intro, locale)
  const problems = Object.entries(returned.problems)
  const others = definition.languages.filter((language) => language !== locale)
  return framed(
    view,
    title,
    `<h1>${escapeHtml(title)}</h1>
${intro === null ? '' : `<p>${escapeHtml(intro)}</p>\n`}${
      problems.length === 0
        ? ''
        : `<div class="wrong" role="alert"><p>${escapeHtml(t.problemsTitle)}</p><ul>${problems
            .map(
              ([name, text]) =>
                `<li>${labelled(locale, `<a href="#${escapeHtml(idOf(name))}">${escapeHtml(labelOf(definition, name, locale))}</a>`, escapeHtml(text))}</li>`,
            )
            .join('')}</ul></div>\n`
    }<form method="post">
<input type="hidden" name="version" value="${version}"><input type="hidden" name="lang" value="${locale}">
<div class="trap" aria-hidden="true"><label>Website<input type="text" name="${HONEYPOT}" tabindex="-1" autocomplete="off"></label></div>
${definition.fields.map((field) => fieldHtml(definition, field, locale, returned)).join('\n')}
${definition.boxes.map((box) => boxHtml(box, locale, returned)).join('\n')}
<button type="submit">${escapeHtml(textIn(definition.button, locale) ?? t.button)}</button>
</form>
${definition.privacyUrl === null ? '' : `<p class="foot"><a href="${escapeHtml(definition.privacyUrl)}" rel="noopener" target="_blank">${escapeHtml(t.privacy)}</a></p>\n`}${others
      .map(
        (language) =>
          `<p class="foot"><a href="?lang=${language}" hreflang="${language}" lang="${language}">${language === 'fr' ? 'En français' : 'In English'}</a></p>`,
      )
      .join('')}`,
  )
}

/** A page that says one thing. */
export function saysPage(
  view: Pick<FormView, 'organization' | 'locale' | 'definition'>,
  says: { title: string; paragraphs: readonly string[]; link?: { url: string; text: string } },
): string {
  return framed(
    view,
    says.title,
    `<h1>${escapeHtml(says.title)}</h1>
${says.paragraphs.map((text) => `<p role="status">${escapeHtml(text)}</p>`).join('\n')}${
      says.link ? `\n<p><a href="${escapeHtml(says.link.url)}">${escapeHtml(says.link.text)}</a></p>` : ''
    }`,
  )
}

/** The page behind a confirmation's link that asks once more. */
export function askPage(view: FormView, wordings: readonly string[]): string {
  const t = FORM_TEXTS[view.locale]
  return framed(
    view,
    t.confirmTitle(view.organization),
    `<h1>${escapeHtml(t.confirmTitle(view.organization))}</h1>
<p>${escapeHtml(t.confirmBody)}</p>
<ul>${wordings.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>
<form method="post"><button type="submit">${escapeHtml(t.confirmButton)}</button></form>`,
  )
}

/** The name of a field as people read it. */
export function labelOf(definition: FormDefinition, name: string, locale: Locale): string {
  const field = definition.fields.find((candidate) => candidate.field === name)
  return textIn(field?.label, locale) ?? FORM_TEXTS[locale].labels[name] ?? name
}

function framed(
  { organization, definition, locale }: Pick<FormView, 'organization' | 'locale' | 'definition'>,
  title: string,
  body: string,
): string {
  return publicPage(locale, title, organization, body, {
    accent: definition.accent,
    logoUrl: null,
    style: STYLE,
  })
}

function fieldHtml(
  definition: FormDefinition,
  { field, isRequired }: FormField,
  locale: Locale,
  { values, problems }: Returned,
): string {
  const id = idOf(field)
  const problem = problems[field]
  const attributes = [
    `type="${TYPES[field] ?? 'text'}"`,
    `id="${id}"`,
    `name="${escapeHtml(field)}"`,
    `value="${escapeHtml(values[field] ?? '')}"`,
    ...(AUTOCOMPLETE[field] === undefined ? [] : [`autocomplete="${AUTOCOMPLETE[field]}"`]),
    ...(isRequired ? ['required'] : []),
    ...(problem === undefined ? [] : ['aria-invalid="true"', `aria-describedby="${id}-problem"`]),
  ]
  return `<div class="field"><label for="${id}">${escapeHtml(labelOf(definition, field, locale))}${isRequired ? ` <small>(${escapeHtml(FORM_TEXTS[locale].required)})</small>` : ''}</label>
<input ${attributes.join(' ')}>${problem === undefined ? '' : `<p class="problem" id="${id}-problem">${escapeHtml(problem)}</p>`}</div>`
}

function boxHtml(box: FormDefinition['boxes'][number], locale: Locale, { values }: Returned): string {
  const { text, locale: language } = wordingOf(box, locale)
  const name = boxName(box.key)
  const checked = values[name] === 'yes' ? ' checked' : ''
  return `<label lang="${language}"><input type="checkbox" name="${name}" value="yes"${checked}><span>${escapeHtml(text)}</span></label>`
}

/** The field of a consent box. */
export const boxName = (key: string): string => `consent_${key}`

const idOf = (name: string): string => `field-${name.replaceAll(/[^a-zA-Z0-9_-]/g, '-')}`

const TYPES: Readonly<Record<string, string>> = { email: 'email', phone: 'tel', birthday: 'date' }
const AUTOCOMPLETE: Readonly<Record<string, string>> = {
  email: 'email',
  phone: 'tel',
  firstName: 'given-name',
  lastName: 'family-name',
  country: 'country-name',
  city: 'address-level2',
  birthday: 'bday',
}

const STYLE = `
.field{margin:0 0 1rem}
.field label{display:block;min-height:0;padding:0 0 .25rem;font-weight:600;cursor:auto}
.field small{font-weight:400}
.field input{width:100%;height:2.75rem;margin:0;padding:0 .75rem;font:inherit;color:var(--text);background:var(--ground);border:1px solid var(--edge);border-radius:10px}
.field input[aria-invalid]{border-color:var(--red);border-width:2px}
.problem,.wrong{color:var(--red)}
.problem{margin:.25rem 0 0;font-size:.9375rem}
.wrong{border:1px solid var(--red);border-radius:10px;padding:.75rem 1rem;margin:0 0 1.25rem}
.wrong p{margin:0}
.wrong ul{margin:.25rem 0 0;padding-left:1.25rem}
.wrong a{color:inherit;padding:0;display:inline}
.trap{position:absolute;left:-10000px;width:1px;height:1px;overflow:hidden}
form button{margin-top:1rem}
.foot{margin:1rem 0 0;font-size:.9375rem}
:root{--red:#b42318}
@media (prefers-color-scheme:dark){:root{--red:#fda29b}}
`
