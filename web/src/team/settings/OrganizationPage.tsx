import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useRefusal } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { LeaveDialog } from '../../ui/LeaveDialog.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { useKitText } from '../../ui/text.ts'
import { toast } from '../../ui/Toast.tsx'
import { useUnsaved } from '../../ui/use-unsaved.ts'
import { useChangeOrganization, useOrganization } from '../api.ts'
import type { Organization } from '../api.ts'
import { OrganizationFields } from '../OrganizationFields.tsx'
import { useIssues, useRefusalText } from '../refusals.ts'
import { SettingsFrame } from './SettingsFrame.tsx'

/** The organization's name, language, zone, currency and postal address. */
export function OrganizationPage() {
  const t = useTranslations('team.organization')
  const organization = useOrganization()
  return (
    <SettingsFrame title={t('title')} width="narrow">
      {organization.error && <ErrorState error={organization.error} onRetry={organization.refetch} />}
      {organization.isPending && <SectionSkeleton />}
      {organization.data && <SettingsForm key={organization.data.id} organization={organization.data} />}
    </SettingsFrame>
  )
}

function SettingsForm({ organization }: { organization: Organization }) {
  const t = useTranslations('team.organization')
  const common = useKitText()
  const refusal = useRefusal('organization.write')
  const change = useChangeOrganization()
  const [draft, setDraft] = useState(() => {
    const { name, locale, timeZone, currency, postalAddress } = organization
    return { name, locale, timeZone, currency, postalAddress }
  })
  const { isChanged, markSaved } = useUnsaved(draft)
  const issues = useIssues(change.error)
  const error = useRefusalText(change.error)
  return (
    <Card>
      <LeaveDialog isChanged={isChanged && refusal === undefined} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (refusal !== undefined) return
          change.mutate(draft, {
            onSuccess: () => {
              markSaved()
              toast({ text: t('saved') })
            },
          })
        }}
      >
        <FieldStack>
          {refusal !== undefined && <Banner>{refusal}</Banner>}
          {error !== undefined && <Banner tone="error">{error}</Banner>}
          <OrganizationFields
            draft={draft}
            onChange={setDraft}
            issues={issues}
            isReadOnly={refusal !== undefined}
          />
          <div>
            <Button type="submit" variant="primary" isPending={change.isPending} disabledReason={refusal}>
              {common('actions.save')}
            </Button>
          </div>
        </FieldStack>
      </form>
    </Card>
  )
}
