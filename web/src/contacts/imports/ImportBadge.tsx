import { useTranslations } from 'use-intl'
import { Badge } from '../../ui/StatusBadge.tsx'
import type { Tone } from '../../ui/StatusBadge.tsx'
import type { ImportState } from './api.ts'

const tones: Record<ImportState, Tone> = {
  draft: 'grey',
  running: 'green',
  completed: 'violet',
  cancelled: 'grey',
  failed: 'red',
  undoing: 'amber',
  undone: 'grey',
}

/** Where an import stands. */
export function ImportBadge({ state }: { state: ImportState }) {
  const t = useTranslations('contacts.imports.states')
  return <Badge tone={tones[state]}>{t(state)}</Badge>
}
