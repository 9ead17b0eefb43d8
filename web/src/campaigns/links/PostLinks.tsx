import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState, useErrorText } from '../../ui/ErrorState.tsx'
import { RowMenu } from '../../ui/Menu.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import { useKitText } from '../../ui/text.ts'
import { toast } from '../../ui/Toast.tsx'
import type { PostLink } from './api.ts'
import { useChangePostLink, usePostLinks } from './api.ts'

// Only when a link is made or renamed.
const LinkDialog = lazy(() => import('./LinkDialog.tsx').then((module) => ({ default: module.LinkDialog })))

/** The tracked links of a campaign's posts and pages, and how often each was followed. Source: CB-8.3, issue 5 */
export function PostLinks({ campaignId }: { campaignId: string }) {
  const t = useTranslations('campaigns.postLinks')
  const refusal = useRefusal('campaigns.write')
  const query = usePostLinks(campaignId)
  const [edited, setEdited] = useState<PostLink | 'new' | null>(null)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return (
    <Section
      title={t('title')}
      note={t('note')}
      isFlush
      actions={
        <Button
          size="sm"
          icon={<Plus aria-hidden />}
          disabledReason={refusal}
          onPress={() => setEdited('new')}
        >
          {t('add')}
        </Button>
      }
    >
      <Links campaignId={campaignId} links={query.data.items} onRename={setEdited} />
      {edited !== null && (
        <Suspense fallback={null}>
          <LinkDialog
            campaignId={campaignId}
            link={edited === 'new' ? null : edited}
            onClose={() => setEdited(null)}
          />
        </Suspense>
      )}
    </Section>
  )
}

function Links({
  campaignId,
  links,
  onRename,
}: {
  campaignId: string
  links: readonly PostLink[]
  onRename: (link: PostLink) => void
}) {
  const t = useTranslations('campaigns.postLinks')
  const platforms = useTranslations('campaigns.platforms')
  const format = useFormat()
  return (
    <Table
      label={t('title')}
      className="rounded-t-none border-x-0 border-b-0"
      rows={links}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t('none')}>{t('noneText')}</EmptyState>}
      rowActions={(link) => <Actions campaignId={campaignId} link={link} onRename={onRename} />}
      columns={[
        {
          id: 'name',
          title: t('name'),
          isRowHeader: true,
          cell: ({ name, shortUrl, archivedAt }) => (
            <span className="grid min-w-0">
              <span className="truncate">
                {archivedAt === null ? name : t('archivedName', { name, when: format.date(archivedAt) })}
              </span>
              <span className="truncate text-sm font-normal text-muted">{shortUrl}</span>
            </span>
          ),
        },
        { id: 'platform', title: t('platform'), cell: ({ platform }) => platforms(platform) },
        {
          id: 'clicks',
          title: t('clicks'),
          align: 'end',
          cell: ({ clicks }) => format.number(clicks),
        },
        {
          id: 'machine',
          title: t('machine'),
          align: 'end',
          isWideOnly: true,
          cell: ({ machineClicks }) => format.number(machineClicks),
        },
      ]}
    />
  )
}

function Actions({
  campaignId,
  link,
  onRename,
}: {
  campaignId: string
  link: PostLink
  onRename: (link: PostLink) => void
}) {
  const t = useTranslations('campaigns.postLinks')
  const common = useKitText()
  const refusal = useRefusal('campaigns.write')
  const change = useChangePostLink(campaignId)
  const textOf = useErrorText(change.error).message
  const copy = (text: string): void =>
    void copyText(text).then((isCopied) => toast({ text: t(isCopied ? 'copied' : 'notCopied') }))
  const isArchived = link.archivedAt !== null
  return (
    <span className="flex items-center justify-end gap-1">
      {change.isError && <span className="text-sm text-danger">{textOf}</span>}
      <Button size="sm" variant="quiet" onPress={() => copy(link.shortUrl)}>
        {common('actions.copy')}
      </Button>
      <RowMenu
        label={t('more', { name: link.name })}
        entries={[
          { id: 'full', label: t('copyFull'), note: t('copyFullNote'), onAction: () => copy(link.url) },
          'separator',
          {
            id: 'rename',
            label: common('actions.rename'),
            disabledReason: refusal,
            onAction: () => onRename(link),
          },
          {
            id: 'archive',
            label: t(isArchived ? 'takeBack' : 'archive'),
            note: t('archiveNote'),
            disabledReason: refusal,
            onAction: () => change.mutate({ linkId: link.id, body: { isArchived: !isArchived } }),
          },
        ]}
      />
    </span>
  )
}
