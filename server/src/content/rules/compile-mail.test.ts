import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MailSourceInput, mailSource } from '../schema.ts'
import { type Compilation, compileMail } from './compile-mail.ts'
import type { CompiledMail } from './compiled-mail.ts'
import { joined } from './pieces.ts'
import { preflightMail } from './preflight.ts'
import { type MessageUrls, type RenderedMail, mailRenderer } from './render-mail.ts'
import { type MailContact, type MailSetting, variableCatalogue } from './variables.ts'

const catalogue = variableCatalogue([{ key: 'shoe', name: 'Shoe size', type: 'text' }])
const setting: MailSetting = {
  organization: { name: 'Org & Co', postalAddress: '1 High Street' },
  campaign: { name: 'Noël' },
}
const urls: MessageUrls = {
  linkUrl: (index) => `https://t.example/c/token/${index}`,
  unsubscribeUrl: 'https://t.example/u/token?a=1&b=2',
  preferencesUrl: 'https://t.example/p/token',
  viewUrl: 'https://t.example/v/token',
  pixelUrl: 'https://t.example/o/token',
}
const ann: MailContact = {
  email: 'ann@example.org', phone: null, firstName: 'Ann', lastName: null, language: 'en', timeZone: null, country: 'GB', city: 'York',
  birthday: null, subscriptionTier: null, subscriptionStatus: null, tags: ['vip'], attributes: { shoe: '39' },
} // prettier-ignore

const mjml = (inner: string): string =>
  `<mjml><mj-body><mj-section><mj-column>${inner}</mj-column></mj-section></mj-body></mjml>`
const compile = (source: MailSourceInput): Promise<Compilation> =>
  compileMail(mailSource.parse({ subject: 'Hello', fromEmail: 'a@example.org', ...source }), catalogue)

async function compiled(source: MailSourceInput): Promise<CompiledMail> {
  const result = await compile(source)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.version
}

async function rendered(source: MailSourceInput, contact: Partial<MailContact> = {}): Promise<RenderedMail> {
  return mailRenderer(await compiled(source), setting).render({ ...ann, ...contact }, urls)
}

async function problems(source: MailSourceInput): Promise<string[]> {
  const result = await compile(source)
  return result.ok
    ? []
    : result.problems.map((problem) => `${problem.field}:${problem.line}:${problem.column} ${problem.code}`)
}

describe('what every marketing mail has', () => {
  test('PC-11 CS-017.1 a mail without an unsubscribe link gets one in HTML and text', async () => {
    const mail = await rendered({ body: mjml('<mj-text>Hello</mj-text>') })
    expect(mail.html).toContain('href="https://t.example/u/token?a=1&amp;b=2"')
    expect(mail.text).toContain('Unsubscribe: https://t.example/u/token?a=1&b=2')
  })
  test('CS-017.1 an unsubscribe link of the author is kept, and no second one is added', async () => {
    const mail = await rendered({
      format: 'html',
      body: '<p>Hi <a href="{{ unsubscribe_url }}">leave</a></p>',
    })
    expect(mail.html.match(/\/u\/token/g)).toHaveLength(1)
    expect(mail.text).toContain('leave (https://t.example/u/token?a=1&b=2)')
  })
  test('CS-017.1 an unsubscribe link that only some see does not count', async () => {
    const mail = await rendered({
      format: 'html',
      body: '<p>{% if contact.shoe == "1" %}<a href="{{ unsubscribe_url }}">leave</a>{% endif %}</p>',
    })
    expect(mail.html).toContain('>Unsubscribe</a>')
  })
  test('CS-017.1 the author’s own text part gets the link too', async () => {
    expect((await rendered({ body: mjml('<mj-text>x</mj-text>'), text: 'Bye' })).text).toMatch(
      /^Bye\n\n--\n[^]*Unsubscribe: https/,
    )
  })
  test('the postal address is added where the author left it out', async () => {
    expect((await rendered({ body: mjml('<mj-text>x</mj-text>') })).html).toContain(
      'Org &amp; Co · 1 High Street',
    )
  })
  test('the pixel stands at the end of the body, and nowhere without consent', async () => {
    const version = await compiled({ body: mjml('<mj-text>x</mj-text>') })
    const renderer = mailRenderer(version, setting)
    expect(renderer.render(ann, urls).html).toMatch(/<img src="https:\/\/t\.example\/o\/token"[^>]*><\/body>/)
    expect(renderer.render(ann, { ...urls, pixelUrl: null }).html).not.toContain('<img')
  })
  test('the preheader opens the body, hidden', async () => {
    expect((await rendered({ preheader: 'A & B', body: mjml('<mj-text>x</mj-text>') })).html).toMatch(
      /<body[^>]*><div style="display:none[^>]*>A &amp; B&#847;/,
    )
  })
  test('MA-1.2 a fragment of HTML becomes a document in the mail’s language', async () => {
    expect((await rendered({ language: 'fr', format: 'html', body: '<p>Bonjour</p>' })).html).toMatch(
      /^<!doctype html><html lang="fr">/,
    )
  })
})

