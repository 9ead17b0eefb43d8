import { AtSign } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { Menu } from '../ui/Menu.tsx'
import { useSenders } from './api.ts'

/** What a mail takes over from a sender. */
export interface ChosenSender {
  fromName: string
  fromEmail: string
  replyTo: string
}

/** Fills the sender of a mail from those that were set up; leads there where there are none. */
export function SenderPicker({ onPick }: { onPick: (sender: ChosenSender) => void }) {
  const t = useTranslations('delivery.senders')
  const senders = useSenders()
  const items = senders.data ?? []
  return (
    <Menu
      label={t('pick')}
      placement="bottom end"
      trigger={
        <Button size="sm" icon={<AtSign aria-hidden />}>
          {t('pick')}
        </Button>
      }
      entries={[
        ...items.map(({ id, name, email, replyTo }) => ({
          id,
          label: name,
          note: email,
          onAction: () => onPick({ fromName: name, fromEmail: email, replyTo: replyTo ?? '' }),
        })),
        ...(items.length > 0 ? (['separator'] as const) : []),
        { id: 'settings', label: t('manage'), href: '/settings/sending' },
      ]}
    />
  )
}
