import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { Link, LinkButton } from '../../ui/Link.tsx'
import { useResetPassword } from '../api.ts'
import { PasswordField } from '../PasswordField.tsx'
import { useIssues, useRefusalText } from '../refusals.ts'
import { tokenOfLink } from './enter.ts'
import { PublicFrame } from './PublicFrame.tsx'

/** Chooses a new password, with the link of the mail. */
export function ResetPassword() {
  const t = useTranslations('team.reset')
  const reset = useResetPassword()
  const [token] = useState(tokenOfLink)
  const [password, setPassword] = useState('')
  const issues = useIssues(reset.error)
  const refusal = useRefusalText(reset.error)
  if (reset.isSuccess)
    return (
      <PublicFrame title={t('doneTitle')} note={t('done')}>
        <LinkButton to="/login" variant="primary" className="w-full">
          {t('signIn')}
        </LinkButton>
      </PublicFrame>
    )
  return (
    <PublicFrame title={t('title')} note={t('note')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          reset.mutate({ token, password })
        }}
      >
        <FieldStack>
          {refusal !== undefined && <Banner tone="error">{refusal}</Banner>}
          <PasswordField
            label={t('password')}
            value={password}
            onChange={setPassword}
            error={issues['password']}
            isNew
            autoFocus
          />
          <Button type="submit" variant="primary" isWide isPending={reset.isPending}>
            {t('submit')}
          </Button>
          <p className="text-center text-sm">
            <Link to="/forgot-password">{t('again')}</Link>
          </p>
        </FieldStack>
      </form>
    </PublicFrame>
  )
}
