import { useTranslations } from 'use-intl'
import { Badge } from '../ui/StatusBadge.tsx'
import type { Tone } from '../ui/StatusBadge.tsx'
import type { ConsentState } from './api.ts'

const tones: Record<ConsentState, Tone> = {
  granted: 'green',
  denied: 'red',
  withdrawn: 'red',
  expired: 'amber',
  pending: 'blue',
}

/** What somebody said, in a word. */
export function WordBadge({ state }: { state: ConsentState }) {
  const t = useTranslations('consent')
  return <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge>
}
