import { type Figure, bench, time } from './bench.ts'
import { compileMail } from '../server/src/content/rules/compile-mail.ts'
import { libraryRenderer } from '../server/src/content/rules/closures.ts'
import { compiledEngine, escapeHtml } from '../server/src/content/rules/liquid.ts'
import { mailRenderer } from '../server/src/content/rules/render-mail.ts'
import { type MailContact, variableCatalogue } from '../server/src/content/rules/variables.ts'
import { mailSource } from '../server/src/content/schema.ts'

/** A mail of about 6 kB with 8 links, a condition and 8 values, as the engine probe measured (§4c). */
const BODY = `<mjml><mj-body><mj-section><mj-column>
  <mj-text>Hello {{ contact.first_name | default: "there" }},</mj-text>
  {% if contact.city %}<mj-text>How are things in {{ contact.city }}?</mj-text>{% endif %}
  ${Array.from({ length: 8 }, (_, at) => `<mj-text><a href="https://shop.example/p/${at}?c={{ contact.subscription_tier | default: "none" }}">Offer ${at}</a></mj-text>`).join('\n')}
  <mj-text>{{ organization.name }} {{ organization.postal_address }} <a href="{{ unsubscribe_url }}">out</a></mj-text>
</mj-column></mj-section></mj-body></mjml>`

const SETTING = {
  organization: { name: 'Org & Co', postalAddress: '1 Street' },
  campaign: { name: 'Bench' },
}

const contactOf = (n: number): MailContact => ({
  email: `p${n}@people.example`,
  phone: null,
  firstName: n % 7 === 0 ? null : `First${n}`,
  lastName: `Last${n}`,
  language: 'en',
  timeZone: null,
  country: 'FR',
  city: n % 3 === 0 ? null : "L'Isle & co",
  birthday: null,
  subscriptionTier: 'gold',
  subscriptionStatus: null,
  tags: [],
  attributes: {},
})

export default bench({
  name: 'render',
  about:
    'A mail of about 6 kB with 8 links rendered for many people (subject, HTML, text), beside hand-written concatenation of the same HTML and beside liquidjs.',
  async run({ option }): Promise<Figure[]> {
    const messages = option('messages', 100_000)
    const compiled = await compileMail(
      mailSource.parse({
        subject: 'Hi {{ contact.first_name | default: "there" }}',
        fromEmail: 'a@org.example',
        body: BODY,
      }),
      variableCatalogue([]),
    )
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
    const { version } = compiled
    const contacts = Array.from({ length: 1_000 }, (_, n) => contactOf(n))
    const renderer = mailRenderer(version, SETTING)
    const urls = (n: number): Parameters<typeof renderer.render>[1] => ({
      linkUrl: (index) => `https://t.example/c/token${n}/${index}`,
      unsubscribeUrl: `https://t.example/u/token${n}`,
      preferencesUrl: 'https://t.example/p',
      viewUrl: 'https://t.example/v',
      pixelUrl: `https://t.example/o/token${n}`,
    })
    const person = (n: number): MailContact => contacts[n % contacts.length] ?? contactOf(n)

    const engine = compiledEngine('en')
    const library = libraryRenderer(engine.parse(version.html), engine)
    const pieces = version.html.split(/\{[{%].*?[}%]\}/)
    const concatenate = (n: number): number => {
      let html = ''
      const links = urls(n)
      for (const [at, piece] of pieces.entries())
        html += piece + escapeHtml(at % 2 === 0 ? links.linkUrl(at) : (person(n).firstName ?? 'there'))
      return html.length
    }
    const whole = microseconds(messages, (n) => renderer.render(person(n), urls(n)).html.length)
    const raw = microseconds(messages, concatenate)
    const peer = microseconds(Math.ceil(messages / 10), (n) => {
      const { unsubscribeUrl, preferencesUrl, viewUrl } = urls(n)
      return library({
        ...SETTING,
        contact: person(n),
        urls: {
          unsubscribe_url: unsubscribeUrl,
          preferences_url: preferencesUrl,
          view_in_browser_url: viewUrl,
        },
        slots: urls(n),
      }).length
    })
    return [
      time('render_message', whole, 'us', raw),
      time('render_message_against_liquidjs', whole, 'us', peer),
      { name: 'html_size', value: version.facts.htmlBytes, unit: 'bytes', raw: null, ratio: null },
    ]
  },
})

/** CPU time of one call, warm. */
function microseconds(calls: number, work: (n: number) => number): number {
  let sum = 0
  for (let n = 0; n < Math.min(calls, 5_000); n++) sum += work(n)
  const before = process.cpuUsage()
  for (let n = 0; n < calls; n++) sum += work(n)
  const { user, system } = process.cpuUsage(before)
  if (sum === 0) throw new Error('nothing was rendered')
  return (user + system) / calls
}
