/** The words of the public pages of forms, and of the mail that asks to confirm. */
import type { Locale } from '../../platform/context.ts'

/** Everything a form's pages say that its author does not. */
export interface FormTexts {
  labels: Record<string, string>
  required: string
  button: string
  privacy: string
  problemsTitle: string
  missing: string
  wrong: Record<string, string>
  thanksTitle: string
  thanks: string
  /** Of a form with boxes that came in without a tick. */
  nothingTicked: string
  backToForm: string
  checkTitle: string
  check(address: string): string
  confirmTitle(org: string): string
  confirmBody: string
  confirmButton: string
  confirmedTitle: string
  confirmed(org: string): string
  alreadyTitle: string
  already(org: string): string
  expiredTitle: string
  expired: string
  expiredAgain: string
  notFoundTitle: string
  notFound: string
  tooManyTitle: string
  tooMany: string
  mail: {
    subject(org: string): string
    before(org: string): string
    agreed: string
    button: string
    after(days: number): string
    ignore: string
  }
}

/** The texts of both languages. */
export const FORM_TEXTS: Readonly<Record<Locale, FormTexts>> = {
  en: {
    labels: {
      email: 'E-mail address',
      phone: 'Telephone number',
      firstName: 'First name',
      lastName: 'Last name',
      country: 'Country',
      city: 'City',
      birthday: 'Birthday',
    },
    required: 'required',
    button: 'Sign up',
    privacy: 'How your data is used',
    problemsTitle: 'Please look at these again:',
    missing: 'This is needed.',
    wrong: {
      email: 'This is not an e-mail address. Write it like name@example.com.',
      phone: 'This is not a telephone number. Write it with its country code, like +33 6 12 34 56 78.',
      birthday: 'This is not a date. Write it like 1990-05-21.',
      country: 'This is not a country. Write its name, or its two letters.',
      other: 'This cannot be taken as it is.',
    },
    thanksTitle: 'Thank you',
    thanks: 'Your details have arrived.',
    nothingTicked:
      'Your details have arrived, but no box was ticked: this form signs you up for nothing, and nothing will be sent to you because of it.',
    backToForm: 'Back to the form',
    checkTitle: 'One more step',
    check: (address) =>
      `A mail is on its way to ${address}. Follow the link in it to confirm; until then nothing is sent to you.`,
    confirmTitle: (org) => `Confirm for ${org}`,
    confirmBody: 'With this button you confirm what you ticked:',
    confirmButton: 'I confirm',
    confirmedTitle: 'Confirmed',
    confirmed: (org) =>
      `Thank you. ${org} may write to you from now on. You can change your mind at any time.`,
    alreadyTitle: 'Already confirmed',
    already: (org) => `You have already confirmed this for ${org}. Nothing has changed.`,
    expiredTitle: 'This link has expired',
    expired: 'A link to confirm works for 7 days. Nothing was agreed to, and nothing is sent to you.',
    expiredAgain: 'Sign up again',
    notFoundTitle: 'There is no form here',
    notFound: 'It may have been closed, or the address was cut off.',
    tooManyTitle: 'Too many at once',
    tooMany: 'So much has come in from your network that we wait a little. Please try again in ten minutes.',
    mail: {
      subject: (org) => `Please confirm: ${org}`,
      before: (org) => `Somebody, we hope you, gave this address on a form of ${org} and ticked:`,
      agreed: 'I agree:',
      button: 'Yes, I confirm',
      after: (days) => `The link works for ${days} days.`,
      ignore:
        'If it was not you, ignore this mail: without the link nothing is agreed to, and nothing more is sent.',
    },
  },
  fr: {
    labels: {
      email: 'Adresse e-mail',
      phone: 'Numéro de téléphone',
      firstName: 'Prénom',
      lastName: 'Nom',
      country: 'Pays',
      city: 'Ville',
      birthday: 'Date de naissance',
    },
    required: 'obligatoire',
    button: 'S’inscrire',
    privacy: 'Comment vos données sont utilisées',
    problemsTitle: 'Merci de vérifier ces champs :',
    missing: 'Ce champ est nécessaire.',
    wrong: {
      email: 'Ce n’est pas une adresse e-mail. Écrivez-la comme nom@exemple.fr.',
      phone: 'Ce n’est pas un numéro de téléphone. Écrivez-le avec son indicatif, comme +33 6 12 34 56 78.',
      birthday: 'Ce n’est pas une date. Écrivez-la comme 1990-05-21.',
      country: 'Ce n’est pas un pays. Écrivez son nom ou ses deux lettres.',
      other: 'Cette valeur ne peut pas être acceptée.',
    },
    thanksTitle: 'Merci',
    thanks: 'Vos informations nous sont bien parvenues.',
    nothingTicked:
      'Vos informations nous sont bien parvenues, mais aucune case n’était cochée : ce formulaire ne vous inscrit à rien, et rien ne vous sera envoyé à ce titre.',
    backToForm: 'Revenir au formulaire',
    checkTitle: 'Encore une étape',
    check: (address) =>
      `Un message part à l’instant vers ${address}. Suivez le lien qu’il contient pour confirmer ; d’ici là, rien ne vous sera envoyé.`,
    confirmTitle: (org) => `Confirmer pour ${org}`,
    confirmBody: 'Ce bouton confirme ce que vous avez coché :',
    confirmButton: 'Je confirme',
    confirmedTitle: 'C’est confirmé',
    confirmed: (org) => `Merci. ${org} peut désormais vous écrire. Vous pouvez changer d’avis à tout moment.`,
    alreadyTitle: 'Déjà confirmé',
    already: (org) => `Vous avez déjà confirmé auprès de ${org}. Rien n’a changé.`,
    expiredTitle: 'Ce lien a expiré',
    expired: 'Un lien de confirmation fonctionne 7 jours. Rien n’a été accepté et rien ne vous sera envoyé.',
    expiredAgain: 'S’inscrire à nouveau',
    notFoundTitle: 'Il n’y a pas de formulaire ici',
    notFound: 'Il a peut-être été fermé, ou l’adresse a été coupée.',
    tooManyTitle: 'Trop d’envois à la fois',
    tooMany:
      'Beaucoup d’envois sont arrivés depuis votre réseau : nous attendons un peu. Réessayez dans dix minutes.',
    mail: {
      subject: (org) => `Merci de confirmer : ${org}`,
      before: (org) =>
        `Quelqu’un, vous nous l’espérons, a indiqué cette adresse sur un formulaire de ${org} et a coché :`,
      agreed: 'J’accepte :',
      button: 'Oui, je confirme',
      after: (days) => `Le lien fonctionne ${days} jours.`,
      ignore:
        'Si ce n’était pas vous, ignorez ce message : sans le lien, rien n’est accepté et plus rien n’est envoyé.',
    },
  },
}
