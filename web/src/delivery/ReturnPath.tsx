import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { SendingDomain } from './api.ts'
import { useSetReturnPath } from './api.ts'

/** The host that bounces of a domain's mails return to; saved, its records join those that are to be published. */
export function ReturnPath({ domain }: { domain: SendingDomain }) {
  const t = useTranslations('delivery.returnPath')
  const refusal = useRefusal('delivery.write')
  const kept = domain.returnPathHost ?? ''
  const [host, setHost] = useState(kept)
  const set = useSetReturnPath()
  const issue = fieldErrors(set.error)['returnPathHost']
  const message = useErrorText(set.error)?.message
  const wanted = host.trim()
  return (
    <form
      className="grid grid-cols-1 gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        set.mutate({ id: domain.id, returnPathHost: wanted === '' ? null : wanted })
      }}
    >
      {set.isError && issue === undefined && <Banner tone="error">{message}</Banner>}
      <TextField
        label={t('label')}
        hint={t('hint', { domain: domain.domain })}
        placeholder={`bounces.${domain.domain}`}
        value={host}
        onChange={setHost}
        error={issue}
      />
      <div>
        <Button
          type="submit"
          isPending={set.isPending}
          disabledReason={refusal ?? (wanted === kept ? t('unchanged') : undefined)}
        >
          {t('save')}
        </Button>
      </div>
    </form>
  )
}
