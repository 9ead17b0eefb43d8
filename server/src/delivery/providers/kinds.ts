/**
 * The kinds of providers there are, as data: what each is told to be reached by, what it takes, and how its events
 * prove themselves. Forms, checks and adapters are made of this table. Pure: the web reads it, too.
 * Source: platforms report §2
 */

/** Channels that providers take messages of. What is in-app stays here and needs none. */
export const PROVIDER_CHANNELS = ['email', 'sms', 'whatsapp', 'webhook'] as const
export type ProviderChannel = (typeof PROVIDER_CHANNELS)[number]

/** Something a provider of this kind is told. */
export interface ProviderField {
  key: string
  label: { en: string; fr: string }
  /** Sealed, and never shown again. */
  isSecret: boolean
  /** Stands in our calls as it is: whoever answers at the provider's address reads it. */
  isSent?: boolean
  isRequired: boolean
  /** In force when nothing is given. */
  fallback: string
  /** What a right value looks like. */
  example: string
  /** All characters that it may hold, where it stands in a header or an address. */
  characters?: RegExp
  /** Its form, where the vendor's is certain. */
  form?: RegExp
  isLong?: boolean
  /** One of a few. */
  options?: readonly string[]
}

/** Limits of a kind, as its vendor states them. */
export interface ProviderLimits {
  /** Messages of one call. */
  perCall: number
  /** Messages per second that an ordinary account may send; null: the account's own quota. */
  perSecond: number | null
  /** Bytes of one message; null: not stated. */
  bytesMax: number | null
}

/** How its events prove themselves. */
export type EventProof = 'signature' | 'password' | 'none'

/** A kind of provider. */
export interface ProviderKindSpec {
  channel: ProviderChannel
  name: string
  fields: readonly ProviderField[]
  limits: ProviderLimits
  events: EventProof
}

const field = (
  key: string,
  en: string,
  fr: string,
  more: Partial<Omit<ProviderField, 'key' | 'label'>> = {},
): ProviderField => ({
  key,
  label: { en, fr },
  isSecret: false,
  isRequired: true,
  fallback: '',
  example: '',
  ...more,
})
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i
const VISIBLE = /^[\x21-\x7e]*$/
/** One that our calls carry. */
const credential = (key: string, en: string, fr: string, isRequired = true): ProviderField =>
  field(key, en, fr, { isSecret: true, isSent: true, isRequired, characters: VISIBLE })
/** A whole header: it may be of several words. */
const ownHeader = (key: string, en: string, fr: string): ProviderField => ({
  ...credential(key, en, fr, false),
  characters: /^[\x20-\x7e]*$/,
})
/** One that signs, or proves what is told to us. */
const secret = (key: string, en: string, fr: string, isRequired = true): ProviderField =>
  field(key, en, fr, { isSecret: true, isRequired })
const address = (fallback: string): ProviderField =>
  field('baseUrl', 'Address of the API', 'Adresse de l’API', {
    isRequired: false,
    fallback,
    example: fallback,
  })

