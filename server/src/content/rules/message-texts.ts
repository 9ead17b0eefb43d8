/** What checks of messages say, in the languages of the product. */
import type { CheckText } from './check-messages.ts'

/** Every sentence that a check of a message may hold. */
export const MESSAGE_CHECK_KEYS = [
  'text_missing',
  'title_missing',
  'sms_way_out_missing',
  'sms_too_long',
  'whatsapp_window',
  'whatsapp_long',
  'whatsapp_template_name',
  'address_not_https',
  'webhook_address_missing',
  'webhook_payload_not_json',
] as const
export type MessageCheckKey = (typeof MESSAGE_CHECK_KEYS)[number]

export const MESSAGE_TEXTS: Readonly<Record<'en' | 'fr', Readonly<Record<MessageCheckKey, CheckText>>>> = {
  en: {
    text_missing: { message: 'There is no text.', hint: 'Write what people shall read.' },
    title_missing: { message: 'There is no title.', hint: 'Give the message a title.' },
    sms_way_out_missing: {
      message: 'The text does not say how to stop.',
      hint: 'Add words such as “Reply STOP to opt out”, or a link to {{ unsubscribe_url }}.',
    },
    sms_too_long: {
      message: 'The text has more than ten parts: operators do not join it, and it is not sent.',
      hint: 'Shorten it to 1,530 characters, or to 670 when it holds characters beyond the cheap alphabet.',
    },
    whatsapp_window: {
      message: 'Free text reaches only people who wrote to you within the last 24 hours.',
      hint: 'Name an approved template to reach the others.',
    },
    whatsapp_long: {
      message: 'The text has more than 1,600 characters: on a telephone few read that far.',
      hint: 'Say the main thing first and link to the rest. WhatsApp takes up to 4,096.',
    },
    whatsapp_template_name: {
      message: 'Names of templates hold small letters, digits and underscores only.',
      hint: 'Copy the name from WhatsApp Manager.',
    },
    address_not_https: {
      message: 'The address is not a complete https address.',
      hint: 'Write it like https://shop.example/path, without a password in it.',
    },
    webhook_address_missing: {
      message: 'No address is called.',
      hint: 'Enter the https address of your system.',
    },
    webhook_payload_not_json: {
      message: 'For some people the payload would not be JSON.',
      hint: 'Put quotation marks around each value: "name": "{{ contact.first_name }}".',
    },
  },
  fr: {
    text_missing: { message: 'Il n’y a pas de texte.', hint: 'Écrivez ce que les gens doivent lire.' },
    title_missing: { message: 'Il n’y a pas de titre.', hint: 'Donnez un titre au message.' },
    sms_way_out_missing: {
      message: 'Le texte ne dit pas comment se désabonner.',
      hint: 'Ajoutez par exemple « STOP pour se désabonner », ou un lien vers {{ unsubscribe_url }}.',
    },
    sms_too_long: {
      message:
        'Le texte fait plus de dix parties : les opérateurs ne les assemblent pas, et il n’est pas envoyé.',
      hint: 'Ramenez-le à 1 530 caractères, ou à 670 s’il contient des caractères hors de l’alphabet économique.',
    },
    whatsapp_window: {
      message: 'Un texte libre n’atteint que les personnes qui vous ont écrit dans les dernières 24 heures.',
      hint: 'Indiquez un modèle approuvé pour atteindre les autres.',
    },
    whatsapp_long: {
      message: 'Le texte dépasse 1 600 caractères : sur un téléphone, peu de gens lisent jusque-là.',
      hint: 'Dites l’essentiel d’abord et renvoyez au reste par un lien. WhatsApp accepte jusqu’à 4 096.',
    },
    whatsapp_template_name: {
      message: 'Le nom d’un modèle ne contient que des minuscules, des chiffres et des tirets bas.',
      hint: 'Copiez le nom depuis WhatsApp Manager.',
    },
    address_not_https: {
      message: 'L’adresse n’est pas une adresse https complète.',
      hint: 'Écrivez-la comme https://boutique.example/chemin, sans mot de passe.',
    },
    webhook_address_missing: {
      message: 'Aucune adresse n’est appelée.',
      hint: 'Saisissez l’adresse https de votre système.',
    },
    webhook_payload_not_json: {
      message: 'Pour certaines personnes, le contenu ne serait pas du JSON.',
      hint: 'Entourez chaque valeur de guillemets : "nom": "{{ contact.first_name }}".',
    },
  },
}
