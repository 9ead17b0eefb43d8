import { useTranslations } from 'use-intl'
import type { ConsentEvent } from './api.ts'

/** Where somebody said it; the words of the API. */
export const CONSENT_SOURCES = [
  'form',
  'import',
  'member',
  'api',
  'one_click',
  'unsubscribe_page',
  'preference_page',
  'merge',
  'inbound',
  'complaint',
] as const

const REASONS = ['too_many', 'not_relevant', 'never_signed_up', 'other'] as const

/** A reason that our pages offer; null for none and for words of somebody's own. */
export const leavingReason = (reason: string | null): (typeof REASONS)[number] | null =>
  REASONS.find((known) => known === reason) ?? null

/** Says where a word was given, and what the person said about it: `Import · newsletter form 2025`. */
export function useSourceText(): (event: Pick<ConsentEvent, 'source' | 'reason'>) => string {
  const t = useTranslations('consent')
  return ({ source, reason }) => {
    const kind = CONSENT_SOURCES.find((known) => known === source.kind)
    const leaving = leavingReason(reason)
    return [
      kind === undefined ? source.kind : t(`sources.${kind}`),
      source.version,
      leaving === null ? reason : t(`leaving.${leaving}`),
    ]
      .filter((part) => part !== null && part !== '')
      .join(' · ')
  }
}
