import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { usePostPrices, useRemovePostPrice, useSetPostPrice } from './api.ts'
import { PriceTable } from './PriceTable.tsx'

const PostPriceDialog = lazy(() =>
  import('./PostPriceDialog.tsx').then((module) => ({ default: module.PostPriceDialog })),
)

/** What a post costs on each platform, from which day on. Source: CB-9.2 */
export function PostPrices() {
  const t = useTranslations('reports.prices')
  const platforms = useTranslations('reports.platforms')
  const format = useFormat()
  const query = usePostPrices()
  const refusal = useRefusal('budgets.write')
  const remove = useRemovePostPrice()
  const set = useSetPostPrice()
  const [isAdding, setAdding] = useState(false)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return (
    <Section
      title={t('posts.title')}
      note={t('posts.note')}
      isFlush
      actions={
        <Button
          size="sm"
          icon={<Plus aria-hidden />}
          disabledReason={refusal}
          onPress={() => setAdding(true)}
        >
          {t('posts.add')}
        </Button>
      }
    >
      <PriceTable
        label={t('posts.title')}
        prices={query.data.items}
        priceKey={({ platform, validFrom }) => `${platform} ${validFrom ?? ''}`}
        empty={<EmptyState title={t('posts.none')}>{t('posts.noneText')}</EmptyState>}
        columns={[
          {
            id: 'platform',
            title: t('posts.platform'),
            isRowHeader: true,
            cell: ({ platform }) => platforms(platform),
          },
          {
            id: 'from',
            title: t('posts.from'),
            cell: ({ validFrom }) => (validFrom === null ? t('always') : format.day(validFrom)),
          },
        ]}
        priceTitle={t('posts.price')}
        currency={query.data.currency}
        onRemove={remove.mutate}
        onUndo={(price) => set.mutateAsync(price)}
      />
      {isAdding && (
        <Suspense fallback={null}>
          <PostPriceDialog currency={query.data.currency} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </Section>
  )
}
