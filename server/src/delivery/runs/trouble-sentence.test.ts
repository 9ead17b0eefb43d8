import { expect, test } from 'vitest'
import { troubleSentence } from './trouble-sentence.ts'

test('what is wrong is said in the reader’s language; a provider’s own words stay as they are', () => {
  const ours = { kind: 'settings', text: 'No provider is set up for the channel sms.' } as const
  expect(troubleSentence('fr', 'sms', ours)).toContain(
    '(Aucun prestataire n’est configuré pour le canal sms.)',
  )
  expect(troubleSentence('en', 'sms', ours)).toContain(`(${ours.text})`)
  const unknown = {
    kind: 'unreachable',
    text: 'The name smtp.invalid is not known: getaddrinfo ENOTFOUND smtp.invalid',
  } as const
  expect(troubleSentence('fr', 'email', unknown)).toContain(
    '(Le nom smtp.invalid est inconnu : getaddrinfo ENOTFOUND smtp.invalid)',
  )
  const refused = { kind: 'unreachable', text: 'The connection to api.twilio.com was refused.' } as const
  expect(troubleSentence('fr', 'sms', refused)).toContain('(La connexion à api.twilio.com a été refusée.)')
  for (const text of ['535 5.7.8 Authentication failed', 'Invalid email address'])
    for (const locale of ['en', 'fr'] as const)
      expect(troubleSentence(locale, 'email', { kind: 'auth', text })).toContain(`(${text})`)
})
