import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { SendingDomain, Warmup } from './api.ts'
import { useEndWarmup, useWarmUp } from './api.ts'

/** How many messages leave on each day of a domain's warm-up. */
export function WarmupDialog({
  domain,
  plan,
  usualVolumes,
  onClose,
}: {
  domain: SendingDomain
  plan: Warmup | undefined
  usualVolumes: readonly number[]
  onClose: () => void
}) {
  const t = useTranslations('delivery.warmup')
  const [text, setText] = useState((plan?.volumes ?? usualVolumes).join(', '))
  const save = useWarmUp()
  const end = useEndWarmup()
  const issue = Object.values(fieldErrors(save.error))[0]
  const message = useErrorText(save.error ?? end.error)?.message
  const volumes = text.split(/[\s,;]+/).flatMap((word) => (word === '' ? [] : [Number(word)]))
  return (
    <FormDialog
      title={t('title', { domain: domain.domain })}
      size="sm"
      action={plan ? t('change') : t('start')}
      extra={
        plan && (
          <Button isPending={end.isPending} onPress={() => end.mutate(domain.id, { onSuccess: onClose })}>
            {t('end')}
          </Button>
        )
      }
      isPending={save.isPending}
      onSubmit={() => save.mutate({ id: domain.id, volumes }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {message !== undefined && issue === undefined && (save.isError || end.isError) && (
        <Banner tone="error">{message}</Banner>
      )}
      {plan?.today && <p>{t('today', plan.today)}</p>}
      {plan && !plan.today && <p>{t('over')}</p>}
      <TextField
        label={t('volumes')}
        hint={t('hint', { count: volumes.length })}
        value={text}
        onChange={setText}
        error={issue}
        isRequired
      />
    </FormDialog>
  )
}
