/** A provider as stored, and opened for use. */
import type { Id } from '../../platform/ids.ts'
import type { TroubleKind } from '../channels/outcome.ts'
import type { ProviderChannel, ProviderKind } from './kinds.ts'

export type ProviderId = Id<'provider'>

/** Something that went wrong with a provider, for people. */
export interface ProviderError {
  /** A trouble of ours, or `refused` for a message. */
  kind: TroubleKind | 'refused'
  text: string
  at: string
  /** How often in a row. */
  times: number
}

/** A stored provider. */
export interface Provider {
  id: ProviderId
  channel: ProviderChannel
  kind: ProviderKind
  name: string
  settings: Record<string, string>
  secretsSealed: Buffer
  /** 0: the default; 1: the fallback; null: kept aside. */
  rank: 0 | 1 | null
  version: number
  takenAt: Date | null
  errors: ProviderError[]
  updatedAt: Date
}

/** With its secrets in the clear, for the time of a call. */
export interface OpenProvider extends Provider {
  secrets: Readonly<Record<string, string>>
}

/** Where sealed secrets belong, so that they cannot be moved to another provider's row. */
export const secretsPlace = (id: ProviderId): string => `provider.secrets:${id}`
