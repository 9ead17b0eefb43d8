import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { Select } from '../../ui/Select.tsx'
import { useKitText } from '../../ui/text.ts'
import { TextField } from '../../ui/TextField.tsx'
import type { Question } from './api.ts'
import { useShareReport } from './api.ts'
import { choiceOf, questionOf } from './question.ts'
import { QuestionSelect } from './QuestionSelect.tsx'

const DAYS = ['1', '7', '14', '30', '90'] as const

/** Makes a link: of what, called what, for how long. */
export function ShareDialog({ other, onClose }: { other: Question | null; onClose: () => void }) {
  const t = useTranslations('reports.saved')
  const common = useKitText()
  const [choice, setChoice] = useState(choiceOf(other))
  const [title, setTitle] = useState('')
  const [days, setDays] = useState<(typeof DAYS)[number]>('14')
  const share = useShareReport()
  const message = useErrorText(share.error)?.message
  const url = share.data?.url ?? null
  return (
    <Dialog
      title={t('share')}
      isOpen
      isKeptOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        url === null ? (
          <>
            <Button onPress={onClose}>{common('actions.cancel')}</Button>
            <Button
              variant="primary"
              isPending={share.isPending}
              onPress={() => share.mutate({ question: questionOf(choice, other), title, days: Number(days) })}
            >
              {t('makeLink')}
            </Button>
          </>
        ) : (
          <Button variant="primary" onPress={onClose}>
            {t('done')}
          </Button>
        )
      }
    >
      {url === null ? (
        <FieldStack>
          {share.isError && <Banner tone="error">{message}</Banner>}
          <p className="text-muted">{t('shareText')}</p>
          <QuestionSelect other={other} value={choice} onChange={setChoice} />
          <TextField label={t('linkTitle')} isOptional value={title} onChange={setTitle} />
          <Select
            label={t('works')}
            options={DAYS.map((value) => ({ value, label: t('worksDays', { days: Number(value) }) }))}
            value={days}
            onChange={setDays}
          />
        </FieldStack>
      ) : (
        <FieldStack>
          <p>{t('linkMade')}</p>
          <CodeBlock label={t('link')} code={url} isWrapped />
        </FieldStack>
      )}
    </Dialog>
  )
}
