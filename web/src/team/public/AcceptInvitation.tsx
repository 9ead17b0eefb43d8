import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { ApiError } from '../../platform/api/problem.ts'
import { switchLanguage } from '../../platform/i18n/store.ts'
import { sessionQuery, signOut } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { LinkButton } from '../../ui/Link.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useAcceptInvitation, useInvitation } from '../api.ts'
import { PasswordField } from '../PasswordField.tsx'
import { useIssues, useRefusalText } from '../refusals.ts'
import { tokenOfLink, useEnter } from './enter.ts'
import { PublicFrame } from './PublicFrame.tsx'

/** Accepts an invitation: as somebody new, or as the person who is signed in. */
export function AcceptInvitation() {
  const t = useTranslations('team.invitation')
  const roles = useTranslations('app.roles')
  const [token] = useState(tokenOfLink)
  const invitation = useInvitation(token)
  const { data: session } = useQuery(sessionQuery)
  const locale = invitation.data?.locale
  useEffect(() => {
    if (locale !== undefined) void switchLanguage(locale)
  }, [locale])

  if (isNone(invitation.error))
    return (
      <PublicFrame title={t('overTitle')} note={t('over')}>
        <LinkButton to="/login" className="w-full">
          {t('signIn')}
        </LinkButton>
      </PublicFrame>
    )
  if (invitation.error)
    return (
      <PublicFrame title={t('loading')}>
        <ErrorState error={invitation.error} onRetry={invitation.refetch} />
      </PublicFrame>
    )
  if (!invitation.data || session === undefined)
    return (
      <PublicFrame title={t('loading')}>
        <SectionSkeleton />
      </PublicFrame>
    )
  const { organization, invitedBy, role, email, hasAccount } = invitation.data
  const note =
    invitedBy === null
      ? t('note', { role: roles(role) })
      : t('noteBy', { name: invitedBy, role: roles(role) })
  const isMine = session !== null && session.person.email.toLowerCase() === email.toLowerCase()
  return (
    <PublicFrame title={t('title', { organization })} note={note}>
      {hasAccount && session === null && <SignInFirst email={email} />}
      {session !== null && !isMine && <OtherAccount email={email} own={session.person.email} />}
      {isMine && <Join token={token} />}
      {!hasAccount && session === null && <NewPerson token={token} email={email} />}
    </PublicFrame>
  )
}

/** Over, or no invitation at all, as behind a link that was cut: asking again helps with neither. */
const isNone = (error: unknown): boolean =>
  error instanceof ApiError && [400, 404, 410].includes(error.status)

function SignInFirst({ email }: { email: string }) {
  const t = useTranslations('team.invitation')
  return (
    <FieldStack>
      <p>{t('signInFirst', { email })}</p>
      <LinkButton
        to="/login"
        search={{ from: `${location.pathname}${location.hash}` }}
        variant="primary"
        className="w-full"
      >
        {t('signIn')}
      </LinkButton>
    </FieldStack>
  )
}

function OtherAccount({ email, own }: { email: string; own: string }) {
  const t = useTranslations('team.invitation')
  return (
    <FieldStack>
      <p>{t('otherAccount', { email, own })}</p>
      <Button isWide onPress={() => void signOut()}>
        {t('signOut')}
      </Button>
    </FieldStack>
  )
}

function Join({ token }: { token: string }) {
  const t = useTranslations('team.invitation')
  const enter = useEnter()
  const accept = useAcceptInvitation(token)
  const refusal = useRefusalText(accept.error)
  return (
    <FieldStack>
      {refusal !== undefined && <Banner tone="error">{refusal}</Banner>}
      <Button
        variant="primary"
        isWide
        isPending={accept.isPending}
        onPress={() => accept.mutate({}, { onSuccess: () => enter() })}
      >
        {t('join')}
      </Button>
    </FieldStack>
  )
}

function NewPerson({ token, email }: { token: string; email: string }) {
  const t = useTranslations('team.invitation')
  const enter = useEnter()
  const accept = useAcceptInvitation(token)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const issues = useIssues(accept.error)
  const refusal = useRefusalText(accept.error)
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        accept.mutate({ name, password }, { onSuccess: () => enter() })
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
          isReadOnly
        />
        <TextField
          label={t('name')}
          name="name"
          autoComplete="name"
          value={name}
          onChange={setName}
          error={issues['name']}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first thing that this page asks for
          autoFocus
        />
        <PasswordField
          label={t('password')}
          value={password}
          onChange={setPassword}
          error={issues['password']}
          isNew
        />
        <Button type="submit" variant="primary" isWide isPending={accept.isPending}>
          {t('join')}
        </Button>
      </FieldStack>
    </form>
  )
}
