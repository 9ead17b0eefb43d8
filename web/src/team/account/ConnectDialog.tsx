import { useMemo, useState } from 'react'
import { encode } from 'uqr'
import { useTranslations } from 'use-intl'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { useKitText } from '../../ui/text.ts'
import { TextField } from '../../ui/TextField.tsx'
import { useConfirmSecondFactor } from '../api.ts'
import { useIssues, useRefusalText } from '../refusals.ts'

/** What an authenticator app must learn. */
export interface FactorSecret {
  secret: string
  uri: string
}

/** Connects an authenticator app: a picture to scan, then a first code. */
export function ConnectDialog({
  secret,
  onConnected,
  onClose,
}: {
  secret: FactorSecret
  onConnected: (recoveryCodes: readonly string[]) => void
  onClose: () => void
}) {
  const t = useTranslations('team.account.factor')
  const common = useKitText()
  const confirm = useConfirmSecondFactor()
  const [code, setCode] = useState('')
  const issues = useIssues(confirm.error)
  const error = useRefusalText(confirm.error)
  const submit = () => confirm.mutate(code, { onSuccess: ({ recoveryCodes }) => onConnected(recoveryCodes) })
  return (
    <Dialog
      title={t('scanTitle')}
      isOpen
      isKeptOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={(close) => (
        <>
          <Button onPress={close}>{common('actions.cancel')}</Button>
          <Button
            variant="primary"
            isPending={confirm.isPending}
            isDisabled={code.trim().length < 6}
            onPress={submit}
          >
            {t('start')}
          </Button>
        </>
      )}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <FieldStack>
          <p className="text-muted">{t('scan')}</p>
          <QrCode text={secret.uri} label={t('picture')} />
          <CodeBlock label={t('manual')} code={secret.secret} isWrapped />
          {error !== undefined && <Banner tone="error">{error}</Banner>}
          <TextField
            label={t('code')}
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={setCode}
            error={issues['code']}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one thing that this step asks for
            autoFocus
          />
        </FieldStack>
      </form>
    </Dialog>
  )
}

/** Dark on white in both themes: cameras want it so. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const { data, size } = encode(text, { border: 2 })
    const cells = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { size, path: cells.join('') }
  }, [text])
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="mx-auto size-48 rounded-lg border border-line"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  )
}
