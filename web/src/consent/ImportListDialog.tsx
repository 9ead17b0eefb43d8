import { ListX } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { addressesIn, inBatches } from '../contacts/addresses.ts'
import { fieldErrors } from '../platform/api/problem.ts'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { FileDrop } from '../ui/FileDrop.tsx'
import { KeyValue } from '../ui/KeyValue.tsx'
import { Progress } from '../ui/Progress.tsx'
import { RadioGroup } from '../ui/RadioGroup.tsx'
import { useKitText } from '../ui/text.ts'
import { TextArea, TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { useBringList, usePreviewList, useUndoList, type ListOutcome } from './api.ts'

const FILE_BYTES_MAX = 50_000_000
const SHORTEST = 3

/** Brings a list of addresses never to be used, pasted or from a file: looked at first, taken back with one press. */
export function ImportListDialog() {
  const t = useTranslations('consent.importList')
  const refusal = useRefusal('suppression.write')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button icon={<ListX aria-hidden />} disabledReason={refusal} onPress={() => setOpen(true)}>
        {t('open')}
      </Button>
      {isOpen && <Form onClose={() => setOpen(false)} />}
    </>
  )
}

function Form({ onClose }: { onClose: () => void }) {
  const t = useTranslations('consent.importList')
  const suppress = useTranslations('consent.suppress')
  const common = useKitText()
  const format = useFormat()
  const [text, setText] = useState('')
  const [source, setSource] = useState('')
  const [note, setNote] = useState('')
  const [scope, setScope] = useState<'all' | 'marketing'>('all')
  const [told, setTold] = useState(0)
  const preview = usePreviewList()
  const bring = useBringList()
  const undo = useUndoList()
  const addresses = addressesIn(text)
  const error = bring.error ?? preview.error
  const { message } = useErrorText(error)
  const errors = fieldErrors(error)
  const isStated = source.trim().length >= SHORTEST && note.trim().length >= SHORTEST
  const submit = () =>
    bring.mutate(
      { list: { source, note, scope }, batches: inBatches(addresses), onDone: setTold },
      {
        onSuccess: ({ id, added }) => {
          toast({ text: t('done', { count: added }), onUndo: () => undo.mutateAsync(id) })
          onClose()
        },
      },
    )
  const change = (next: string) => {
    setText(next)
    preview.reset()
  }
  return (
    <Dialog
      title={t('title')}
      isOpen
      isKeptOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          {preview.data ? (
            <Button variant="danger" isPending={bring.isPending} isDisabled={!isStated} onPress={submit}>
              {t('submit', { count: preview.data.emails + preview.data.phones })}
            </Button>
          ) : (
            <Button
              variant="primary"
              isPending={preview.isPending}
              isDisabled={addresses.length === 0 || !isStated}
              onPress={() => preview.mutate(inBatches(addresses))}
            >
              {t('preview')}
            </Button>
          )}
        </>
      }
    >
      <FieldStack>
        {error && <Banner tone="error">{message}</Banner>}
        {preview.data && <Outcome outcome={preview.data} />}
        <TextArea
          label={t('addresses')}
          hint={text === '' ? t('addressesHint') : t('found', { count: addresses.length })}
          rows={6}
          isMonospaced
          value={text}
          onChange={change}
          isReadOnly={bring.isPending}
        />
        {text === '' && (
          <FileDrop
            label={t('file')}
            hint={t('fileHint')}
            accept={['.csv', '.txt', 'text/csv', 'text/plain']}
            bytesMax={FILE_BYTES_MAX}
            onFile={(file) => void file.text().then(change)}
          />
        )}
        <TextField
          label={t('source')}
          placeholder={t('sourcePlaceholder')}
          value={source}
          onChange={setSource}
          error={errors['source']}
          isRequired
          maxLength={500}
        />
        <TextField
          label={t('note')}
          placeholder={t('notePlaceholder')}
          value={note}
          onChange={setNote}
          error={errors['note']}
          isRequired
          maxLength={500}
        />
        <RadioGroup
          label={suppress('scope')}
          look="cards"
          options={[
            { value: 'all' as const, label: suppress('scopeAll'), note: suppress('scopeAllNote') },
            {
              value: 'marketing' as const,
              label: suppress('scopeMarketing'),
              note: suppress('scopeMarketingNote'),
            },
          ]}
          value={scope}
          onChange={setScope}
        />
        {bring.isPending && (
          <Progress
            label={t('title')}
            value={told}
            max={addresses.length}
            text={t('progress', { done: format.number(told), total: format.number(addresses.length) })}
          />
        )}
      </FieldStack>
    </Dialog>
  )
}

function Outcome({ outcome }: { outcome: ListOutcome }) {
  const t = useTranslations('consent.importList')
  const format = useFormat()
  const { emails, phones, alreadyListed, contacts, unreadable } = outcome
  return (
    <div role="status" className="grid gap-3">
      <KeyValue
        items={[
          { label: t('emails'), value: format.number(emails) },
          { label: t('phones'), value: format.number(phones) },
          { label: t('alreadyListed'), value: format.number(alreadyListed) },
          { label: t('contacts'), value: format.number(contacts) },
        ]}
      />
      {unreadable.count > 0 && (
        <Banner tone="warning" title={t('unreadable', { count: unreadable.count })}>
          <p className="break-words">{unreadable.examples.join(', ')}</p>
        </Banner>
      )}
    </div>
  )
}
