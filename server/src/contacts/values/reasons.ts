/** Why a value cannot be stored as it stands, for programs and for people in both languages. */

/** Codes with their sentences. They follow the name of the column, as in "E-mail: has no @". */
export const REASONS = {
  email_no_at: {
    en: 'not an e-mail address: there is no @',
    fr: 'n’est pas une adresse e-mail : il n’y a pas de @',
  },
  email_several: {
    en: 'holds several addresses; keep one',
    fr: 'contient plusieurs adresses ; gardez-en une',
  },
  email_local: {
    en: 'the part before the @ is not valid',
    fr: 'la partie avant le @ n’est pas valable',
  },
  email_domain: {
    en: 'the part after the @ is not a domain',
    fr: 'la partie après le @ n’est pas un domaine',
  },
  email_too_long: {
    en: 'longer than an e-mail address may be',
    fr: 'plus long qu’une adresse e-mail ne peut l’être',
  },
  phone_unknown: {
    en: 'not a phone number; write it with its country code, as +33 6 12 34 56 78',
    fr: 'n’est pas un numéro de téléphone ; écrivez-le avec son indicatif, comme +33 6 12 34 56 78',
  },
  phone_country: {
    en: 'the country of this number is not known; add its country code or choose a default country',
    fr: 'le pays de ce numéro est inconnu ; ajoutez l’indicatif ou choisissez un pays par défaut',
  },
  phone_damaged: {
    en: 'a spreadsheet has turned this number into a rounded one; export the column as text',
    fr: 'un tableur a arrondi ce numéro ; exportez la colonne en texte',
  },
  date_unknown: {
    en: 'not a date; write 2026-11-27 or 27/11/2026',
    fr: 'n’est pas une date ; écrivez 2026-11-27 ou 27/11/2026',
  },
  date_impossible: { en: 'no such day in the calendar', fr: 'ce jour n’existe pas dans le calendrier' },
  date_no_year: { en: 'a date without its year', fr: 'une date sans son année' },
  date_future: { en: 'lies in the future', fr: 'est dans le futur' },
  number_unknown: { en: 'not a number', fr: 'n’est pas un nombre' },
  number_too_large: {
    en: 'too large or too precise to be kept exactly',
    fr: 'trop grand ou trop précis pour être gardé exactement',
  },
  boolean_unknown: { en: 'neither yes nor no', fr: 'ni oui ni non' },
  country_unknown: { en: 'not a country', fr: 'n’est pas un pays' },
  language_unknown: { en: 'not a language', fr: 'n’est pas une langue' },
  zone_unknown: {
    en: 'not a time zone such as Europe/Paris',
    fr: 'n’est pas un fuseau horaire tel que Europe/Paris',
  },
  choice_unknown: {
    en: 'not one of the choices of this field',
    fr: 'ne fait pas partie des choix de ce champ',
  },
  text_too_long: { en: 'longer than this field holds', fr: 'plus long que ce champ ne l’accepte' },
  list_too_long: { en: 'more entries than this field holds', fr: 'plus d’entrées que ce champ n’en accepte' },
  character_control: {
    en: 'holds characters that are not text',
    fr: 'contient des caractères qui ne sont pas du texte',
  },
  character_broken: {
    en: 'holds a character that could not be read; check the encoding',
    fr: 'contient un caractère illisible ; vérifiez l’encodage',
  },
  address_missing: {
    en: 'neither an e-mail address nor a phone number',
    fr: 'ni adresse e-mail ni numéro de téléphone',
  },
  quote_unclosed: {
    en: 'a quotation mark is opened and never closed',
    fr: 'un guillemet est ouvert et jamais refermé',
  },
  cells_too_many: {
    en: 'more cells than the header has columns',
    fr: 'plus de cellules que l’en-tête n’a de colonnes',
  },
  email_taken: {
    en: 'another contact already has this e-mail address',
    fr: 'un autre contact a déjà cette adresse e-mail',
  },
  consent_unproven: {
    en: 'consent without its date and source is not recorded; it stays unknown',
    fr: 'un consentement sans date ni source n’est pas enregistré ; il reste inconnu',
  },
  consent_no_address: {
    en: 'consent for a channel for which the row has no address',
    fr: 'consentement pour un canal dont la ligne n’a pas d’adresse',
  },
} as const satisfies Record<string, { en: string; fr: string }>

export type Reason = keyof typeof REASONS

/** What reading one value gives: the value as it will be stored, or why not. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; reason: Reason }

/** A value that was read. */
export const read = <T>(value: T): Parsed<T> => ({ ok: true, value })

/** A value that could not be read. */
export const refused = (reason: Reason): Parsed<never> => REFUSED[reason]

/** One object per reason: a million wrong cells allocate nothing. */
const REFUSED = Object.fromEntries(
  Object.keys(REASONS).map((reason) => [reason, { ok: false, reason }]),
) as Record<Reason, { ok: false; reason: Reason }> // built from the keys of REASONS

/** The sentence of a reason in a reader's language. */
export function reasonText(reason: Reason, locale: 'en' | 'fr'): string {
  return REASONS[reason][locale]
}
