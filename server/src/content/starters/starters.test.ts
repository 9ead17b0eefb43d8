import { describe, expect, test } from 'vitest'
import { compileMail } from '../rules/compile-mail.ts'
import { preflightMail } from '../rules/preflight.ts'
import { mailRenderer } from '../rules/render-mail.ts'
import { sampleContact } from '../rules/samples.ts'
import { variableCatalogue } from '../rules/variables.ts'
import { SAMPLES, STARTER_KEYS } from '../schema.ts'
import { starter } from './index.ts'

const catalogue = variableCatalogue([])
const cases = STARTER_KEYS.flatMap((key) => (['en', 'fr'] as const).map((language) => ({ key, language })))
const ready = { fromName: 'Org', fromEmail: 'news@org.example' }

describe.each(cases)('MA-1.1 the template $key in $language', ({ key, language }) => {
  const source = { ...starter(key, language).source, ...ready }

  test('needs nothing but a sender and its own links', async () => {
    const checks = preflightMail(source, await compileMail(source, catalogue), {
      locale: 'en',
      hasPostalAddress: true,
    })
    const open = checks.filter((check) => check.level !== 'ok').map((check) => check.key)
    expect(new Set(open)).toEqual(new Set(['link_placeholder']))
  })

  test('reads well for everybody, also without a name', async () => {
    const compilation = await compileMail(source, catalogue)
    if (!compilation.ok) throw new Error(JSON.stringify(compilation.problems))
    const renderer = mailRenderer(compilation.version, {
      organization: { name: 'Org', postalAddress: '1 Street' },
      campaign: { name: '' },
    })
    for (const sample of SAMPLES) {
      const mail = renderer.render(sampleContact(sample, language, catalogue), {
        linkUrl: (index) => `https://t.example/${index}`,
        unsubscribeUrl: 'https://t.example/u',
        preferencesUrl: 'https://t.example/p',
        viewUrl: 'https://t.example/v',
        pixelUrl: null,
      })
      for (const text of [mail.subject, mail.preheader, mail.text]) {
        expect(text).not.toMatch(/\{\{|\{%|undefined|null| ,|,,| {2}\S/)
        expect(text.trim()).not.toBe('')
      }
      expect(mail.html).toContain('prefers-color-scheme: dark')
      expect(mail.html.length).toBeLessThan(45_000)
    }
  })
})