describe('what a contact’s values may do', () => {
  const evil = { firstName: '<script>"x"</script>', city: '../..?a=1&b=2#c' }
  test('in HTML they are text', async () => {
    const { html } = await rendered({ body: mjml('<mj-text>{{ contact.first_name }}</mj-text>') }, evil)
    expect(html).toContain('&lt;script&gt;&#34;x&#34;&lt;/script&gt;')
    expect(html).not.toContain('<script>')
  })
  test('in text they are as they are', async () => {
    expect(
      (await rendered({ body: mjml('<mj-text>{{ contact.first_name }}</mj-text>') }, evil)).text,
    ).toContain('<script>"x"</script>')
  })
  test('in a link they add no segment, parameter or host', async () => {
    const version = await compiled({
      format: 'html',
      body: '<a href="https://shop.example/c/{{ contact.city }}?n={{ contact.first_name }}">go</a>',
    })
    expect(mailRenderer(version, setting).linkTarget(0, { ...ann, ...evil })).toBe(
      'https://shop.example/c/..%2F..%3Fa%3D1%26b%3D2%23c?n=%3Cscript%3E%22x%22%3C%2Fscript%3E',
    )
  })
  test('in a style they keep to letters, digits and #%.,-', async () => {
    expect(
      (
        await rendered(
          { format: 'html', body: '<p style="color:{{ contact.city }}">x</p>' },
          { city: 'red;background:url(https://x)' },
        )
      ).html,
    ).toContain('color:redbackgroundurlhttpsx')
  })
  test('PC-27 in headers they end no line', async () => {
    const mail = await rendered(
      {
        subject: 'Hi {{ contact.first_name }}',
        fromName: '{{ contact.first_name }}',
        body: mjml('<mj-text>x</mj-text>'),
      },
      { firstName: 'Bob\r\nBcc: evil@example.net' },
    )
    expect(mail.subject).toBe('Hi Bob Bcc: evil@example.net')
    expect(mail.fromName).toBe('Bob Bcc: evil@example.net')
  })
  test('names of prototypes are empty', async () => {
    const version = await compile({ body: mjml('<mj-text>{{ contact.constructor }}</mj-text>') })
    expect(version.ok).toBe(false)
  })
})

