import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Fragment, lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { Page } from '../ui/Page.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useKitText } from '../ui/text.ts'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { Segment } from './api.ts'
import { useRestoreSegment, useSegment } from './api.ts'
import { DynamicSegment } from './DynamicSegment.tsx'
import { SegmentMenu } from './SegmentMenu.tsx'
import { StaticSegment } from './StaticSegment.tsx'

const route = getRouteApi('/shell/audience/segments/$id')

// Charts and the search of people come after the rule, which is what one opens the page for.
const PerformanceSection = lazy(() =>
  import('./PerformanceSection.tsx').then((module) => ({ default: module.PerformanceSection })),
)
const WhySection = lazy(() => import('./WhySection.tsx').then((module) => ({ default: module.WhySection })))

/** One segment: its rule or its people, how many they are, and what uses it. */
export function SegmentPage() {
  const t = useTranslations('segments')
  const { id } = route.useParams()
  const query = useSegment(id)
  const crumbs = [{ label: t('title'), href: '/audience/segments' }]
  if (query.isError)
    return (
      <Page title={t('title')} crumbs={crumbs}>
        <ErrorState error={query.error} onRetry={query.refetch} />
      </Page>
    )
  if (query.data === undefined)
    return (
      <Page title={t('title')} crumbs={crumbs}>
        <SectionSkeleton lines={5} />
      </Page>
    )
  return <Loaded key={id} segment={query.data} crumbs={crumbs} />
}

function Loaded({ segment, crumbs }: { segment: Segment; crumbs: { label: string; href: string }[] }) {
  const t = useTranslations('segments')
  const navigate = useNavigate()
  return (
    <Page
      title={segment.name}
      crumbs={crumbs}
      subtitle={<Subtitle segment={segment} />}
      actions={
        <SegmentMenu segment={segment} onDeleted={() => void navigate({ to: '/audience/segments' })} />
      }
    >
      {segment.deletedAt !== null && <Deleted segment={segment} />}
      {segment.problems.length > 0 && (
        <Banner tone="warning" title={t('broken')}>
          {segment.problems.map(({ message }) => message).join(' ')}
        </Banner>
      )}
      {segment.kind === 'dynamic' ? (
        <DynamicSegment segment={segment} />
      ) : (
        <StaticSegment segment={segment} />
      )}
      {segment.deletedAt === null && segment.problems.length === 0 && (
        <>
          <Suspense fallback={<SectionSkeleton />}>
            <PerformanceSection segmentId={segment.id} />
            <WhySection segmentId={segment.id} />
          </Suspense>
          <Live segment={segment} />
        </>
      )}
    </Page>
  )
}

function Subtitle({ segment }: { segment: Segment }) {
  const t = useTranslations('segments')
  const format = useFormat()
  return (
    <>
      {t(`kinds.${segment.kind}`)} ·{' '}
      {t('people', { count: segment.size ?? 0, number: format.number(segment.size) })} ·{' '}
      {segment.uses.length === 0 ? t('uses.none') : `${t('usedBy')} `}
      {segment.uses.map((use, index) => (
        <Fragment key={use.id}>
          {index > 0 && ', '}
          <Use use={use} />
        </Fragment>
      ))}
    </>
  )
}

/** Whether the people in it follow live, and when that was last proven. */
function Live({ segment: { followedAt, checkedAt, drift } }: { segment: Segment }) {
  const t = useTranslations('segments.live')
  const format = useFormat()
  if (followedAt === null) return null
  return (
    <p className="text-sm text-muted">
      {t('kept')}
      {checkedAt !== null && ` ${t('checked', { time: format.dateTime(checkedAt), drift: drift ?? 0 })}`}
    </p>
  )
}

/** What cannot work without the segment, as a link to it. */
function Use({ use: { kind, id, name } }: { use: Segment['uses'][number] }) {
  if (kind === 'campaign') return <HrefLink href={`/campaigns/${id}`}>{name}</HrefLink>
  if (kind === 'segment') return <HrefLink href={`/audience/segments/${id}`}>{name}</HrefLink>
  return name
}

function Deleted({ segment }: { segment: Segment }) {
  const t = useTranslations('segments')
  const common = useKitText()
  const restore = useRestoreSegment()
  const sayWhy = useErrorToast()
  const refusal = useRefusal('segments.write')
  return (
    <Banner
      tone="warning"
      title={t('deleted', { name: segment.name })}
      action={
        <Button
          size="sm"
          isPending={restore.isPending}
          disabledReason={refusal}
          onPress={() => restore.mutate(segment.id, { onError: sayWhy })}
        >
          {common('actions.restore')}
        </Button>
      }
    />
  )
}
