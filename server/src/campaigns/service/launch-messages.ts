/** What is said before a launch, in both languages. */
import type { Locale } from '../../platform/context.ts'
import { zoneTime } from '../../platform/in-words.ts'
import type { Channel } from '../schema.ts'
import type { TriggerProblem } from '../triggered/checks.ts'

interface Sentence {
  name: string
  people: string
  /** How the noun behind their number stands. */
  plural: Intl.LDMLPluralRule
  /** By what it goes out, in words. */
  channels: string
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
  /** As they stand behind “by”. */
  channels: Readonly<Record<Channel, string>>
  /** As they stand before what is said about one of several. */
  channelTitles: Readonly<Record<Channel, string>>
  channelMissing(channel: string): string
  channelMissingHint: string
  /** Of a campaign that events set off; `trigger` is a sentence, null while none is chosen. */
  triggered(parts: { name: string; channels: string; audience: string; trigger: string | null }): string
  trigger: Readonly<Record<TriggerProblem['id'], { message: string; hint: string }>>
  topicMissing(topic: string): string
  topicMissingHint: string
  topicNotOn(topic: string, channel: string): string
  topicNotOnHint: string
  /** `budget` as a sentence begins with it. */
  budgetShort(budget: string, cost: string, left: string): string
  budgetShortHint: string
  sampleStays: string
}

