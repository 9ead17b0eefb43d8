import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { installationQuery } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { Link } from '../../ui/Link.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useForgotPassword } from '../api.ts'
import { useIssues, useRefusalText } from '../refusals.ts'
import { PublicFrame } from './PublicFrame.tsx'

/** Asks for a link to choose a new password; says the same whoever asks. */
export function ForgotPassword() {
  const t = useTranslations('team.forgot')
  const { data: installation } = useQuery(installationQuery)
  const forgot = useForgotPassword()
  const [email, setEmail] = useState('')
  const issues = useIssues(forgot.error)
  const refusal = useRefusalText(forgot.error)
  if (forgot.isSuccess)
    return (
      <PublicFrame title={t('sentTitle')} note={t('sent', { email })}>
        <FieldStack>
          {installation?.mailStaysHere && <Banner tone="warning">{t('mailStaysHere')}</Banner>}
          <p className="text-center text-sm">
            <Link to="/login">{t('back')}</Link>
          </p>
        </FieldStack>
      </PublicFrame>
    )
  return (
    <PublicFrame title={t('title')} note={t('note')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          forgot.mutate(email)
        }}
      >
        <FieldStack>
          {refusal !== undefined && <Banner tone="error">{refusal}</Banner>}
          <TextField
            label={t('email')}
            type="email"
            name="email"
            autoComplete="username"
            value={email}
            onChange={setEmail}
            error={issues['email']}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one thing that this page asks for
            autoFocus
          />
          <Button type="submit" variant="primary" isWide isPending={forgot.isPending}>
            {t('submit')}
          </Button>
          <p className="text-center text-sm">
            <Link to="/login">{t('back')}</Link>
          </p>
        </FieldStack>
      </form>
    </PublicFrame>
  )
}
