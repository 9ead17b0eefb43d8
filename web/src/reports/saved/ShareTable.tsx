import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useErrorToast } from '../../ui/use-error-toast.ts'
import type { Share } from './api.ts'
import { useRevokeShare, useShares } from './api.ts'

/** Links with how long they work and how often somebody looked. */
export function ShareTable() {
  const t = useTranslations('reports.saved')
  const format = useFormat()
  const query = useShares()
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return (
    <Section title={t('links')} isFlush>
      <Table
        label={t('links')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={query.data.items}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('noLinks')}>{t('noLinksText')}</EmptyState>}
        columns={[
          { id: 'title', title: t('name'), isRowHeader: true, cell: ({ title }) => title },
          {
            id: 'until',
            title: t('until'),
            cell: ({ url, revokedAt, expiresAt }) =>
              url !== null
                ? format.date(expiresAt)
                : revokedAt === null
                  ? t('expired', { when: format.date(expiresAt) })
                  : t('revoked', { when: format.date(revokedAt) }),
          },
          {
            id: 'views',
            title: t('views'),
            align: 'end',
            isWideOnly: true,
            cell: ({ views }) => format.number(views),
          },
          {
            id: 'actions',
            title: t('actions'),
            align: 'end',
            cell: (share) => <ShareActions share={share} />,
          },
        ]}
      />
    </Section>
  )
}

function ShareActions({ share: { id, url } }: { share: Share }) {
  const t = useTranslations('reports.saved')
  const refusal = useRefusal('reports.share')
  const revoke = useRevokeShare()
  const sayWhy = useErrorToast()
  if (url === null) return null
  return (
    <span className="flex justify-end gap-2">
      <Button
        size="sm"
        onPress={() =>
          void copyText(url).then((isCopied) => toast({ text: t(isCopied ? 'copied' : 'notCopied') }))
        }
      >
        {t('copy')}
      </Button>
      <Button
        size="sm"
        variant="quiet"
        disabledReason={refusal}
        onPress={() =>
          revoke.mutate(id, { onSuccess: () => toast({ text: t('takenBack') }), onError: sayWhy })
        }
      >
        {t('revoke')}
      </Button>
    </span>
  )
}
