import { describe, expect, test } from 'vitest'
import { invitationMail, passwordResetMail } from './mails.ts'

const invitation = {
  to: 'max@example.com',
  organization: 'Maison <Lune>\r\nBcc: eve@evil.example',
  invitedBy: '"Zoé" <b>& fils</b>',
  link: 'https://fanfare.example/invitation#a1',
  daysValid: 7,
}

describe('mails of the team', () => {
  test.each(['en', 'fr'] as const)('%s: names are text, never markup and never headers', (locale) => {
    const { subject, html = '', text } = invitationMail({ ...invitation, locale })
    expect(subject).not.toMatch(/[\r\n]/)
    expect(html).not.toMatch(/<Lune>|<b>/)
    expect(html).toContain('&lt;b&gt;&amp; fils')
    expect(text).toContain('"Zoé" <b>& fils</b>')
  })

  test.each(['en', 'fr'] as const)('%s: both parts carry the link, and say how long it works', (locale) => {
    const reset = { to: 'max@example.com', locale, name: 'Max', minutesValid: 60 }
    for (const [mail, life] of [
      [invitationMail({ ...invitation, locale }), '7'],
      [passwordResetMail({ ...reset, link: invitation.link }), '60'],
    ] as const) {
      expect(mail.text).toContain(invitation.link)
      expect(mail.html).toContain(`href="${invitation.link}"`)
      expect(mail.text).toContain(life)
      expect(mail.html).toContain(`<html lang="${locale}">`)
    }
  })
})
