import { useTranslations } from 'use-intl'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import type { Audience } from './api.ts'
import { usePreview } from './api.ts'

/** An audience in one sentence: `<AudienceText audience={campaign.audience} />`. */
export function AudienceText({ audience }: { audience: Audience }) {
  const t = useTranslations('segments')
  const preview = usePreview({ audience })
  if (preview.error !== null) return <ErrorState error={preview.error} />
  if (preview.data === undefined) return <Skeleton className="h-4 w-2/3" />
  return (
    <p>
      <span className="sr-only">{t('audience.size')}: </span>
      {preview.data.sentence}
    </p>
  )
}
