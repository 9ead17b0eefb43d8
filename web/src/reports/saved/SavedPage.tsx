import { getRouteApi, useLocation } from '@tanstack/react-router'
import { Link2, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import type { Question, Saved } from './api.ts'
import { useSaved } from './api.ts'
import { SavedDialog } from './SavedDialog.tsx'
import { SavedTable } from './SavedTable.tsx'
import { ShareDialog } from './ShareDialog.tsx'
import { ShareTable } from './ShareTable.tsx'

const route = getRouteApi('/shell/reports/saved')
type Open = { kind: 'save'; saved: Saved | null } | { kind: 'share' } | null

/** Reports that are asked for again, those that are mailed, and links that show one. Source: MA-7.4 */
export function SavedPage() {
  const t = useTranslations('reports.saved')
  const { campaign } = route.useSearch()
  const mayWrite = useRefusal('reports.write')
  const mayShare = useRefusal('reports.share')
  const other: Question | null = campaign === undefined ? null : { kind: 'campaign', campaignId: campaign }
  const [open, setOpen] = useState<Open>(other && mayShare === undefined ? { kind: 'share' } : null)
  // The mails of a saved report lead to it by the hash.
  const hash = useLocation({ select: (location) => location.hash })
  const named = useSaved().data?.items.find(({ id }) => id === hash)
  const [isNamedClosed, setNamedClosed] = useState(false)
  const shown: Open =
    open ?? (named && !isNamedClosed && mayWrite === undefined ? { kind: 'save', saved: named } : null)
  const close = () => {
    setOpen(null)
    setNamedClosed(true)
  }
  return (
    <Page
      title={t('title')}
      crumbs={[{ label: t('back'), href: '/reports' }]}
      actions={
        <>
          <Button
            icon={<Link2 aria-hidden />}
            disabledReason={mayShare}
            onPress={() => setOpen({ kind: 'share' })}
          >
            {t('share')}
          </Button>
          <Button
            variant="primary"
            icon={<Plus aria-hidden />}
            disabledReason={mayWrite}
            onPress={() => setOpen({ kind: 'save', saved: null })}
          >
            {t('new')}
          </Button>
        </>
      }
    >
      <SavedTable onEdit={(saved) => setOpen({ kind: 'save', saved })} />
      <ShareTable />
      {shown?.kind === 'save' && <SavedDialog saved={shown.saved} other={other} onClose={close} />}
      {shown?.kind === 'share' && <ShareDialog other={other} onClose={close} />}
    </Page>
  )
}
