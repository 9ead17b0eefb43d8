/** Where posts and pages stand whose links are told apart; the words of the API. */
export const POST_PLATFORMS = [
  'instagram',
  'tiktok',
  'onlyfans',
  'reddit',
  'facebook',
  'x',
  'youtube',
  'google',
  'website',
  'other',
] as const
