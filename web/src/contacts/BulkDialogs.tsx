import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TagInput } from '../ui/TagInput.tsx'
import { useKitText } from '../ui/text.ts'
import { useFields, useTags } from './api.ts'
import type { AttributeValue, BulkAction } from './api.ts'
import { standardFields } from './person.ts'
import { ValueInput } from './ValueInput.tsx'

interface BulkDialogProps {
  count: number
  onClose: () => void
  onApply: (action: BulkAction) => void
}

/** Which tags are given to, or taken from, everybody chosen. */
export function BulkTagsDialog({
  kind,
  count,
  onClose,
  onApply,
}: BulkDialogProps & { kind: 'add_tags' | 'remove_tags' }) {
  const t = useTranslations('contacts')
  const common = useKitText()
  const format = useFormat()
  const known = useTags().data ?? []
  const [tags, setTags] = useState<string[]>([])
  const title = kind === 'add_tags' ? t('bulk.addTags') : t('bulk.removeTags')
  return (
    <Dialog
      title={title}
      size="sm"
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button variant="primary" isDisabled={tags.length === 0} onPress={() => onApply({ kind, tags })}>
            {title}
          </Button>
        </>
      }
    >
      <FieldStack>
        <p className="text-muted">{t('bulk.about', { count, number: format.number(count) })}</p>
        <TagInput label={t('fields.tags')} autoFocus value={tags} onChange={setTags} suggestions={known} />
      </FieldStack>
    </Dialog>
  )
}

/** Which field gets which value for everybody chosen. */
export function BulkFieldDialog({ count, onClose, onApply }: BulkDialogProps) {
  const t = useTranslations('contacts')
  const common = useKitText()
  const format = useFormat()
  const fields = useFields().data ?? []
  const [field, setField] = useState<string>('country')
  const [value, setValue] = useState<AttributeValue | null>(null)
  return (
    <Dialog
      title={t('bulk.setField')}
      size="sm"
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button
            variant={value === null ? 'danger' : 'primary'}
            onPress={() => onApply({ kind: 'set_field', field, value })}
          >
            {value === null ? t('bulk.empty') : t('bulk.set')}
          </Button>
        </>
      }
    >
      <FieldStack>
        <p className="text-muted">{t('bulk.about', { count, number: format.number(count) })}</p>
        <Select
          label={t('bulk.field')}
          options={[
            ...standardFields
              .filter((name) => name !== 'email' && name !== 'phone')
              .map((name) => ({ value: name as string, label: t(`fields.${name}`) })),
            ...fields.map(({ key, name }) => ({
              value: `custom:${key}`,
              label: name,
              group: t('fieldsPage.title'),
            })),
          ]}
          value={field}
          onChange={(next) => {
            setField(next)
            setValue(null)
          }}
        />
        <ValueInput
          key={field}
          label={t('bulk.value')}
          field={field}
          custom={fields.find(({ key }) => `custom:${key}` === field)}
          value={value}
          onChange={setValue}
        />
        <p className="text-sm text-muted">{t('bulk.emptyHint')}</p>
      </FieldStack>
    </Dialog>
  )
}
