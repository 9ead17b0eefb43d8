import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { Link } from '../../ui/Link.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useSecondFactor, useSignIn } from '../api.ts'
import { PasswordField } from '../PasswordField.tsx'
import { useIssues, useRefusalText } from '../refusals.ts'
import { useEnter } from './enter.ts'
import { PublicFrame } from './PublicFrame.tsx'

const loginRoute = getRouteApi('/login')

/** Signing in: address and password, then a code where a second factor is on. */
export function SignIn() {
  const [challenge, setChallenge] = useState<string | null>(null)
  return challenge === null ? (
    <PasswordStep onChallenge={setChallenge} />
  ) : (
    <CodeStep challenge={challenge} onBack={() => setChallenge(null)} />
  )
}

function PasswordStep({ onChallenge }: { onChallenge: (challenge: string) => void }) {
  const t = useTranslations('team.signIn')
  const { from } = loginRoute.useSearch()
  const enter = useEnter()
  const signIn = useSignIn()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const issues = useIssues(signIn.error)
  const refusal = useRefusalText(signIn.error)
  const submit = () =>
    signIn.mutate(
      { email, password },
      { onSuccess: ({ challenge }) => (challenge === null ? enter(from) : onChallenge(challenge)) },
    )
  return (
    <PublicFrame title={t('title')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
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
          <PasswordField
            label={t('password')}
            value={password}
            onChange={setPassword}
            error={issues['password']}
          />
          <Button type="submit" variant="primary" isWide isPending={signIn.isPending}>
            {t('submit')}
          </Button>
          <p className="text-center text-sm">
            <Link to="/forgot-password">{t('forgot')}</Link>
          </p>
        </FieldStack>
      </form>
    </PublicFrame>
  )
}

function CodeStep({ challenge, onBack }: { challenge: string; onBack: () => void }) {
  const t = useTranslations('team.signIn')
  const { from } = loginRoute.useSearch()
  const enter = useEnter()
  const prove = useSecondFactor()
  const [code, setCode] = useState('')
  const refusal = useRefusalText(prove.error)
  return (
    <PublicFrame title={t('code.title')} note={t('code.note')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          prove.mutate({ challenge, code }, { onSuccess: () => enter(from) })
        }}
      >
        <FieldStack>
          {refusal !== undefined && <Banner tone="error">{refusal}</Banner>}
          <TextField
            label={t('code.label')}
            name="code"
            autoComplete="one-time-code"
            value={code}
            onChange={setCode}
            hint={t('code.hint')}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one thing that this step asks for
            autoFocus
          />
          <Button
            type="submit"
            variant="primary"
            isWide
            isPending={prove.isPending}
            isDisabled={code.trim().length < 6}
          >
            {t('submit')}
          </Button>
          <Button variant="quiet" isWide onPress={onBack}>
            {t('code.back')}
          </Button>
        </FieldStack>
      </form>
    </PublicFrame>
  )
}
