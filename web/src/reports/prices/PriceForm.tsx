import type { UseMutationResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { useKitText } from '../../ui/text.ts'
import { toast } from '../../ui/Toast.tsx'

/** The frame of every form that sets a price: says what is wrong with it, or that it is set. */
export function PriceForm<Price>({
  title,
  price,
  save,
  onClose,
  children,
}: {
  title: string
  /** As it is to be set; null while something is missing. */
  price: Price | null
  save: Pick<UseMutationResult<unknown, Error, Price>, 'mutate' | 'isPending' | 'isError' | 'error'>
  onClose: () => void
  children: ReactNode
}) {
  const t = useTranslations('reports.prices')
  const common = useKitText()
  const { message } = useErrorText(save.error)
  const submit = (): void => {
    if (price === null) return
    save.mutate(price, {
      onSuccess: () => {
        toast({ text: t('saved') })
        onClose()
      },
    })
  }
  return (
    <FormDialog
      title={title}
      action={common('actions.save')}
      isPending={save.isPending}
      isDisabled={price === null}
      onSubmit={submit}
      onClose={onClose}
    >
      {save.isError && (
        <Banner tone="error" title={message}>
          {Object.values(fieldErrors(save.error)).join(' ')}
        </Banner>
      )}
      {children}
    </FormDialog>
  )
}
