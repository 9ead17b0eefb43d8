import { PROVIDER_KINDS } from '@fanfare/server/delivery/schema'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { useKitText } from '../ui/text.ts'
import { TextField } from '../ui/TextField.tsx'
import type { Provider } from './api.ts'
import { useTryProvider } from './api.ts'

/** How a provider fares: limits, where it tells its events, what went wrong, and a test. */
export function ProviderSheet({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const t = useTranslations('delivery.providers')
  const common = useKitText()
  const format = useFormat()
  const { limits, hookUrl, errors, unknownEvents } = provider
  return (
    <Dialog
      title={provider.name}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={<Button onPress={onClose}>{common('actions.close')}</Button>}
    >
      <div className="grid gap-5">
        <p className="text-muted">
          {PROVIDER_KINDS[provider.kind].name} · {t(`channels.${provider.channel}`)} ·{' '}
          {t('perCall', { count: limits.perCall })}
          {limits.perSecond === null ? '' : ` · ${t('perSecond', { count: limits.perSecond })}`}
        </p>
        <Trial provider={provider} />
        {hookUrl !== null && (
          <div className="grid gap-2">
            <h3 className="font-medium">{t('hook')}</h3>
            <p className="text-muted">{t('hookNote')}</p>
            <CodeBlock label={t('hook')} code={hookUrl} isWrapped />
          </div>
        )}
        <div className="grid gap-2">
          <h3 className="font-medium">{t('errors')}</h3>
          {errors.length === 0 ? (
            <p className="text-muted">{t('noErrors')}</p>
          ) : (
            <ul className="grid gap-2">
              {errors.map((error) => (
                <li key={`${error.at} ${error.text}`} className="rounded-lg border border-line p-3">
                  <p className="break-words">{error.text}</p>
                  <p className="text-sm text-muted">
                    {format.relative(error.at)} · {t('times', { count: error.times })}
                  </p>
                </li>
              ))}
            </ul>
          )}
        </div>
        {unknownEvents.length > 0 && (
          <div className="grid gap-2">
            <h3 className="font-medium">{t('unknown')}</h3>
            <p className="text-muted">{t('unknownNote')}</p>
            <ul>
              {unknownEvents.map(({ type, times }) => (
                <li key={type}>
                  {type} · {t('times', { count: times })}
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Dialog>
  )
}

/** Hands one message over, and says what came of it in the provider's words. */
function Trial({ provider }: { provider: Provider }) {
  const t = useTranslations('delivery.providers')
  const refusal = useRefusal('delivery.write')
  const [to, setTo] = useState('')
  const trial = useTryProvider()
  const issues = fieldErrors(trial.error)
  const message = useErrorText(trial.error)?.message
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        trial.mutate({ id: provider.id, to })
      }}
    >
      <FieldStack>
        {trial.isError && Object.keys(issues).length === 0 && <Banner tone="error">{message}</Banner>}
        {trial.isSuccess && (
          <Banner
            tone={trial.data.outcome === 'sent' ? 'success' : 'error'}
            title={t(`outcomes.${trial.data.outcome}`)}
          >
            {trial.data.text}
          </Banner>
        )}
        <TextField
          label={t('testTo')}
          hint={t(`testHints.${provider.channel}`)}
          value={to}
          onChange={setTo}
          error={issues['to']}
        />
        <div>
          <Button type="submit" isPending={trial.isPending} disabledReason={refusal}>
            {t('test')}
          </Button>
        </div>
      </FieldStack>
    </form>
  )
}
