/** What reports tell apart, and by what; the words of the API. */
export const RATES = ['delivery', 'open', 'click', 'conversion', 'unsubscribe'] as const
export const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const
/** Of campaigns. */
export const TYPES = ['promotion', 'engagement', 'subscription', 'retention', 'ppv'] as const
/** By which conversions are credited. */
export const MODELS = ['first', 'last', 'linear', 'position', 'timeDecay'] as const
/** By what money is told apart. */
export const MONEY_PARTS = ['campaign', 'channel', 'platform', 'segment', 'type'] as const
/** Where posts and advertisements stand. */
export const PLATFORMS = [
  'onlyfans',
  'instagram',
  'tiktok',
  'reddit',
  'facebook',
  'x',
  'youtube',
  'google',
  'other',
] as const
