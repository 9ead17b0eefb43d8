/** What people are answered who write a word with a meaning. Facts only: who, what changed, how to change it back. */
import type { Locale } from '../../../platform/context.ts'

/** What there is to say. */
export const ANSWERS = ['stopped', 'started', 'help'] as const
export type AnswerKind = (typeof ANSWERS)[number]

/** An answer, before it is written: which one, in whose language. */
export interface Answer {
  kind: AnswerKind
  locale: Locale
}

/** The answer as it leaves, without a word of promotion. Source: PC-43 */
export const answerText = ({ kind, locale }: Answer, organizationName: string): string =>
  SENTENCES[locale][kind](organizationName)

const SENTENCES: Readonly<Record<Locale, Readonly<Record<AnswerKind, (name: string) => string>>>> = {
  en: {
    stopped: (name) => `${name}: you will get no more messages from us. Reply START to get them again.`,
    started: (name) => `${name}: you get our messages again. Reply STOP to end them.`,
    help: (name) => `${name}: reply STOP to end our messages, START to get them again.`,
  },
  fr: {
    stopped: (name) =>
      `${name} : vous ne recevrez plus nos messages. Répondez START pour les recevoir à nouveau.`,
    started: (name) => `${name} : vous recevez à nouveau nos messages. Répondez STOP pour les arrêter.`,
    help: (name) => `${name} : répondez STOP pour arrêter nos messages, START pour les recevoir à nouveau.`,
  },
}
