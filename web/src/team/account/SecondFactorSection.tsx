import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Badge } from '../../ui/StatusBadge.tsx'
import { useKitText } from '../../ui/text.ts'
import { toast } from '../../ui/Toast.tsx'
import {
  useBeginSecondFactor,
  useRenewRecoveryCodes,
  useSecondFactorState,
  useTurnOffSecondFactor,
} from '../api.ts'
import { PasswordField } from '../PasswordField.tsx'
import { useIssues, useRefusalText } from '../refusals.ts'
import { ConnectDialog } from './ConnectDialog.tsx'
import type { FactorSecret } from './ConnectDialog.tsx'
import { RecoveryCodesDialog } from './RecoveryCodesDialog.tsx'

type Step =
  | { kind: 'password'; for: 'start' | 'renew' | 'stop' }
  | { kind: 'connect'; secret: FactorSecret }
  | { kind: 'codes'; codes: readonly string[] }

/** The second factor: its state, and the steps that turn it on and off. */
export function SecondFactorSection() {
  const t = useTranslations('team.account.factor')
  const format = useFormat()
  const state = useSecondFactorState()
  const [step, setStep] = useState<Step | null>(null)
  const close = () => setStep(null)
  const enabledAt = state.data?.enabledAt ?? null
  return (
    <Section title={t('title')} note={t('note')}>
      {state.error && <ErrorState error={state.error} onRetry={state.refetch} />}
      {state.isPending && <SectionSkeleton />}
      {state.data && (
        <div className="flex flex-wrap items-center justify-between gap-3">
          {enabledAt === null ? (
            <Badge tone="grey">{t('off')}</Badge>
          ) : (
            <span className="flex flex-wrap items-center gap-2">
              <Badge tone="green">{t('on', { date: format.date(enabledAt) })}</Badge>
              <span className="text-sm text-muted">{t('left', { count: state.data.recoveryCodesLeft })}</span>
            </span>
          )}
          <span className="flex flex-wrap gap-2">
            {enabledAt === null ? (
              <Button onPress={() => setStep({ kind: 'password', for: 'start' })}>{t('start')}</Button>
            ) : (
              <>
                <Button onPress={() => setStep({ kind: 'password', for: 'renew' })}>{t('renew')}</Button>
                <Button onPress={() => setStep({ kind: 'password', for: 'stop' })}>{t('stop')}</Button>
              </>
            )}
          </span>
        </div>
      )}
      {step?.kind === 'password' && <PasswordStep purpose={step.for} onNext={setStep} onClose={close} />}
      {step?.kind === 'connect' && (
        <ConnectDialog
          secret={step.secret}
          onClose={close}
          onConnected={(codes) => setStep({ kind: 'codes', codes })}
        />
      )}
      {step?.kind === 'codes' && <RecoveryCodesDialog codes={step.codes} onClose={close} />}
    </Section>
  )
}

/** Every change of the second factor begins with the password: an unlocked screen is not enough. */
function PasswordStep({
  purpose,
  onNext,
  onClose,
}: {
  purpose: 'start' | 'renew' | 'stop'
  onNext: (step: Step) => void
  onClose: () => void
}) {
  const t = useTranslations('team.account.factor')
  const common = useKitText()
  const begin = useBeginSecondFactor()
  const renew = useRenewRecoveryCodes()
  const turnOff = useTurnOffSecondFactor()
  const [password, setPassword] = useState('')
  const mutation = { start: begin, renew, stop: turnOff }[purpose]
  const issues = useIssues(mutation.error)
  const error = useRefusalText(mutation.error)
  const submit = () => {
    switch (purpose) {
      case 'start':
        return begin.mutate(password, { onSuccess: (secret) => onNext({ kind: 'connect', secret }) })
      case 'renew':
        return renew.mutate(password, {
          onSuccess: ({ recoveryCodes }) => onNext({ kind: 'codes', codes: recoveryCodes }),
        })
      case 'stop':
        return turnOff.mutate(password, {
          onSuccess: () => {
            toast({ text: t('stopped') })
            onClose()
          },
        })
    }
  }
  return (
    <FormDialog
      title={t('confirmPassword')}
      size="sm"
      action={common('actions.continue')}
      isPending={mutation.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      {error !== undefined && <Banner tone="error">{error}</Banner>}
      <PasswordField
        label={t('password')}
        value={password}
        onChange={setPassword}
        error={issues['password']}
        autoFocus
      />
    </FormDialog>
  )
}
