import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { useKitText } from '../ui/text.ts'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import type { PrivacyRequest } from './api-rights.ts'
import { useReject } from './api-rights.ts'

/** Shortest reason that says anything. */
const reasonCharsMin = 3

/** Turns a request down, for a reason that stays with it. */
export function RejectDialog({ request, onClose }: { request: PrivacyRequest; onClose: () => void }) {
  const t = useTranslations('consent.requests')
  const common = useKitText()
  const reject = useReject()
  const [reason, setReason] = useState('')
  const message = useErrorText(reject.error)?.message
  const submit = () =>
    reject.mutate(
      { id: request.id, reason },
      {
        onSuccess: () => {
          toast({ text: t('rejected') })
          onClose()
        },
      },
    )
  return (
    <Dialog
      title={t('rejectTitle')}
      size="sm"
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button
            variant="danger"
            type="submit"
            form="reject"
            isPending={reject.isPending}
            isDisabled={reason.trim().length < reasonCharsMin}
          >
            {t('rejectAction')}
          </Button>
        </>
      }
    >
      <form
        id="reject"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <FieldStack>
          <p className="text-muted">{t('rejectText')}</p>
          {reject.error && <Banner tone="error">{message}</Banner>}
          <TextField
            label={t('reason')}
            value={reason}
            onChange={setReason}
            maxLength={500}
            autoFocus
            isRequired
          />
        </FieldStack>
      </form>
    </Dialog>
  )
}