describe('links', () => {
  test('are frozen in reading order with what readers see of them', async () => {
    const version = await compiled({
      body: mjml(
        '<mj-text><a href="https://a.example/?x=1&amp;y={{ contact.city }}">First <b>one</b></a></mj-text><mj-button href="https://b.example/">Go</mj-button><mj-image src="https://i.example/a.png" alt="A hat" href="https://c.example/" />',
      ),
    })
    expect(version.links).toEqual([
      { index: 0, url: 'https://a.example/?x=1&y={{ contact.city | safe_url }}', label: 'First one' },
      { index: 1, url: 'https://b.example/', label: 'Go' },
      { index: 2, url: 'https://c.example/', label: 'A hat' },
    ])
  })
  test('of the text part share their number with the HTML', async () => {
    const version = await compiled({
      format: 'html',
      body: '<a href="https://a.example/">x</a>',
      text: 'See https://a.example/, or https://b.example/z.',
    })
    expect(version.links.map((link) => link.url)).toEqual(['https://a.example/', 'https://b.example/z'])
    expect(version.text).toContain('See {% fanfare_link 0 text %}, or {% fanfare_link 1 text %}.')
  })
  test('inside a loop lead straight to their target, and the pre-flight says so', async () => {
    const version = await compiled({
      format: 'html',
      body: '{% for tag in contact.tags %}<a href="https://a.example/{{ tag }}">{{ tag }}</a>{% endfor %}',
    })
    expect(version.links).toEqual([])
    expect(version.facts.linksNotCounted).toHaveLength(1)
    expect(mailRenderer(version, setting).render({ ...ann, tags: ['x y'] }, urls).html).toContain(
      'href="https://a.example/x%20y"',
    )
  })
  test('in Outlook’s comments share the number of the same address', async () => {
    const version = await compiled({
      format: 'html',
      body: '<a href="https://a.example/">x</a><!--[if mso]><v:roundrect href="https://a.example/"></v:roundrect><![endif]-->',
    })
    expect(version.links).toHaveLength(1)
    expect(version.html.match(/fanfare_link 0/g)).toHaveLength(2)
  })
  test.each([
    ['javascript:alert(1)', 'link_scheme'],
    ['java&#115;cript:alert(1)', 'link_scheme'],
    ['vbscript:x', 'link_scheme'],
    ['data:text/html,x', 'link_scheme'],
    ['file:///etc/passwd', 'link_scheme'],
    ['//evil.example', 'link_relative'],
    ['/page', 'link_relative'],
    ['www.example.org', 'link_relative'],
    ['https://user:pass@a.example/', 'link_invalid'],
    ['https:\\\\a.example', 'link_invalid'],
    ['https://a.example/\u0007', 'link_invalid'],
    ['https://{{ contact.city }}/', 'link_host_variable'],
    ['https://a.example{{ contact.city }}', 'link_host_variable'],
    ['{{ contact.city }}', 'link_host_variable'],
    ['{{ contact.city }}://x', 'link_host_variable'],
    ['{% if contact.city %}https://a.example/{% endif %}', 'link_starts_with_logic'],
  ])('PC-26 refuses %j', async (href, code) => {
    expect(await problems({ format: 'html', body: `<p>\n<a href="${href}">x</a></p>` })).toEqual([
      `body:2:10 ${code}`,
    ])
  })
  test.each(['mailto:a@example.org?subject={{ contact.city }}', 'tel:+331', 'sms:+331', '#top'])(
    'leaves %s alone',
    async (href) => {
      expect((await compiled({ format: 'html', body: `<a href="${href}">x</a>` })).links).toEqual([])
    },
  )
})