/** The kinds. */
export const PROVIDER_KINDS = {
  ses: {
    channel: 'email',
    name: 'Amazon SES',
    fields: [
      // It names the host that is called.
      field('region', 'Region', 'Région', { example: 'eu-west-1', form: /^[a-z]{2}(-[a-z]+)+-\d$/ }),
      field('accessKeyId', 'Access key id', 'Identifiant de clé d’accès', {
        example: 'AKIA…',
        characters: VISIBLE,
      }),
      { ...secret('secretAccessKey', 'Secret access key', 'Clé d’accès secrète'), characters: VISIBLE },
      field('configurationSet', 'Configuration set', 'Jeu de configurations', {
        isRequired: false,
        example: 'fanfare',
      }),
      field('topicArn', 'Topic of its events (SNS)', 'Sujet de ses événements (SNS)', {
        isRequired: false,
        example: 'arn:aws:sns:eu-west-1:123456789012:fanfare',
      }),
      field('baseUrl', 'Address of the API', 'Adresse de l’API', {
        isRequired: false,
        example: 'https://email.eu-west-1.amazonaws.com',
      }),
    ],
    limits: { perCall: 50, perSecond: null, bytesMax: 262_144 },
    events: 'signature',
  },
  sendgrid: {
    channel: 'email',
    name: 'SendGrid',
    fields: [
      credential('apiKey', 'API key', 'Clé d’API'),
      field('eventPublicKey', 'Verification key of its events', 'Clé de vérification de ses événements', {
        isRequired: false,
        isLong: true,
        example: 'MFkwEwYHKoZIzj0CAQ…',
      }),
      address('https://api.sendgrid.com'),
    ],
    limits: { perCall: 1_000, perSecond: null, bytesMax: 30 * 1024 * 1024 },
    events: 'signature',
  },
  mailgun: {
    channel: 'email',
    name: 'Mailgun',
    fields: [
      field('domain', 'Sending domain', 'Domaine d’envoi', { example: 'mg.example.com', form: HOST_NAME }),
      credential('apiKey', 'API key', 'Clé d’API'),
      secret('signingKey', 'Signing key of its events', 'Clé de signature de ses événements', false),
      address('https://api.mailgun.net'),
    ],
    limits: { perCall: 1_000, perSecond: null, bytesMax: 25 * 1024 * 1024 },
    events: 'signature',
  },
  postmark: {
    channel: 'email',
    name: 'Postmark',
    fields: [
      credential('serverToken', 'Server token', 'Jeton du serveur'),
      field('messageStream', 'Message stream', 'Flux de messages', {
        isRequired: false,
        fallback: 'broadcast',
      }),
      secret('eventPassword', 'name:password of its events', 'nom:mot de passe de ses événements', false),
      address('https://api.postmarkapp.com'),
    ],
    limits: { perCall: 500, perSecond: null, bytesMax: 10 * 1024 * 1024 },
    events: 'password',
  },
  resend: {
    channel: 'email',
    name: 'Resend',
    fields: [
      credential('apiKey', 'API key', 'Clé d’API'),
      secret('signingSecret', 'Signing secret of its events', 'Secret de signature de ses événements', false),
      address('https://api.resend.com'),
    ],
    limits: { perCall: 100, perSecond: 200, bytesMax: 40 * 1024 * 1024 },
    events: 'signature',
  },
  twilio: {
    channel: 'sms',
    name: 'Twilio',
    fields: [
      field('accountSid', 'Account SID', 'SID du compte', { example: 'AC…', form: /^AC[0-9a-zA-Z]+$/ }),
      credential('authToken', 'Auth token', 'Jeton d’authentification'),
      field('from', 'Number, name or messaging service', 'Numéro, nom ou service de messagerie', {
        example: '+33612345678',
      }),
      address('https://api.twilio.com'),
    ],
    limits: { perCall: 1, perSecond: 100, bytesMax: null },
    events: 'signature',
  },
  vonage: {
    channel: 'sms',
    name: 'Vonage',
    fields: [
      field('apiKey', 'API key', 'Clé d’API', { characters: VISIBLE }),
      credential('apiSecret', 'API secret', 'Secret d’API'),
      field('from', 'Number or name', 'Numéro ou nom', { example: 'Fanfare' }),
      secret('signatureSecret', 'Signature secret (HMAC-SHA256)', 'Secret de signature (HMAC-SHA256)', false),
      address('https://rest.nexmo.com'),
    ],
    limits: { perCall: 1, perSecond: 30, bytesMax: null },
    events: 'signature',
  },
  gateway: {
    channel: 'sms',
    name: 'HTTP',
    fields: [
      field('url', 'Address', 'Adresse', { example: 'https://sms.example.com/send' }),
      field('contentType', 'Form of the body', 'Forme du corps', {
        isRequired: false,
        fallback: 'application/json',
        options: ['application/json', 'application/x-www-form-urlencoded'],
      }),
      field(
        'body',
        'Body, with {{to}}, {{text}}, {{from}}, {{id}}, {{callback}}',
        'Corps, avec {{to}}, {{text}}, {{from}}, {{id}}, {{callback}}',
        {
          isRequired: false,
          isLong: true,
          fallback:
            '{"to":"{{to}}","from":"{{from}}","text":"{{text}}","id":"{{id}}","callback":"{{callback}}"}',
        },
      ),
      field('from', 'Number or name', 'Numéro ou nom', { isRequired: false }),
      field('idPath', 'Where its answer holds an id', 'Où sa réponse contient un identifiant', {
        isRequired: false,
        example: 'message.id',
      }),
      ownHeader('authorization', 'Authorization header', 'En-tête Authorization'),
      secret('eventPassword', 'name:password of its events', 'nom:mot de passe de ses événements', false),
    ],
    limits: { perCall: 1, perSecond: null, bytesMax: null },
    events: 'password',
  },
  whatsapp: {
    channel: 'whatsapp',
    name: 'WhatsApp Cloud API',
    fields: [
      field('phoneNumberId', 'Phone number id', 'Identifiant du numéro', {
        example: '106540352242922',
        form: /^\d+$/,
      }),
      credential('accessToken', 'Access token', 'Jeton d’accès'),
      secret(
        'appSecret',
        'App secret, for its events',
        'Secret de l’application, pour ses événements',
        false,
      ),
      secret('verifyToken', 'Verify token of its webhook', 'Jeton de vérification de son webhook', false),
      address('https://graph.facebook.com/v23.0'),
    ],
    limits: { perCall: 1, perSecond: 80, bytesMax: null },
    events: 'signature',
  },
  webhook: {
    channel: 'webhook',
    name: 'Webhooks',
    fields: [
      secret('signingSecret', 'Signing secret', 'Secret de signature'),
      secret(
        'formerSecret',
        'Former signing secret, while it is exchanged',
        'Ancien secret, pendant l’échange',
        false,
      ),
      field('url', 'Address that takes a header of its own', 'Adresse qui attend un en-tête à elle', {
        isRequired: false,
        example: 'https://crm.example.com',
      }),
      field('headerName', 'Name of that header', 'Nom de cet en-tête', {
        isRequired: false,
        fallback: 'Authorization',
        example: 'Authorization',
      }),
      ownHeader('headerValue', 'Value of that header', 'Valeur de cet en-tête'),
    ],
    limits: { perCall: 1, perSecond: null, bytesMax: 64 * 1024 },
    events: 'none',
  },
} as const satisfies Record<string, ProviderKindSpec>

export type ProviderKind = keyof typeof PROVIDER_KINDS
/** Their names, in the order in which people choose. */
export const PROVIDER_KIND_NAMES = Object.keys(PROVIDER_KINDS) as [ProviderKind, ...ProviderKind[]]

/** The table seen alike for all kinds. */
export const kindSpec = (kind: ProviderKind): ProviderKindSpec => PROVIDER_KINDS[kind]
