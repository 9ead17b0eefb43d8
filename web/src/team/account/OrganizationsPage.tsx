import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useLanguage } from '../../platform/i18n/I18n.tsx'
import { switchOrganization, useSession } from '../../platform/session.ts'
import type { Session } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { Page } from '../../ui/Page.tsx'
import { Badge } from '../../ui/StatusBadge.tsx'
import { useCreateOrganization, useLeave } from '../api.ts'
import { draftFromBrowser, OrganizationFields } from '../OrganizationFields.tsx'
import { useIssues, useRefusalText } from '../refusals.ts'

type OwnOrganization = Session['organizations'][number]

/** The organizations of a person: open one, leave one, create another. */
export function OrganizationsPage() {
  const t = useTranslations('team.organizations')
  const { organizations } = useSession()
  return (
    <Page title={t('title')} subtitle={t('subtitle')} width="narrow">
      {organizations.length === 0 ? (
        <Banner>{t('none')}</Banner>
      ) : (
        <Section title={t('yours')}>
          <ul className="divide-y divide-line">
            {organizations.map((organization) => (
              <OrganizationRow key={organization.id} organization={organization} />
            ))}
          </ul>
        </Section>
      )}
      <NewOrganization />
    </Page>
  )
}

function OrganizationRow({ organization: { id, name, role } }: { organization: OwnOrganization }) {
  const t = useTranslations('team.organizations')
  const roles = useTranslations('app.roles')
  const current = useSession().organization?.id
  const leave = useLeave()
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
      <span className="min-w-0">
        <span className="font-medium">{name}</span>
        <span className="block text-sm text-muted">{roles(role)}</span>
      </span>
      <span className="flex flex-wrap items-center gap-2">
        {id === current ? (
          <Badge tone="green">{t('current')}</Badge>
        ) : (
          <Button size="sm" onPress={() => void switchOrganization(id)}>
            {t('open')}
          </Button>
        )}
        <ConfirmDialog
          title={t('leaveTitle', { name })}
          action={t('leave')}
          isDangerous
          isPending={leave.isPending}
          trigger={
            <Button size="sm" variant="quiet">
              {t('leave')}
            </Button>
          }
          onConfirm={() => leave.mutateAsync(id).then(() => location.assign('/organizations'))}
        >
          {t('leaveText')}
        </ConfirmDialog>
      </span>
    </li>
  )
}

function NewOrganization() {
  const t = useTranslations('team.organizations')
  const language = useLanguage()
  const create = useCreateOrganization()
  const [draft, setDraft] = useState(() => draftFromBrowser(language))
  const issues = useIssues(create.error)
  const error = useRefusalText(create.error)
  return (
    <Section title={t('new')} note={t('newNote')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          // A full load: nothing of the organization before may stay on the screen.
          create.mutate(draft, { onSuccess: () => location.assign('/') })
        }}
      >
        <FieldStack>
          {error !== undefined && <Banner tone="error">{error}</Banner>}
          <OrganizationFields draft={draft} onChange={setDraft} issues={issues} />
          <div>
            <Button type="submit" variant="primary" isPending={create.isPending}>
              {t('create')}
            </Button>
          </div>
        </FieldStack>
      </form>
    </Section>
  )
}
