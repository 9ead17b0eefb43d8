/** Why nothing leaves at the moment, as a sentence for people. */
import type { Locale } from '../../platform/context.ts'
import type { TroubleKind } from '../channels/outcome.ts'
import type { RunTrouble } from './run.ts'

const WORDS: Readonly<Record<Locale, Readonly<Record<TroubleKind, string>>>> = {
  en: {
    unreachable: 'The mail server does not answer',
    tls: 'The connection to the mail server cannot be encrypted',
    auth: 'The mail server refuses the sign-in',
    rejected: 'The mail server refuses the connection',
    sender_refused: 'The mail server refuses the sender',
    settings: 'The sending settings cannot be used',
  },
  fr: {
    unreachable: 'Le serveur de messagerie ne répond pas',
    tls: 'La connexion au serveur de messagerie ne peut pas être chiffrée',
    auth: 'Le serveur de messagerie refuse l’authentification',
    rejected: 'Le serveur de messagerie refuse la connexion',
    sender_refused: 'Le serveur de messagerie refuse l’expéditeur',
    settings: 'Les réglages d’envoi ne peuvent pas être utilisés',
  },
}

const REST: Readonly<Record<Locale, string>> = {
  en: 'Nothing is lost: sending goes on by itself as soon as it can. Check the sending settings.',
  fr: 'Rien n’est perdu : l’envoi reprend de lui-même dès que possible. Vérifiez les réglages d’envoi.',
}

/** What is wrong, in the server's words too, and that nothing needs to be done twice. */
export const troubleSentence = (locale: Locale, { kind, text }: RunTrouble): string =>
  `${WORDS[locale][kind]} (${text}). ${REST[locale]}`