describe('problems name the place and the remedy', () => {
  test.each<[string, MailSourceInput, string[]]>([
    [
      'broken MJML',
      {
        body: '<mjml><mj-body>\n<mj-section><mj-column>\n<mj-text>hi</mj-column></mj-section></mj-body></mjml>',
      },
      ['body:3:1 mjml_unclosed'],
    ],
    [
      'an unknown element',
      { body: '<mjml><mj-body>\n<mj-sectio></mj-sectio></mj-body></mjml>' },
      ['body:2:1 mjml_invalid'],
    ],
    ['no MJML at all', { body: 'hello' }, ['body:1:1 mjml_root_missing']],
    [
      'an unclosed tag in HTML',
      { format: 'html', body: '<p>x</p>\n<div><b>x</div>' },
      ['body:2:6 html_unclosed'],
    ],
    [
      'a tag without its end',
      { body: mjml('<mj-text>x</mj-text>') + '\n<mj-oops' },
      ['body:2:1 markup_unfinished'],
    ],
    [
      'a quote left open',
      { format: 'html', body: '<p>x</p>\n<a href="https://a.example/>x</a><p>y</p>' },
      ['body:2:1 markup_unfinished'],
    ],
    ['a comment left open', { format: 'html', body: '<p>x</p><!-- y' }, ['body:1:9 markup_unfinished']],
    ['a script', { format: 'html', body: '<p>x</p><script>1</script>' }, ['body:1:9 html_forbidden_element']],
    [
      'a script in an attribute',
      { format: 'html', body: '<p onclick="x()">x</p>' },
      ['body:1:4 html_forbidden_attribute'],
    ],
    [
      'a script for Outlook',
      { format: 'html', body: '<!--[if mso]><script>1</script><![endif]-->' },
      ['body:1:14 html_forbidden_element'],
    ],
    [
      'an unknown variable',
      { subject: 'Hi {{ contact.frist_name }}', body: mjml('<mj-text>x</mj-text>') },
      ['subject:1:7 variable_unknown'],
    ],
    [
      'an unclosed condition',
      { body: mjml('<mj-text>{% if contact.city %}x</mj-text>') },
      ['body:1:48 liquid_syntax'],
    ],
    [
      'an unclosed output',
      { subject: 'Hi {{ contact.city', body: mjml('<mj-text>x</mj-text>') },
      ['subject:1:4 liquid_syntax'],
    ],
    [
      'an unknown tag',
      { body: mjml('<mj-text>{% include "x" %}</mj-text>') },
      ['body:1:48 liquid_tag_unknown'],
    ],
    [
      'an unknown filter',
      { body: mjml('<mj-text>{{ contact.city | shout }}</mj-text>') },
      ['body:1:48 liquid_filter_unknown'],
    ],
    [
      'a variable as attribute name',
      { format: 'html', body: '<p {{ contact.city }}>x</p>' },
      ['body:1:4 variable_in_tag'],
    ],
    [
      'a variable without quotes',
      { format: 'html', body: '<p title={{ contact.city }}>x</p>' },
      ['body:1:10 variable_unquoted'],
    ],
    ['an empty body', { body: ' ' }, ['body:1:1 body_empty']],
  ])('%s', async (_, source, expected) => {
    expect((await problems(source)).map((line) => line.replace('body:null:null', 'body:1:1'))).toEqual(
      expected,
    )
  })
  test('an unknown variable suggests the one that was meant', async () => {
    const result = await compile({
      subject: '{{ contact.FirstName }} {{ fristname }} {{ contact.zzz }}',
      body: mjml('<mj-text>x</mj-text>'),
    })
    expect(result.ok ? [] : result.problems.map((problem) => problem.params['suggestion'])).toEqual([
      'contact.first_name',
      'contact.first_name',
      '',
    ])
  })
  test.each<[string, MailSourceInput]>([
    ['links', { format: 'html', body: '<a href="https://a.example/{{ contact.city }}">x'.repeat(20_000) }],
    ['MJML', { body: mjml('<mj-text>x</mj-text>'.repeat(40_000)) }],
    ['tags that are never closed', { format: 'html', body: '<b>'.repeat(300_000) }],
    ['tags that close nothing', { format: 'html', body: '<b>'.repeat(100_000) + '</i>'.repeat(100_000) }],
    [
      'MJML that closes nothing',
      { body: mjml(`<mj-text>${'<b>'.repeat(100_000)}${'</i>'.repeat(100_000)}</mj-text>`) },
    ],
    ['spaces', { body: mjml(`<mj-text>${' '.repeat(900_000)}x</mj-text>`) }],
    ['kept spaces', { format: 'html', body: `<pre>${' '.repeat(900_000)}x</pre>` }],
    ['paragraphs', { format: 'html', body: '<p>a b</p>'.repeat(90_000) }],
    ['deep lists', { format: 'html', body: '<ul><li>'.repeat(100_000) }],
    ['braces', { format: 'html', body: '{'.repeat(900_000) }],
    ['open braces', { format: 'html', body: '{{ '.repeat(300_000) }],
    ['outputs', { format: 'html', body: '{{ contact.city }}'.repeat(50_000) }],
    ['quotes', { format: 'html', body: `<a title="`.repeat(90_000) }],
    ['comments', { format: 'html', body: '<!-- '.repeat(200_000) }],
    ['angles', { format: 'html', body: '<'.repeat(1_000_000) }],
    [
      'styles with values',
      { format: 'html', body: '<p style="color:{{ contact.city }}">x</p>'.repeat(4_000) },
    ],
    ['addresses in text', { body: mjml('<mj-text>x</mj-text>'), text: 'https://a.example/ '.repeat(10_000) }],
  ])('a megabyte of %s is answered within seconds', async (_, source) => {
    const started = performance.now()
    await compile(source)
    expect(performance.now() - started).toBeLessThan(6_000)
  })
})

