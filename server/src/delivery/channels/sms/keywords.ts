/**
 * What a person means who answers an SMS with one of the words that operators and laws give a meaning to. Pure.
 * Tolerant of case, accents, punctuation, emoji and a code behind the word; strict enough that a sentence which
 * only mentions such a word is left to a human.
 * Source: MA-5.3, PC-43; compliance report §2.3 (FCC free-form revocation, French operators' STOP and CONTACT)
 */

/** `unclear`: it may be an objection; nothing promotional leaves until a member has read it. */
export type SmsIntent = 'stop' | 'start' | 'help' | 'unclear' | 'none'
/** A `yes` alone says what it is about only to whoever knows what was asked. */
export type ReadIntent = SmsIntent | 'yes'

const STOP = new Set(
  `STOP STOPP STOPALL STOPSMS QUIT END REVOKE OPTOUT CANCEL UNSUBSCRIBE UNSUB REMOVE ARRET ARRETT ARRETE ARRETER ARRETEZ
  DESABONNER DESABONNEMENT DESABONNE DESINSCRIRE DESINSCRIPTION RESILIER RETIRER ANNULER`
    .trim()
    .split(/\s+/),
)
const START = new Set(
  `START UNSTOP SUBSCRIBE RESUBSCRIBE OPTIN REPRENDRE REPRISE DEMARRER ABONNER REABONNER INSCRIRE REINSCRIRE`
    .trim()
    .split(/\s+/),
)
const YES = new Set(['YES', 'OUI'])
const HELP = new Set(`HELP INFO INFOS AIDE CONTACT SUPPORT`.split(' '))
/** Words that may stand beside a keyword without changing what it says. */
const COURTESY = new Set(
  `PLEASE PLS THANKS THANK YOU MERCI SVP SIL VOUS PLAIT NOW MAINTENANT SMS TEXT TEXTS MESSAGES MESSAGE ALL TOUT TEXTING
  SENDING LES VOS DES THE THIS MSG MSGS PUB PUBS PUBLICITE ME MOI IT`
    .trim()
    .split(/\s+/),
)
const STOP_PHRASES =
  /^(?:OPT OUT|OPT ME OUT|STOP .*|PLEASE STOP.*|(?:DO NOT|DONT|DON T) (?:TEXT|CONTACT|MESSAGE) ME.*|(?:TAKE|REMOVE) ME (?:OFF|FROM) .*|UNSUBSCRIBE ME.*|LEAVE ME ALONE|NO MORE (?:TEXTS?|SMS|MESSAGES?).*|(?:ME |JE VEUX (?:ME )?|JE SOUHAITE (?:ME )?|VEUILLEZ ME )(?:DESABONNER|DESINSCRIRE).*|(?:NE |N )?(?:ME )?(?:PLUS|ARRETEZ) (?:DE )?(?:M )?(?:ENVOYER|ENVOYEZ|CONTACTER|ECRIRE).*|PLUS (?:DE|AUCUN) (?:SMS|MESSAGES?|PUBS?).*|NE (?:ME CONTACTEZ|M ENVOYEZ|M ECRIVEZ) PLUS.*)$/
const START_PHRASES = /^(?:OPT IN|OPT ME IN|SIGN ME UP|START AGAIN|ME (?:RE)?(?:ABONNER|INSCRIRE))$/
/** Somewhere in a longer text: perhaps an objection, perhaps a story. */
const PERHAPS = /\b(?:STOP|UNSUBSCRIBE|OPT OUT|DESABONN\w*|DESINSCRI\w*|ARRETE\w*|SPAM|HARCEL\w*|HARASS\w*)\b/

/** Longest text that is read for its meaning; the rest of a longer one says nothing about the words at its beginning. */
const READ_MAX = 500

/** Reads an inbound SMS. */
export function smsIntent(text: string): ReadIntent {
  const words = plain(text.slice(0, READ_MAX))
  const [first = '', ...rest] = words
  // `S T O P` and `ST.OP`: letters that were spread out are put together.
  const joined = words.join('')
  if (STOP.has(joined)) return 'stop'
  if (START.has(joined)) return 'start'
  if (YES.has(joined)) return 'yes'
  if (HELP.has(joined)) return 'help'
  const isAlone = rest.every((word) => /^\d+$/.test(word) || COURTESY.has(word))
  if (isAlone) {
    if (STOP.has(first)) return 'stop'
    if (START.has(first)) return 'start'
    if (YES.has(first)) return 'yes'
    if (HELP.has(first)) return 'help'
  }
  // The keyword behind courtesy: `please stop`, `merci d'arrêter`.
  const meant = words.filter((word) => !COURTESY.has(word) && !/^\d+$/.test(word))
  if (meant.length === 1 && STOP.has(meant[0] ?? '')) return 'stop'
  const sentence = words.join(' ')
  if (STOP_PHRASES.test(sentence)) return isStory(words) ? 'unclear' : 'stop'
  if (START_PHRASES.test(sentence)) return 'start'
  return PERHAPS.test(sentence) ? 'unclear' : 'none'
}

/** A long sentence that begins with a keyword may be about something else (`Stop by the shop on Monday?`). */
const STORY_WORDS = 6
const isStory = (words: readonly string[]): boolean =>
  words[0] === 'STOP' && (words.length >= STORY_WORDS || STOP_ELSE.has(words[1] ?? ''))
const STOP_ELSE = new Set(['BY', 'AT', 'IN', 'BEFORE', 'AND', 'OVER', 'OR', 'CHEZ', 'OU', 'ET', 'A'])

/** Capitals without marks, punctuation or emoji, as words. */
function plain(text: string): string[] {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll('Œ', 'OE')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '')
}
