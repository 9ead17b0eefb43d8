/** Where posts and pages stand whose links are told apart. */
export const POST_PLATFORMS = [
  'onlyfans',
  'instagram',
  'tiktok',
  'reddit',
  'facebook',
  'x',
  'youtube',
  'google',
  'website',
  'other',
] as const
export type PostPlatform = (typeof POST_PLATFORMS)[number]

/** Whether figures under this name are of a platform and not of a channel of messages. */
export const isPlatform = (channel: string): channel is PostPlatform =>
  POST_PLATFORMS.some((platform) => platform === channel)
