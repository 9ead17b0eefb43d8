/** What is said before a launch, in both languages. */
import type { Locale } from '../../platform/context.ts'

interface Sentence {
  name: string
  people: string
  one: boolean
  /** Who is meant, in words. */
  audience: string
  when: { at: string; timeZone: string } | null
}

interface LaunchMessages {
  sentence(parts: Sentence): string
  mailStaysHere: string
  audienceMissing: string
  audienceMissingHint: string
  audienceEmpty: string
  audienceEmptyHint: string
  channelMissing: string
  channelMissingHint: string
  triggeredMissing: string
  triggeredMissingHint: string
  sampleStays: string
  sampleStaysHint: string
}

export const launchMessages: Readonly<Record<Locale, LaunchMessages>> = {
  en: {
    sentence: ({ name, people, one, audience, when }) =>
      `Send “${name}” by e-mail to ${people} ${one ? 'person' : 'people'} (${audience}) ${when ? `on ${when.at}, ${when.timeZone} time` : 'now'}.`,
    mailStaysHere:
      'No mail server is configured: the mail stays in this installation’s mailbox and reaches nobody outside.',
    audienceMissing: 'No audience is chosen.',
    audienceMissingHint: 'Choose at least one segment, or describe the people with conditions.',
    audienceEmpty: 'Nobody in this audience may be reached by e-mail.',
    audienceEmptyHint: 'Look at the reasons beside the figure: most often consent is missing.',
    channelMissing: 'Only e-mail can leave at present.',
    channelMissingHint: 'Leave e-mail as the only channel.',
    triggeredMissing: 'Triggered campaigns cannot start yet.',
    triggeredMissingHint: 'Choose a scheduled delivery.',
    sampleStays: 'The people of a sample workspace do not exist: nothing is sent to them.',
    sampleStaysHint: 'Write to people of your own in another organization.',
  },
  fr: {
    sentence: ({ name, people, one, audience, when }) =>
      `Envoyer « ${name} » par e-mail à ${people} ${one ? 'personne' : 'personnes'} (${audience}) ${when ? `le ${when.at}, heure de ${when.timeZone}` : 'maintenant'}.`,
    mailStaysHere:
      'Aucun serveur de messagerie n’est configuré : les e-mails restent dans la boîte de cette installation et n’atteignent personne à l’extérieur.',
    audienceMissing: 'Aucune audience n’est choisie.',
    audienceMissingHint: 'Choisissez au moins un segment, ou décrivez les personnes par des conditions.',
    audienceEmpty: 'Personne dans cette audience ne peut être joint par e-mail.',
    audienceEmptyHint: 'Regardez les raisons à côté du chiffre : le plus souvent, le consentement manque.',
    channelMissing: 'Seul l’e-mail peut partir pour le moment.',
    channelMissingHint: 'Gardez l’e-mail comme seul canal.',
    triggeredMissing: 'Les campagnes déclenchées ne peuvent pas encore démarrer.',
    triggeredMissingHint: 'Choisissez un envoi planifié.',
    sampleStays: 'Les personnes d’un espace d’exemple n’existent pas : rien ne leur est envoyé.',
    sampleStaysHint: 'Écrivez à vos propres contacts dans une autre organisation.',
  },
}
