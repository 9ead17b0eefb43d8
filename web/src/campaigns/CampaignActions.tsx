import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Ellipsis, Pause, Play, Send } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import type { MenuEntry } from '../ui/Menu.tsx'
import { Menu } from '../ui/Menu.tsx'
import { useKitText } from '../ui/text.ts'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { Campaign, Verb } from './api.ts'
import { restoreCampaign, useDeleteCampaign, useDuplicate, useResume, useVerb } from './api.ts'
import { HistorySheet } from './HistorySheet.tsx'
import { LaunchDialog } from './LaunchDialog.tsx'
import { ResumeDialog } from './ResumeDialog.tsx'
import { useSaveAll } from './unsaved-work.ts'

/** What may be done to a campaign now: one primary button, the rest in a menu. */
export function CampaignActions({ campaign }: { campaign: Campaign }) {
  const t = useTranslations('campaigns')
  const common = useKitText()
  const verb = useVerb(campaign.id)
  const mayLaunch = useRefusal('campaigns.launch')
  const [open, setOpen] = useState<'launch' | 'cancel' | 'resume' | 'history' | null>(null)
  const resume = useResume(campaign.id)
  const sayWhy = useErrorToast()
  const saveAll = useSaveAll()
  const can = (action: Campaign['allowed'][number]) => campaign.allowed.includes(action)
  const act = (name: Verb) => verb.mutate(name, { onError: sayWhy })
  return (
    <>
      {can('pause') && (
        <Button
          icon={<Pause aria-hidden />}
          disabledReason={mayLaunch}
          isPending={verb.isPending}
          onPress={() => act('pause')}
        >
          {t('actions.pause')}
        </Button>
      )}
      {can('resume') && (
        <Button
          variant="primary"
          icon={<Play aria-hidden />}
          disabledReason={mayLaunch}
          isPending={resume.isPending}
          onPress={() =>
            campaign.isTripped ? setOpen('resume') : resume.mutate(undefined, { onError: sayWhy })
          }
        >
          {t('actions.resume')}
        </Button>
      )}
      {can('launch') && (
        <Button
          variant="primary"
          icon={<Send aria-hidden />}
          disabledReason={mayLaunch}
          onPress={() => void saveAll().then((isSaved) => isSaved && setOpen('launch'))}
        >
          {t(campaign.delivery === 'triggered' ? 'actions.switchOn' : 'actions.launch')}
        </Button>
      )}
      {can('restore') && (
        <Button variant="primary" disabledReason={mayLaunch} onPress={() => act('restore')}>
          {common('actions.restore')}
        </Button>
      )}
      <More campaign={campaign} onOpen={setOpen} onVerb={act} />
      {open === 'launch' && <LaunchDialog campaign={campaign} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        title={t('cancel.title')}
        action={t('actions.cancel')}
        isDangerous
        isOpen={open === 'cancel'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'cancel' : null)}
        onConfirm={() => verb.mutateAsync('cancel')}
      >
        {t('cancel.text')}
      </ConfirmDialog>
      {open === 'resume' && <ResumeDialog campaign={campaign} onClose={() => setOpen(null)} />}
      <HistorySheet
        campaign={campaign}
        isOpen={open === 'history'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'history' : null)}
      />
    </>
  )
}

function More({
  campaign,
  onOpen,
  onVerb,
}: {
  campaign: Campaign
  onOpen: (what: 'cancel' | 'history') => void
  onVerb: (verb: Verb) => void
}) {
  const t = useTranslations('campaigns')
  const common = useKitText()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const duplicate = useDuplicate()
  const remove = useDeleteCampaign()
  const sayWhy = useErrorToast()
  const refusal = useRefusal('campaigns.write')
  const can = (action: Campaign['allowed'][number]) => campaign.allowed.includes(action)
  const bringBack = () =>
    restoreCampaign(campaign.id).then(() => cache.invalidateQueries({ queryKey: ['campaigns'] }))
  const entry = (
    id: string,
    label: string,
    onAction: () => void,
    isShown: boolean,
    isDangerous = false,
  ): MenuEntry[] => (isShown ? [{ id, label, onAction, disabledReason: refusal, isDangerous }] : [])
  const entries: MenuEntry[] = [
    { id: 'history', label: t('actions.history'), onAction: () => onOpen('history') },
    ...entry(
      'duplicate',
      common('actions.duplicate'),
      () =>
        duplicate.mutate(campaign.id, {
          onSuccess: ({ id }) => void navigate({ to: '/campaigns/$id', params: { id } }),
          onError: sayWhy,
        }),
      can('duplicate'),
    ),
    ...entry('archive', t('actions.archive'), () => onVerb('archive'), can('archive')),
    ...entry('unarchive', t('actions.unarchive'), () => onVerb('unarchive'), can('unarchive')),
    ...entry('cancel', t('actions.cancel'), () => onOpen('cancel'), can('cancel'), true),
    ...entry(
      'delete',
      common('actions.delete'),
      () =>
        remove.mutate(campaign.id, {
          onSuccess: () => {
            toast({ text: t('deleted', { name: campaign.name }), onUndo: bringBack })
            void navigate({ to: '/campaigns' })
          },
          onError: sayWhy,
        }),
      can('delete'),
      true,
    ),
  ]
  return (
    <Menu
      label={common('actions.more')}
      placement="bottom end"
      entries={entries}
      trigger={
        <IconButton label={common('actions.more')}>
          <Ellipsis aria-hidden />
        </IconButton>
      }
    />
  )
}
