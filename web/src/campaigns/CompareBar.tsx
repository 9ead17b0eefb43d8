import { useNavigate } from '@tanstack/react-router'
import { Scale, X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { useKitText } from '../ui/text.ts'

/** How many campaigns stand beside each other on the page of the comparison. */
const COMPARED_MIN = 2
const COMPARED_MAX = 5

/** At the foot of the list, while campaigns are ticked: puts them beside each other. Source: MA-7.3 */
export function CompareBar({ ids, onClear }: { ids: readonly string[]; onClear: () => void }) {
  const t = useTranslations('campaigns.list')
  const common = useKitText()
  const navigate = useNavigate()
  if (ids.length === 0) return null
  const isFit = ids.length >= COMPARED_MIN && ids.length <= COMPARED_MAX
  return (
    <div
      role="toolbar"
      aria-label={t('chosen')}
      className="sticky bottom-3 z-10 flex flex-wrap items-center gap-2 rounded-xl border border-edge bg-panel px-4 py-2 shadow-pop"
    >
      <p className="figures mr-1 font-medium" aria-live="polite">
        {common('list.selected', { count: ids.length })}
      </p>
      <span className="flex-1" />
      <Button
        size="sm"
        icon={<Scale aria-hidden />}
        disabledReason={isFit ? undefined : t('compareHint')}
        onPress={() => void navigate({ to: '/reports/compare', search: { ids: [...ids] } })}
      >
        {t('compare')}
      </Button>
      <IconButton label={common('list.clear')} size="sm" onPress={onClear}>
        <X aria-hidden />
      </IconButton>
    </div>
  )
}
