/**
 * What the schema library says of a field, in words for people: its own are for programmers, and speak of what was
 * received where a reader wants to know what to enter. Holes as in `french.ts`; the first line that fits counts where
 * two are equally long.
 */
export const SCHEMA_WORDS: Readonly<Record<string, { en: string; fr: string }>> = {
  'Invalid input: expected {}, received undefined': {
    en: 'This field is needed.',
    fr: 'Ce champ est nécessaire.',
  },
  'Invalid input: expected string, received {}': { en: 'A text is expected.', fr: 'Un texte est attendu.' },
  'Invalid input: expected number, received {}': {
    en: 'A number is expected.',
    fr: 'Un nombre est attendu.',
  },
  'Invalid input: expected int, received {}': {
    en: 'A whole number is expected.',
    fr: 'Un nombre entier est attendu.',
  },
  'Invalid input: expected boolean, received {}': {
    en: 'Yes or no (true or false) is expected.',
    fr: 'Oui ou non (true ou false) est attendu.',
  },
  'Invalid input: expected array, received {}': { en: 'A list is expected.', fr: 'Une liste est attendue.' },
  'Invalid input: expected object, received {}': {
    en: 'An object is expected.',
    fr: 'Un objet est attendu.',
  },
  'Invalid input: expected {}': { en: 'The value expected is {}.', fr: 'La valeur attendue est {}.' },
  'Invalid discriminator value. Expected {}': {
    en: 'One of these is expected: {}.',
    fr: 'L’une de ces valeurs est attendue : {}.',
  },
  'Invalid input': { en: 'This value does not fit.', fr: 'Cette valeur ne convient pas.' },
  'Invalid option: expected one of {}': {
    en: 'One of these is expected: {}.',
    fr: 'L’une de ces valeurs est attendue : {}.',
  },
  'Invalid email address': { en: 'This is no e-mail address.', fr: 'Ce n’est pas une adresse e-mail.' },
  'Invalid URL': { en: 'This is no complete address.', fr: 'Ce n’est pas une adresse complète.' },
  'Invalid ISO date': {
    en: 'A day is expected, such as 2026-11-27.',
    fr: 'Un jour est attendu, par exemple 2026-11-27.',
  },
  'Invalid ISO datetime': {
    en: 'An instant is expected, such as 2026-11-27T09:00:00Z.',
    fr: 'Un instant est attendu, par exemple 2026-11-27T09:00:00Z.',
  },
  'Invalid ISO time': {
    en: 'A time of day is expected, such as 09:00.',
    fr: 'Une heure est attendue, par exemple 09:00.',
  },
  'Invalid string: must match pattern {}': {
    en: 'This text does not have the form that is expected.',
    fr: 'Ce texte n’a pas la forme attendue.',
  },
  'Invalid UUID': { en: 'This id is not valid.', fr: 'Cet identifiant n’est pas valable.' },
  'Too small: expected string to have >=1 characters': {
    en: 'This field cannot be empty.',
    fr: 'Ce champ ne peut pas être vide.',
  },
  'Too small: expected string to have >={} characters': {
    en: 'At least {} characters.',
    fr: 'Au moins {} caractères.',
  },
  'Too big: expected string to have <={} characters': {
    en: 'At most {} characters.',
    fr: 'Au plus {} caractères.',
  },
  'Too small: expected array to have >={} items': { en: 'At least {} entries.', fr: 'Au moins {} entrées.' },
  'Too big: expected array to have <={} items': { en: 'At most {} entries.', fr: 'Au plus {} entrées.' },
  'Too small: expected {} to be >={}': { en: 'At least {1}.', fr: 'Au moins {1}.' },
  'Too small: expected {} to be >{}': { en: 'More than {1}.', fr: 'Plus de {1}.' },
  'Too big: expected {} to be <={}': { en: 'At most {1}.', fr: 'Au plus {1}.' },
  'Too big: expected {} to be <{}': { en: 'Less than {1}.', fr: 'Moins de {1}.' },
  'Unrecognized key: {}': { en: 'This field is not known: {}.', fr: 'Ce champ est inconnu : {}.' },
  'Unrecognized keys: {}': { en: 'These fields are not known: {}.', fr: 'Ces champs sont inconnus : {}.' },
}
