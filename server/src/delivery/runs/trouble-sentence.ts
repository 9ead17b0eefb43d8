/** Why nothing leaves at the moment, as a sentence for people. */
import type { InBoth, Locale } from '../../platform/context.ts'
import { ownInLanguage } from '../../platform/http/index.ts'
import type { TroubleKind } from '../channels/outcome.ts'
import type { RunChannel, RunTrouble } from './run.ts'

/** Who takes the messages of a channel, as a sentence begins with it. */
const TAKERS: Readonly<Record<Locale, Readonly<Record<RunChannel, string>>>> = {
  en: {
    email: 'The mail server',
    sms: 'The SMS provider',
    whatsapp: 'WhatsApp',
    in_app: 'The inbox',
    webhook: 'The called system',
  },
  fr: {
    email: 'Le serveur de messagerie',
    sms: 'Le prestataire de SMS',
    whatsapp: 'WhatsApp',
    in_app: 'La boîte de réception',
    webhook: 'Le système appelé',
  },
}

const WORDS: Readonly<Record<Locale, Readonly<Record<TroubleKind, (taker: string) => string>>>> = {
  en: {
    unreachable: (taker) => `${taker} does not answer`,
    tls: (taker) => `${taker} cannot be reached over an encrypted connection`,
    auth: (taker) => `${taker} refuses the sign-in`,
    rejected: (taker) => `${taker} refuses the connection`,
    sender_refused: (taker) => `${taker} refuses the sender`,
    settings: () => 'The sending settings cannot be used',
    rate_limited: (taker) => `${taker} asks us to wait`,
    slow_content: () => 'The content takes too long to be filled in for each person: pause and simplify it',
  },
  fr: {
    unreachable: (taker) => `${taker} ne répond pas`,
    tls: (taker) => `${taker} ne peut pas être joint par une connexion chiffrée`,
    auth: (taker) => `${taker} refuse l’authentification`,
    rejected: (taker) => `${taker} refuse la connexion`,
    sender_refused: (taker) => `${taker} refuse l’expéditeur`,
    settings: () => 'Les réglages d’envoi ne peuvent pas être utilisés',
    rate_limited: (taker) => `${taker} demande de patienter`,
    slow_content: () =>
      'Le contenu est trop long à remplir pour chaque personne : mettez en pause et simplifiez-le',
  },
}

const REST: InBoth = {
  en: 'Nothing is lost: sending goes on by itself as soon as it can. Check the sending settings.',
  fr: 'Rien n’est perdu : l’envoi reprend de lui-même dès que possible. Vérifiez les réglages d’envoi.',
}

/** What is wrong, in the words of the provider or of ours for it, and that nothing needs to be done twice. */
export const troubleSentence = (
  locale: Locale,
  channel: RunChannel,
  { kind, text }: Pick<RunTrouble, 'kind' | 'text'>,
): string =>
  `${WORDS[locale][kind](TAKERS[locale][channel])} (${ownInLanguage(text, locale)}). ${REST[locale]}`
