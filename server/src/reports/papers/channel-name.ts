/** A channel, or the platform of a post, as people call it. */
import type { Words } from './words.ts'

export const channelName = (name: string, t: Words): string =>
  ({ ...t.channels, ...t.platforms } as Readonly<Record<string, string>>)[name] ?? name
