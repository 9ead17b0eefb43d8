/** By what money is told apart, and where it is paid; the words of the API. */
export const MONEY_PARTS = ['campaign', 'channel', 'platform', 'segment', 'type'] as const
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