describe('MJML', () => {
  test('conditions between sections are kept', async () => {
    const body =
      '<mjml><mj-body>{% if contact.city == "York" %}<mj-section><mj-column><mj-text>Yorkshire</mj-text></mj-column></mj-section>{% endif %}</mj-body></mjml>'
    expect((await rendered({ body })).html).toContain('Yorkshire')
    expect((await rendered({ body }, { city: 'Paris' })).html).not.toContain('Yorkshire')
  })
  test('quotes and angle brackets in Liquid break no attribute and no tag', async () => {
    const mail = await rendered({
      body: mjml(
        '<mj-image src="https://i.example/a.png" alt="For {{ contact.last_name | default: "you" }}" /><mj-text>{% if contact.tags.size < 2 %}few{% endif %}</mj-text>',
      ),
    })
    expect(mail.html).toContain('alt="For you"')
    expect(mail.html).toContain('few')
  })
  test('no font is fetched from elsewhere', async () => {
    expect(
      (await compiled({ body: mjml('<mj-text font-family="Roboto, Open Sans">x</mj-text>') })).html,
    ).not.toContain('fonts.g')
  })
})

describe('the text part made from HTML', () => {
  test('carries links, lists, tables, images and headings', async () => {
    const { text } = await rendered({
      format: 'html',
      body: `<h1>Title</h1><p>Hello&nbsp;<b>there</b>,<br>friend &amp; co</p><ul><li>one</li><li>two<ol><li>a</li></ol></li></ul>
        <table><tr><th>Size</th><th>Price</th></tr><tr><td>S</td><td>5 €</td></tr></table>
        <p><a href="https://a.example/">Shop</a> <img src="https://i.example/x.png" alt="A hat"></p><p style="display:none">secret</p><style>p{}</style>`,
    })
    expect(text).toContain(
      'Title\n\nHello there,\nfriend & co\n\n- one\n- two\n  1. a\n\nSize | Price\nS | 5 €\n\nShop (https://t.example/c/token/0) A hat',
    )
    expect(text).not.toContain('secret')
  })
})

describe('renderer', () => {
  test('a version survives storage', async () => {
    const version = await compiled({
      subject: 'Hi {{ contact.first_name | default: "there" }}',
      body: mjml('<mj-text><a href="https://a.example/">x</a></mj-text>'),
    })
    const restored: CompiledMail = JSON.parse(JSON.stringify(version))
    expect(mailRenderer(restored, setting).render(ann, urls)).toEqual(
      mailRenderer(version, setting).render(ann, urls),
    )
  })
  test('a mail in pieces is the mail, its text tidied as well, whatever values break, end or leave out lines', async () => {
    const version = await compiled({
      subject: 'Hello',
      body: mjml('<mj-text>x</mj-text>'),
      fromEmail: 'a@example.org',
    })
    const value = fc.constantFrom('', ' ', 'Ann', '\n', 'a\n', '\nb', 'a\n\n\nb', '\u00A0', 'a\r\n')
    const piece = fc.constantFrom(
      '{{ contact.city }}', '{{ contact.shoe }}', '\n', '\n\n', 'so', ' ', '{% if contact.city == "Ann" %}\n\n{% endif %}',
    ) // prettier-ignore
    const cases = fc.tuple(
      fc.array(piece, { maxLength: 8 }),
      fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 4 }),
    )
    fc.assert(
      fc.property(cases, ([pieces, people]) => {
        const renderer = mailRenderer({ ...version, text: pieces.join('') }, setting)
        for (const [city, shoe] of people) {
          const contact = { ...ann, city, attributes: { shoe } }
          expect(joined(renderer.renderPieces(contact, urls).text)).toBe(renderer.render(contact, urls).text)
        }
      }),
      { numRuns: 500 },
    )
  })
  test('months are written in the mail’s language', async () => {
    const source = { body: mjml('<mj-text>{{ contact.birthday | date: "%d %B" }}</mj-text>') }
    expect((await rendered({ ...source, language: 'fr' }, { birthday: '1990-02-28' })).text).toContain(
      '28 février',
    )
    expect((await rendered({ ...source, language: 'en' }, { birthday: '1990-02-28' })).text).toContain(
      '28 February',
    )
  })
  test('a loop without end in sight stops', async () => {
    const loops =
      '{% for a in contact.tags %}{% for b in contact.tags %}{% for c in contact.tags %}x{% endfor %}{% endfor %}{% endfor %}'
    await expect(
      rendered({ format: 'html', body: loops }, { tags: Array.from({ length: 100 }, String) }),
    ).rejects.toThrow('run too long')
  })
})

