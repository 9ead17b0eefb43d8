/** The words of the public pages. What a person agrees to is kept with its wording: change a text, never its meaning. */
import type { Locale } from '../../platform/context.ts'
import type { PersonChannel } from '../words.ts'

/** Reasons that may be given when leaving; nobody has to. */
export const LEAVING_REASONS = ['too_many', 'not_relevant', 'never_signed_up', 'other'] as const
export type LeavingReason = (typeof LEAVING_REASONS)[number]

/** Everything a page says in one language. `org` is the organization's name, `address` a masked address. */
export interface PageTexts {
  unsubscribeTitle(org: string): string
  unsubscribeBody(org: string, address: string): string
  unsubscribeButton: string
  /** Where the message was about a topic: leaving that, or everything. */
  leaveTopicBody(org: string, topic: string, address: string): string
  leaveTopicButton(topic: string): string
  leaveAllButton(org: string): string
  leftTopicBody(org: string, topic: string, address: string): string
  unsubscribeInstead: string
  leavingQuestion: string
  leavingReasons: Record<LeavingReason, string>
  doneTitle: string
  doneBody(org: string, address: string): string
  doneBack: string
  preferencesTitle(org: string): string
  preferencesBody(address: string): string
  receiveLegend: string
  channels: Record<PersonChannel, (org: string) => string>
  topicsLegend: string
  topic(name: string): string
  followLegend: string
  followBody: string
  trackingOpen: string
  trackingClick: string
  save: string
  saved: string
  stopAll(org: string): string
  stopAllButton: string
  stoppedAll: string
  notFoundTitle: string
  notFoundBody: string
}

/** The texts of both languages. */
export const TEXTS: Readonly<Record<Locale, PageTexts>> = {
  en: {
    unsubscribeTitle: (org) => `Unsubscribe from ${org}?`,
    unsubscribeBody: (org, address) =>
      `${org} will send no more marketing mail to ${address}. This takes effect at once. Messages about your own orders or account may still reach you.`,
    unsubscribeButton: 'Unsubscribe',
    leaveTopicBody: (org, topic, address) =>
      `${org} will send nothing more about “${topic}” to ${address}. What you receive about other topics stays as it is. This takes effect at once.`,
    leaveTopicButton: (topic) => `Nothing more about “${topic}”`,
    leaveAllButton: (org) => `No more marketing from ${org} at all`,
    leftTopicBody: (org, topic, address) =>
      `${org} sends nothing more about “${topic}” to ${address}. Other topics may still reach you.`,
    unsubscribeInstead: 'Choose what you receive instead',
    leavingQuestion: 'Would you tell us why? (optional)',
    leavingReasons: {
      too_many: 'Too many mails',
      not_relevant: 'They are not about what interests me',
      never_signed_up: 'I never signed up',
      other: 'Another reason',
    },
    doneTitle: 'You are unsubscribed',
    doneBody: (org, address) => `${org} sends no more marketing mail to ${address}.`,
    doneBack: 'That was a mistake? Change your preferences',
    preferencesTitle: (org) => `Your preferences at ${org}`,
    preferencesBody: (address) => `For ${address}. What you change here takes effect at once.`,
    receiveLegend: 'What you receive',
    channels: {
      email: (org) => `I would like to receive news and offers from ${org} by e-mail.`,
      sms: (org) => `I would like to receive news and offers from ${org} by text message.`,
      whatsapp: (org) => `I would like to receive news and offers from ${org} on WhatsApp.`,
      in_app: (org) => `I would like to see news and offers from ${org} in the application.`,
    },
    topicsLegend: 'What it is about',
    topic: (name) => `I am interested in: ${name}`,
    followLegend: 'What is measured',
    followBody: 'You receive the same mails, whatever you choose here.',
    trackingOpen: 'It may be noted when I open a mail.',
    trackingClick: 'It may be noted which links in a mail I follow.',
    save: 'Save preferences',
    saved: 'Your preferences are saved and in effect.',
    stopAll: (org) => `Nothing more from ${org}, on any channel?`,
    stopAllButton: 'Stop everything',
    stoppedAll: 'You will receive no marketing on any channel.',
    notFoundTitle: 'This link leads nowhere',
    notFoundBody: 'It may have been cut off. Open it again from the mail, or answer the mail.',
  },
  fr: {
    unsubscribeTitle: (org) => `Se désabonner de ${org} ?`,
    unsubscribeBody: (org, address) =>
      `${org} n’enverra plus de messages commerciaux à ${address}. Cela prend effet immédiatement. Des messages concernant vos commandes ou votre compte peuvent encore vous parvenir.`,
    unsubscribeButton: 'Se désabonner',
    leaveTopicBody: (org, topic, address) =>
      `${org} n’enverra plus rien sur le thème « ${topic} » à ${address}. Ce que vous recevez sur d’autres thèmes ne change pas. Cela prend effet immédiatement.`,
    leaveTopicButton: (topic) => `Plus rien sur « ${topic} »`,
    leaveAllButton: (org) => `Plus aucun message commercial de ${org}`,
    leftTopicBody: (org, topic, address) =>
      `${org} n’envoie plus rien sur le thème « ${topic} » à ${address}. D’autres thèmes peuvent encore vous parvenir.`,
    unsubscribeInstead: 'Choisir plutôt ce que vous recevez',
    leavingQuestion: 'Souhaitez-vous nous dire pourquoi ? (facultatif)',
    leavingReasons: {
      too_many: 'Trop de messages',
      not_relevant: 'Ils ne correspondent pas à mes centres d’intérêt',
      never_signed_up: 'Je n’avais rien demandé',
      other: 'Une autre raison',
    },
    doneTitle: 'Désabonnement enregistré',
    doneBody: (org, address) => `${org} n’envoie plus de messages commerciaux à ${address}.`,
    doneBack: 'Une erreur ? Modifier vos préférences',
    preferencesTitle: (org) => `Vos préférences chez ${org}`,
    preferencesBody: (address) => `Pour ${address}. Vos changements prennent effet immédiatement.`,
    receiveLegend: 'Ce que vous recevez',
    channels: {
      email: (org) => `Je souhaite recevoir les nouvelles et les offres de ${org} par e-mail.`,
      sms: (org) => `Je souhaite recevoir les nouvelles et les offres de ${org} par SMS.`,
      whatsapp: (org) => `Je souhaite recevoir les nouvelles et les offres de ${org} sur WhatsApp.`,
      in_app: (org) => `Je souhaite voir les nouvelles et les offres de ${org} dans l’application.`,
    },
    topicsLegend: 'Ce dont il s’agit',
    topic: (name) => `Je m’intéresse à : ${name}`,
    followLegend: 'Ce qui est mesuré',
    followBody: 'Vous recevez les mêmes messages, quel que soit votre choix.',
    trackingOpen: 'L’ouverture d’un message peut être notée.',
    trackingClick: 'Les liens que je suis dans un message peuvent être notés.',
    save: 'Enregistrer les préférences',
    saved: 'Vos préférences sont enregistrées et appliquées.',
    stopAll: (org) => `Ne plus rien recevoir de ${org}, sur aucun canal ?`,
    stopAllButton: 'Tout arrêter',
    stoppedAll: 'Vous ne recevrez plus de messages commerciaux, sur aucun canal.',
    notFoundTitle: 'Ce lien ne mène nulle part',
    notFoundBody: 'Il a peut-être été coupé. Ouvrez-le à nouveau depuis le message, ou répondez au message.',
  },
}
