import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { languages } from '../../platform/i18n/store.ts'
import { useSession } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { LeaveDialog } from '../../ui/LeaveDialog.tsx'
import { Select } from '../../ui/Select.tsx'
import { useKitText } from '../../ui/text.ts'
import { TextField } from '../../ui/TextField.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useUnsaved } from '../../ui/use-unsaved.ts'
import { useChangePassword, useChangeProfile } from '../api.ts'
import { PasswordField } from '../PasswordField.tsx'
import { useIssues, useRefusalText } from '../refusals.ts'
import { SettingsFrame } from '../settings/SettingsFrame.tsx'
import { SecondFactorSection } from './SecondFactorSection.tsx'
import { SessionsSection } from './SessionsSection.tsx'

/** What one says about oneself, and how one's account is protected. */
export function AccountPage() {
  const t = useTranslations('team.account')
  return (
    <SettingsFrame title={t('title')} width="narrow">
      <ProfileSection />
      <PasswordSection />
      <SecondFactorSection />
      <SessionsSection />
    </SettingsFrame>
  )
}

function ProfileSection() {
  const t = useTranslations('team.account')
  const words = useTranslations('app.language')
  const common = useKitText()
  const { person } = useSession()
  const change = useChangeProfile()
  const [profile, setProfile] = useState({ name: person.name, locale: person.locale })
  const { isChanged, markSaved } = useUnsaved(profile)
  const issues = useIssues(change.error)
  const error = useRefusalText(change.error)
  return (
    <Section title={t('profile')}>
      <LeaveDialog isChanged={isChanged} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate(profile, {
            onSuccess: () => {
              markSaved()
              toast({ text: t('saved') })
            },
          })
        }}
      >
        <FieldStack>
          {error !== undefined && <Banner tone="error">{error}</Banner>}
          <TextField
            label={t('name')}
            name="name"
            autoComplete="name"
            value={profile.name}
            onChange={(name) => setProfile({ ...profile, name })}
            error={issues['name']}
          />
          <TextField label={t('email')} type="email" value={person.email} isReadOnly />
          <Select
            label={t('language')}
            options={languages.map((value) => ({ value, label: words(value) }))}
            value={profile.locale}
            onChange={(locale) => setProfile({ ...profile, locale })}
          />
          <div>
            <Button type="submit" isPending={change.isPending}>
              {common('actions.save')}
            </Button>
          </div>
        </FieldStack>
      </form>
    </Section>
  )
}

function PasswordSection() {
  const t = useTranslations('team.account.password')
  const { person } = useSession()
  const change = useChangePassword()
  const [currentPassword, setCurrent] = useState('')
  const [newPassword, setNew] = useState('')
  const issues = useIssues(change.error)
  const error = useRefusalText(change.error)
  return (
    <Section title={t('title')} note={t('note')}>
      {/* The present password may be the browser's doing: a new one is what was meant. */}
      <LeaveDialog isChanged={newPassword !== ''} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate(
            { currentPassword, newPassword },
            {
              onSuccess: () => {
                setCurrent('')
                setNew('')
                toast({ text: t('done') })
              },
            },
          )
        }}
      >
        <FieldStack>
          {error !== undefined && <Banner tone="error">{error}</Banner>}
          {/* For password managers: whose password this is. */}
          <input type="hidden" name="username" autoComplete="username" value={person.email} readOnly />
          <PasswordField
            label={t('current')}
            name="current-password"
            value={currentPassword}
            onChange={setCurrent}
            error={issues['currentPassword']}
          />
          <PasswordField
            label={t('new')}
            name="new-password"
            value={newPassword}
            onChange={setNew}
            error={issues['newPassword']}
            isNew
          />
          <div>
            <Button type="submit" isPending={change.isPending}>
              {t('submit')}
            </Button>
          </div>
        </FieldStack>
      </form>
    </Section>
  )
}
