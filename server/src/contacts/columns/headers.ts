/**
 * What columns are called, in English and French and in the exports of the usual tools (Mailchimp, HubSpot, Shopify,
 * Stripe, Brevo, Patreon and others). Compared without case, accents, spaces and signs.
 */
import { fold } from '../values/text.ts'
import type { SpecialTarget, StandardField } from '../values/fields.ts'

const NAMES: Readonly<Record<Exclude<StandardField | SpecialTarget, 'ignore'>, string>> = {
  email: `email|e-mail|mail|email address|e-mail address|emailaddress|adresse email|adresse e-mail|adresse mail|courriel|adresse courriel|adresse electronique|mel|customer email|contact email|primary email|work email|email 1|e-mail 1 - value|subscriber|user email|billing email|buyer email|email_address|adressemail`,
  phone: `phone|phone number|telephone|tel|mobile|mobile phone|mobile phone number|mobile number|cell|cell phone|cellphone|gsm|portable|numero de telephone|numero de portable|telephone portable|telephone mobile|n telephone|n de telephone|sms|sms phone number|whatsapp|default address phone|customer phone|phone 1 - value|numero|num tel|tel portable|tel mobile|contact phone`,
  firstName: `first name|firstname|first_name|fname|given name|prenom|prenoms|customer first name|nombre|forename`,
  lastName: `last name|lastname|last_name|lname|surname|family name|nom|nom de famille|customer last name|nom famille|second name`,
  fullName: `name|full name|fullname|display name|nom complet|prenom nom|prenom et nom|nom prenom|nom et prenom|contact|contact name|customer name|customer description|client|nom du client|card name|billing name`,
  language: `language|lang|locale|langue|preferred language|langue preferee|customer language`,
  timeZone: `time zone|timezone|tz|fuseau horaire|fuseau`,
  country: `country|country code|country region|country/region|pays|code pays|cc|default address country code|billing country|card address country|shipping country|address country|adresse pays`,
  city: `city|town|ville|commune|localite|default address city|billing city|card address city|shipping city|address city|adresse ville`,
  birthday: `birthday|birthdate|birth date|date of birth|dob|bday|date de naissance|naissance|date naissance|anniversaire|ne le|nee le`,
  subscriptionTier: `subscription tier|tier|plan|membership|membership level|membership tier|niveau|palier|abonnement|formule|niveau d abonnement|offre|subscription plan`,
  subscriptionStatus: `subscription status|subscriber status|membership status|patron status|statut d abonnement|statut abonnement|etat de l abonnement|statut de l abonnement`,
  tags: `tags|tag|etiquettes|etiquette|labels|label|libelles|mots cles|customer tags`,
  'consent.email': `consent|consentement|email consent|consent email|consentement email|opt in|optin|opt-in|email opt in|opt in email|accepts marketing|accepts email marketing|email marketing consent|marketing consent|email marketing status|newsletter|subscribed|inscrit newsletter|abonne newsletter|email subscription status|double_opt-in|rgpd|gdpr`,
  'consent.sms': `sms consent|consent sms|consentement sms|sms opt in|opt in sms|accepts sms marketing|sms marketing status|sms marketing consent`,
  'consent.at': `consent date|consent at|date consent|date de consentement|date du consentement|consented at|opt in date|optin date|optin time|opt in time|confirm time|date d inscription|date optin|date opt in|subscribed at|date added newsletter|email consent date|consent timestamp|gdpr date|date rgpd`,
  'consent.source': `consent source|source consent|source du consentement|source de consentement|consent origin|opt in source|optin source|origine du consentement|origine consentement|email consent source|signup source|source d inscription`,
}

/** A header without case, accents and signs: `E-Mail_Address ` and `email address` are the same. */
export function headerKey(header: string): string {
  return fold(header).replaceAll(/[^a-z0-9]+/g, '')
}

const TARGET_BY_KEY: ReadonlyMap<string, Exclude<StandardField | SpecialTarget, 'ignore'>> = new Map(
  (Object.keys(NAMES) as (keyof typeof NAMES)[]).flatMap((target) =>
    NAMES[target].split('|').map((name) => [headerKey(name), target] as const),
  ),
)

/** The field that a header names, or null. */
export function targetOfHeader(header: string): Exclude<StandardField | SpecialTarget, 'ignore'> | null {
  return TARGET_BY_KEY.get(headerKey(header)) ?? null
}
