import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Section } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { RowMenu } from '../../ui/Menu.tsx'
import { Badge } from '../../ui/StatusBadge.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useErrorToast } from '../../ui/use-error-toast.ts'
import { useInvitations, useResendInvitation, useRevokeInvitation } from '../api.ts'
import type { Invitation } from '../api.ts'
import { InvitationLink } from './InvitationLink.tsx'
import type { Sent } from './InvitationLink.tsx'

/** Invitations that nobody has answered yet; nothing when there are none. */
export function OpenInvitations() {
  const t = useTranslations('team.invitations')
  const format = useFormat()
  const roles = useTranslations('app.roles')
  const refusal = useRefusal('members.write')
  const invitations = useInvitations()
  const resend = useResendInvitation()
  const revoke = useRevokeInvitation()
  const sayWhy = useErrorToast()
  const [sent, setSent] = useState<Sent | null>(null)
  if (invitations.error) return <ErrorState error={invitations.error} onRetry={invitations.refetch} />
  if (!invitations.data || invitations.data.length === 0) return null
  return (
    <Section title={t('title')} isFlush>
      <Table
        label={t('title')}
        rows={invitations.data}
        rowKey={(invitation) => invitation.id}
        columns={[
          { id: 'email', title: t('email'), isRowHeader: true, cell: (invitation) => invitation.email },
          { id: 'role', title: t('role'), cell: (invitation) => roles(invitation.role) },
          { id: 'state', title: t('state'), cell: (invitation) => <State invitation={invitation} /> },
          {
            id: 'expires',
            title: t('expires'),
            cell: (invitation) => format.date(invitation.expiresAt),
            isWideOnly: true,
          },
        ]}
        rowActions={({ id, email }) => (
          <RowMenu
            entries={[
              {
                id: 'again',
                label: t('again'),
                disabledReason: refusal,
                onAction: () => resend.mutate(id, { onSuccess: setSent, onError: sayWhy }),
              },
              {
                id: 'revoke',
                label: t('revoke'),
                isDangerous: true,
                disabledReason: refusal,
                onAction: () =>
                  revoke.mutate(id, {
                    onSuccess: () => toast({ text: t('revoked', { email }) }),
                    onError: sayWhy,
                  }),
              },
            ]}
          />
        )}
      />
      <InvitationLink sent={sent} onClose={() => setSent(null)} />
    </Section>
  )
}

function State({ invitation }: { invitation: Invitation }) {
  const t = useTranslations('team.invitations')
  const format = useFormat()
  // The page is drawn often enough that the present instant may be asked while drawing.
  const [now] = useState(() => Date.now())
  if (Date.parse(invitation.expiresAt) < now) return <Badge tone="grey">{t('expired')}</Badge>
  if (invitation.sentAt === null) return <Badge tone="amber">{t('unsent')}</Badge>
  return <Badge tone="blue">{t('sent', { when: format.relative(invitation.sentAt) })}</Badge>
}
