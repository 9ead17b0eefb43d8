import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { languages } from '../../platform/i18n/store.ts'
import { useSession } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { RadioGroup } from '../../ui/RadioGroup.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useInvite } from '../api.ts'
import type { Role } from '../api.ts'
import { useIssues, useRefusalText } from '../refusals.ts'
import { InvitationLink } from './InvitationLink.tsx'
import type { Sent } from './InvitationLink.tsx'
import { ROLES } from './roles.ts'

/** Invites somebody: address, role, and the language of the mail. */
export function InviteDialog({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  const t = useTranslations('team.invitations')
  const notes = useTranslations('team.members')
  const roles = useTranslations('app.roles')
  const words = useTranslations('app.language')
  const { organization, role: ownRole } = useSession()
  const invite = useInvite()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('editor')
  const [locale, setLocale] = useState(organization?.locale ?? 'en')
  const [sent, setSent] = useState<Sent | null>(null)
  const issues = useIssues(invite.error)
  const error = useRefusalText(invite.error)
  const submit = () =>
    invite.mutate(
      { email, role, locale },
      {
        onSuccess: (answer) => {
          setEmail('')
          onOpenChange(false)
          setSent(answer)
        },
      },
    )
  return (
    <>
      {isOpen && (
        <FormDialog
          title={t('dialog')}
          action={t('submit')}
          isPending={invite.isPending}
          onSubmit={submit}
          onClose={() => {
            invite.reset()
            onOpenChange(false)
          }}
        >
          {error !== undefined && <Banner tone="error">{error}</Banner>}
          <TextField
            label={t('email')}
            type="email"
            value={email}
            onChange={setEmail}
            error={issues['email']}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one thing that this dialog asks for
            autoFocus
          />
          <RadioGroup
            label={t('role')}
            look="cards"
            options={ROLES.filter((one) => one !== 'owner' || ownRole === 'owner').map((value) => ({
              value,
              label: roles(value),
              note: notes(value),
            }))}
            value={role}
            onChange={setRole}
          />
          <Select
            label={t('language')}
            options={languages.map((value) => ({ value, label: words(value) }))}
            value={locale}
            onChange={setLocale}
          />
        </FormDialog>
      )}
      <InvitationLink sent={sent} onClose={() => setSent(null)} />
    </>
  )
}