describe('pre-flight', () => {
  async function keys(
    input: MailSourceInput,
    locale: 'en' | 'fr' = 'en',
    hasPostalAddress = true,
  ): Promise<string[]> {
    const source = mailSource.parse(input)
    const checks = preflightMail(source, await compileMail(source, catalogue), { locale, hasPostalAddress })
    return checks
      .filter((check) => check.level !== 'ok')
      .map((check) => `${check.level} ${check.field} ${check.key}`)
  }
  const good: MailSourceInput = {
    subject: 'News',
    preheader: 'More',
    fromName: 'Org',
    fromEmail: 'news@example.org',
    body: mjml('<mj-text>x</mj-text>'),
  }
  test('a good mail has nothing to put right', async () => {
    expect(await keys(good)).toEqual([])
  })
  test('an empty draft says everything that is missing, blocks first', async () => {
    expect(await keys({})).toEqual([
      'block subject subject_missing',
      'block fromEmail sender_missing',
      'block body body_empty',
      'warn preheader preheader_missing',
      'warn fromName sender_name_missing',
    ])
  })
  test.each<[string, MailSourceInput]>([
    ['block fromEmail sender_invalid', { fromEmail: 'a@x, b@y' }],
    ['block replyTo reply_invalid', { replyTo: 'x@y\r\nz@z.fr' }],
    ['warn fromEmail sender_freemail', { fromEmail: 'me@gmail.com' }],
    ['warn subject subject_long', { subject: 'é'.repeat(120) }],
    ['warn subject subject_shouting', { subject: 'EVERYTHING FREE NOW' }],
    ['block body link_nowhere', { body: mjml('<mj-text><a href="#">x</a></mj-text>') }],
    ['warn body link_not_secure', { body: mjml('<mj-text><a href="http://a.example/">x</a></mj-text>') }],
    ['warn body variable_without_fallback', { body: mjml('<mj-text>{{ contact.city }}</mj-text>') }],
    ['warn body image_undescribed', { body: mjml('<mj-image src="https://i.example/a.png" />') }],
    ['warn body size_clipped', { body: mjml(`<mj-text>${'x'.repeat(95_000)}</mj-text>`) }],
    ['block body size_too_large', { body: mjml(`<mj-text>${'x'.repeat(510_000)}</mj-text>`) }],
    ['warn text text_empty', { text: '' }],
  ])('finds: %s', async (line, change) => {
    expect(await keys({ ...good, ...change })).toEqual([line])
  })
  test('a fallback or a condition on the variable is enough', async () => {
    expect(
      await keys({
        ...good,
        body: mjml(
          '<mj-text>{{ contact.city | default: "x" }}{% if contact.shoe %}{{ contact.shoe }}{% endif %}</mj-text>',
        ),
      }),
    ).toEqual([])
  })
  test('a missing postal address is told', async () => {
    expect(await keys(good, 'en', false)).toEqual(['warn body postal_address_missing'])
  })
  test('speaks French', async () => {
    const source = mailSource.parse({})
    const [first] = preflightMail(source, await compileMail(source, catalogue), {
      locale: 'fr',
      hasPostalAddress: true,
    })
    expect(first?.message).toBe('L’e-mail n’a pas d’objet.')
  })
})
