/** A channel as people call it. */
import type { Words } from './words.ts'

export const channelName = (name: string, t: Words): string =>
  (t.channels as Readonly<Record<string, string>>)[name] ?? name
