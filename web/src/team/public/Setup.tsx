import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useLanguage } from '../../platform/i18n/I18n.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useSetUp } from '../api.ts'
import { draftFromBrowser, OrganizationFields } from '../OrganizationFields.tsx'
import type { SettingsDraft } from '../OrganizationFields.tsx'
import { PasswordField } from '../PasswordField.tsx'
import { useIssues, useRefusalText } from '../refusals.ts'
import { useEnter } from './enter.ts'
import { PublicFrame } from './PublicFrame.tsx'

/** The first run: one page, most of it already filled in. */
export function Setup() {
  const t = useTranslations('team.setup')
  const language = useLanguage()
  const enter = useEnter()
  const setUp = useSetUp()
  // Whoever switches the language of the page means the organization's, too, until they choose another.
  const [chosen, setChosen] = useState<SettingsDraft>(() => draftFromBrowser(language))
  const [isLocaleChosen, setLocaleChosen] = useState(false)
  const settings = isLocaleChosen ? chosen : { ...chosen, locale: language }
  const setSettings = (draft: SettingsDraft) => {
    if (draft.locale !== settings.locale) setLocaleChosen(true)
    setChosen(draft)
  }
  const [owner, setOwner] = useState({ name: '', email: '', password: '' })
  const settingsIssues = useIssues(setUp.error, 'organization.')
  const ownerIssues = useIssues(setUp.error, 'owner.')
  const refusal = useRefusalText(setUp.error)

  return (
    <PublicFrame title={t('title')} note={t('note')} width="wide">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setUp.mutate({ organization: settings, owner }, { onSuccess: () => enter() })
        }}
      >
        <FieldStack>
          {refusal !== undefined && <Banner tone="error">{refusal}</Banner>}
          <h2 className="text-base font-semibold">{t('organization')}</h2>
          <OrganizationFields draft={settings} onChange={setSettings} issues={settingsIssues} autoFocus />
          <h2 className="mt-2 text-base font-semibold">{t('owner')}</h2>
          <TextField
            label={t('name')}
            name="name"
            autoComplete="name"
            value={owner.name}
            onChange={(name) => setOwner({ ...owner, name })}
            error={ownerIssues['name']}
          />
          <TextField
            label={t('email')}
            type="email"
            name="email"
            autoComplete="username"
            value={owner.email}
            onChange={(email) => setOwner({ ...owner, email })}
            error={ownerIssues['email']}
          />
          <PasswordField
            label={t('password')}
            value={owner.password}
            onChange={(password) => setOwner({ ...owner, password })}
            error={ownerIssues['password']}
            isNew
          />
          <Button type="submit" variant="primary" isWide isPending={setUp.isPending}>
            {t('submit')}
          </Button>
        </FieldStack>
      </form>
    </PublicFrame>
  )
}
