import type { ReactElement } from 'react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useRefusal, useSession } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { TagInput } from '../ui/TagInput.tsx'
import { useKitText } from '../ui/text.ts'
import { toast } from '../ui/Toast.tsx'
import { useTestSend } from './api.ts'
import type { MailDraft, PreviewAs } from './api.ts'

/** Sends the mail as it stands, marked as a test, to oneself or a few others. */
export function TestSendDialog({
  source,
  as,
  trigger,
}: {
  source: MailDraft
  as: PreviewAs
  trigger: ReactElement
}) {
  const t = useTranslations('content')
  return (
    <Dialog title={t('test.title')} trigger={trigger}>
      {(close) => <TestForm source={source} as={as} onDone={close} />}
    </Dialog>
  )
}

function TestForm({ source, as, onDone }: { source: MailDraft; as: PreviewAs; onDone: () => void }) {
  const t = useTranslations('content')
  const common = useKitText()
  const { person } = useSession()
  const refusal = useRefusal('content.write')
  const send = useTestSend()
  const [to, setTo] = useState<readonly string[]>([person.email])
  const { message } = useErrorText(send.error)
  const issues = Object.entries(fieldErrors(send.error))
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        send.mutate(
          { source, as, to: [...to] },
          {
            onSuccess: ({ sentTo }) => {
              toast({ text: t('test.sent', { count: sentTo.length }) })
              onDone()
            },
          },
        )
      }}
    >
      <p className="text-muted">{t('test.text')}</p>
      {send.isError && (
        <Banner tone="error" title={issues.length > 0 ? t('test.refused') : message}>
          {issues.length > 0 && (
            <ul className="list-disc pl-4">
              {issues.map(([path, text]) => (
                <li key={path}>{text}</li>
              ))}
            </ul>
          )}
        </Banner>
      )}
      <TagInput
        label={t('test.to')}
        value={to}
        onChange={(addresses) => setTo(addresses.slice(0, 5))}
        hint={t('test.toHint')}
      />
      <div className="flex justify-end gap-2">
        <Button onPress={onDone}>{common('actions.cancel')}</Button>
        <Button
          type="submit"
          variant="primary"
          isPending={send.isPending}
          isDisabled={to.length === 0}
          disabledReason={refusal}
        >
          {t('test.send')}
        </Button>
      </div>
    </form>
  )
}
