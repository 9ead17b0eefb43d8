import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TagInput } from '../ui/TagInput.tsx'
import { TextField } from '../ui/TextField.tsx'
import { useKitText } from '../ui/text.ts'
import { useAddField, useChangeField } from './api.ts'
import type { CustomField, FieldType } from './api.ts'

export const fieldTypes = [
  'text',
  'number',
  'date',
  'boolean',
  'choice',
  'list',
] as const satisfies readonly FieldType[]

/** A new field, or the name and choices of one; its type stays, because values, rules and templates hang on it. */
export function FieldDialog({
  field,
  suggested,
  onClose,
  onAdded,
}: {
  field: CustomField | null
  /** What a new one begins with: the column of a file. */
  suggested?: { name: string; type: FieldType }
  onClose: () => void
  onAdded?: (field: CustomField) => void
}) {
  const t = useTranslations('contacts.fieldsPage')
  const common = useKitText()
  const [name, setName] = useState(field?.name ?? suggested?.name ?? '')
  const [type, setType] = useState<FieldType>(field?.type ?? suggested?.type ?? 'text')
  const [choices, setChoices] = useState<string[]>(field?.choices ?? [])
  const add = useAddField()
  const change = useChangeField()
  const { error, isPending } = field ? change : add
  const issues = fieldErrors(error)
  const { message } = useErrorText(error)
  const withChoices = type === 'choice' ? { choices } : {}
  const save = () => {
    if (field) change.mutate({ id: field.id, name, ...withChoices }, { onSuccess: onClose })
    else
      add.mutate(
        { name, type, ...withChoices },
        {
          onSuccess: (added) => {
            onAdded?.(added)
            onClose()
          },
        },
      )
  }
  return (
    <Dialog
      title={field ? t('edit') : t('add')}
      size="sm"
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button variant="primary" isDisabled={name.trim() === ''} isPending={isPending} onPress={save}>
            {common(field ? 'actions.save' : 'actions.create')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') save()
        }}
      >
        <FieldStack>
          {error !== null && Object.keys(issues).length === 0 && <Banner tone="error">{message}</Banner>}
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to write this */}
          <TextField label={t('name')} value={name} onChange={setName} error={issues['name']} autoFocus />
          <Select
            label={t('type')}
            isDisabled={field !== null}
            {...(field ? { hint: t('typeStays') } : {})}
            options={fieldTypes.map((value) => ({
              value,
              label: t(`types.${value}`),
              note: t(`typeNotes.${value}`),
            }))}
            value={type}
            onChange={setType}
          />
          {type === 'choice' && (
            <TagInput
              label={t('choices')}
              hint={t('choicesHint')}
              value={choices}
              onChange={setChoices}
              error={issues['choices']}
            />
          )}
        </FieldStack>
      </form>
    </Dialog>
  )
}
