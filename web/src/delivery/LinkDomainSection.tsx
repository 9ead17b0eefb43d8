import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import type { LinkDomain } from '../tracking/api.ts'
import { useCheckLinkDomain, useLinkDomain, useRemoveLinkDomain, useSetLinkDomain } from '../tracking/api.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { ErrorState, useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import { TextField } from '../ui/TextField.tsx'
import { RecordEntry } from './RecordEntry.tsx'

/** The domain that links of text messages stand on. */
export function LinkDomainSection() {
  const t = useTranslations('delivery.links')
  const refusal = useRefusal('tracking.write')
  const domain = useLinkDomain()
  const [isEditing, setEditing] = useState(false)
  if (domain.isError) return <ErrorState error={domain.error} onRetry={domain.refetch} />
  if (domain.data === undefined) return <SectionSkeleton />
  const { host, origin } = domain.data
  return (
    <Section
      title={t('title')}
      note={t('note')}
      actions={
        <>
          {host !== null && <RemoveDomain host={host} />}
          <Button disabledReason={refusal} onPress={() => setEditing(true)}>
            {t(host === null ? 'set' : 'change')}
          </Button>
        </>
      }
    >
      {host === null ? (
        <p className="text-muted">{t('none', { origin })}</p>
      ) : (
        <OwnDomain domain={domain.data} host={host} />
      )}
      {isEditing && <DomainDialog host={host} onClose={() => setEditing(false)} />}
    </Section>
  )
}

function OwnDomain({ domain, host }: { domain: LinkDomain; host: string }) {
  const t = useTranslations('delivery.links')
  const format = useFormat()
  const refusal = useRefusal('tracking.write')
  const check = useCheckLinkDomain()
  const message = useErrorText(check.error)?.message
  const isLive = domain.liveSince !== null
  return (
    <div className="grid grid-cols-1 gap-5">
      <div className="flex flex-wrap items-center gap-3">
        <span className="font-medium wrap-anywhere">{host}</span>
        <Badge tone={isLive ? 'green' : 'amber'}>{t(isLive ? 'used' : 'waiting')}</Badge>
        <Button isPending={check.isPending} disabledReason={refusal} onPress={() => check.mutate()}>
          {t('check')}
        </Button>
        {domain.checkedAt !== null && (
          <span className="text-sm text-muted">
            {t('checkedAt', { when: format.relative(domain.checkedAt) })}
          </span>
        )}
      </div>
      {check.isError && <Banner tone="error">{message}</Banner>}
      {!isLive && <p className="text-muted">{t('fallback', { origin: domain.origin })}</p>}
      {domain.findings.map((finding) => (
        <RecordEntry
          key={finding.kind}
          record={finding}
          title={t(`kinds.${finding.kind}`)}
          why={t(`whys.${finding.kind}`)}
          isChecked={domain.checkedAt !== null}
        />
      ))}
    </div>
  )
}

function DomainDialog({ host, onClose }: { host: string | null; onClose: () => void }) {
  const t = useTranslations('delivery.links')
  const [value, setValue] = useState(host ?? '')
  const set = useSetLinkDomain()
  const issue = fieldErrors(set.error)['host']
  const message = useErrorText(set.error)?.message
  return (
    <FormDialog
      title={t('title')}
      size="sm"
      action={t('save')}
      isPending={set.isPending}
      onSubmit={() => set.mutate(value, { onSuccess: onClose })}
      onClose={onClose}
    >
      {set.isError && issue === undefined && <Banner tone="error">{message}</Banner>}
      <TextField
        label={t('domain')}
        placeholder="go.example.com"
        hint={t('hint')}
        value={value}
        onChange={setValue}
        error={issue}
        isRequired
        autoFocus
      />
    </FormDialog>
  )
}

function RemoveDomain({ host }: { host: string }) {
  const t = useTranslations('delivery.links')
  const refusal = useRefusal('tracking.write')
  const remove = useRemoveLinkDomain()
  return (
    <ConfirmDialog
      title={t('removeTitle', { host })}
      action={t('remove')}
      isDangerous
      isPending={remove.isPending}
      onConfirm={() => remove.mutateAsync()}
      trigger={<Button disabledReason={refusal}>{t('remove')}</Button>}
    >
      {t('removeNote')}
    </ConfirmDialog>
  )
}