export const launchMessages: Readonly<Record<Locale, LaunchMessages>> = {
  en: {
    sentence: ({ name, people, plural, audience, channels, when }) =>
      `Send “${name}” by ${channels} to ${people} ${plural === 'one' ? 'person' : 'people'} (${audience}) ${when ? `on ${when.at}, ${zoneTime('en', when.timeZone)}` : 'now'}.`,
    mailStaysHere:
      'No mail server is configured: the mail stays in this installation’s mailbox and reaches nobody outside.',
    audienceMissing: 'No audience is chosen.',
    audienceMissingHint: 'Choose at least one segment, or describe the people with conditions.',
    audienceEmpty: 'Nobody in this audience may be reached on any of the chosen channels.',
    audienceEmptyHint: 'Look at the reasons beside the figure: most often consent is missing.',
    channels: {
      email: 'e-mail',
      sms: 'SMS',
      whatsapp: 'WhatsApp',
      in_app: 'in-app message',
      webhook: 'webhook',
    },
    channelTitles: {
      email: 'E-mail',
      sms: 'SMS',
      whatsapp: 'WhatsApp',
      in_app: 'In-app',
      webhook: 'Webhook',
    },
    channelMissing: (channel) => `Nothing can leave by ${channel} yet: no provider is set up.`,
    channelMissingHint: 'Add a provider in Settings, Sending, or leave this channel out.',
    triggered: ({ name, channels, audience, trigger }) =>
      trigger === null
        ? `Send “${name}” by ${channels} to whoever sets it off (${audience}).`
        : `${trigger} “${name}” leaves by ${channels}, to whoever is in the audience (${audience}), from now on.`,
    trigger: {
      trigger_chosen: {
        message: 'Nothing is chosen that sets this campaign off.',
        hint: 'Choose an event, or a segment that is entered.',
      },
      trigger_valid: {
        message: 'The conditions on the event do not hold together.',
        hint: 'Look at each condition of the trigger: its kind of value, its comparison, its value.',
      },
      trigger_segment: {
        message: 'Nobody is told who enters this segment.',
        hint: 'Choose a dynamic segment whose members are kept up to date.',
      },
      trigger_test: {
        message: 'In a triggered campaign everybody takes part in a test, and the test has no planned end.',
        hint: 'Let 100 % take part and leave the end of the test empty, or set the test up anew.',
      },
    },
    topicMissing: (topic) => `The preference centre does not offer the topic “${topic}”.`,
    topicMissingHint: 'Choose another topic, or offer this one again in Privacy, Preference centre.',
    topicNotOn: (topic, channel) =>
      `“${topic}” is not offered by ${channel}: nobody can have chosen it there.`,
    topicNotOnHint:
      'They get it there by their word about the channel. Offer the topic on it, or leave the channel out.',
    budgetShort: (budget, cost, left) =>
      `${budget} does not pay for everybody: it costs up to ${cost}, and ${left} are left.`,
    budgetShortHint:
      'Sending pauses when the budget is used up. Raise it now or then, or reach fewer people.',
    sampleStays: 'The people of a sample workspace do not exist: nothing is sent to them.',
  },
  fr: {
    sentence: ({ name, people, plural, audience, channels, when }) =>
      `Envoyer « ${name} » par ${channels} à ${people} ${PERSONNES[plural] ?? 'personnes'} (${audience}) ${when ? `le ${when.at}, ${zoneTime('fr', when.timeZone)}` : 'maintenant'}.`,
    mailStaysHere:
      'Aucun serveur de messagerie n’est configuré : les e-mails restent dans la boîte de cette installation et n’atteignent personne à l’extérieur.',
    audienceMissing: 'Aucune audience n’est choisie.',
    audienceMissingHint: 'Choisissez au moins un segment, ou décrivez les personnes par des conditions.',
    audienceEmpty: 'Personne dans cette audience ne peut être joint par l’un des canaux choisis.',
    audienceEmptyHint: 'Regardez les raisons à côté du chiffre : le plus souvent, le consentement manque.',
    channels: {
      email: 'e-mail',
      sms: 'SMS',
      whatsapp: 'WhatsApp',
      in_app: 'message dans l’application',
      webhook: 'webhook',
    },
    channelTitles: {
      email: 'E-mail',
      sms: 'SMS',
      whatsapp: 'WhatsApp',
      in_app: 'Dans l’application',
      webhook: 'Webhook',
    },
    channelMissing: (channel) =>
      `Rien ne peut encore partir par ${channel} : aucun prestataire n’est configuré.`,
    channelMissingHint: 'Ajoutez un prestataire dans Réglages, Envoi, ou retirez ce canal.',
    triggered: ({ name, channels, audience, trigger }) =>
      trigger === null
        ? `Envoyer « ${name} » par ${channels} à qui la déclenche (${audience}).`
        : `${trigger} « ${name} » part par ${channels}, vers qui est dans l’audience (${audience}), dès maintenant.`,
    trigger: {
      trigger_chosen: {
        message: 'Rien n’est choisi pour déclencher cette campagne.',
        hint: 'Choisissez un événement, ou un segment dans lequel on entre.',
      },
      trigger_valid: {
        message: 'Les conditions sur l’événement ne tiennent pas.',
        hint: 'Regardez chaque condition du déclencheur : son type de valeur, sa comparaison, sa valeur.',
      },
      trigger_segment: {
        message: 'Personne n’est averti de qui entre dans ce segment.',
        hint: 'Choisissez un segment dynamique dont les membres sont tenus à jour.',
      },
      trigger_test: {
        message:
          'Dans une campagne déclenchée, tout le monde participe au test, et le test n’a pas de fin prévue.',
        hint: 'Faites participer 100 % des personnes et laissez la fin vide, ou recommencez le test.',
      },
    },
    topicMissing: (topic) => `Le centre de préférences ne propose pas le thème « ${topic} ».`,
    topicMissingHint:
      'Choisissez un autre thème, ou proposez-le à nouveau dans Confidentialité, Centre de préférences.',
    topicNotOn: (topic, channel) =>
      `« ${topic} » n’est pas proposé par ${channel} : personne n’a pu le choisir sur ce canal.`,
    topicNotOnHint:
      'Les personnes le reçoivent selon leur choix pour le canal. Proposez-y le thème, ou retirez le canal.',
    budgetShort: (budget, cost, left) =>
      `${budget} ne suffit pas pour tout le monde : l’envoi coûte jusqu’à ${cost}, et il reste ${left}.`,
    budgetShortHint:
      'L’envoi s’arrête quand le budget est épuisé. Relevez-le maintenant ou plus tard, ou touchez moins de personnes.',
    sampleStays: 'Les personnes d’un espace d’exemple n’existent pas : rien ne leur est envoyé.',
  },
}

/** Nothing and one take the singular, whole millions a “de”. */
const PERSONNES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'personne', many: 'de personnes' }
