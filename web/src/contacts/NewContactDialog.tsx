import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { ApiError, fieldErrors } from '../platform/api/problem.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldRow, FieldStack } from '../ui/Field.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { TagInput } from '../ui/TagInput.tsx'
import { toast } from '../ui/Toast.tsx'
import { useKitText } from '../ui/text.ts'
import { useCreateContact, useTags } from './api.ts'
import { nameOf } from './person.ts'
import type { StandardField } from './person.ts'
import { ValueInput } from './ValueInput.tsx'

/** Adds one person by hand; everything else about them is filled in on their page. */
export function NewContactDialog({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  return isOpen ? <OpenDialog onClose={() => onOpenChange(false)} /> : null
}

const rows = [
  ['firstName', 'lastName'],
  ['email', 'phone'],
  ['country', 'language'],
] as const satisfies readonly (readonly StandardField[])[]

function OpenDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('contacts')
  const common = useKitText()
  const navigate = useNavigate()
  const known = useTags().data ?? []
  const create = useCreateContact()
  const [values, setValues] = useState<Partial<Record<StandardField, string | null>>>({})
  const [tags, setTags] = useState<string[]>([])
  const issues = fieldErrors(create.error)
  const save = () =>
    create.mutate(
      { ...values, tags },
      {
        onSuccess: (contact) => {
          onClose()
          toast({ text: t('created', { name: nameOf(contact) ?? t('nameless') }) })
          void navigate({ to: '/audience/contacts/$id', params: { id: contact.id } })
        },
      },
    )
  return (
    <Dialog
      title={t('new')}
      isOpen
      isKeptOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button variant="primary" isPending={create.isPending} onPress={save}>
            {common('actions.create')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <FieldStack>
          <Refusal error={create.error} hasIssues={Object.keys(issues).length > 0} />
          {rows.map((row) => (
            <FieldRow key={row[0]}>
              {row.map((field) => (
                <ValueInput
                  key={field}
                  label={t(`fields.${field}`)}
                  isOptional
                  field={field}
                  value={values[field] ?? null}
                  error={issues[field]}
                  autoFocus={field === 'firstName'}
                  onChange={(value) =>
                    setValues({ ...values, [field]: typeof value === 'string' ? value : null })
                  }
                />
              ))}
            </FieldRow>
          ))}
          <TagInput
            label={t('fields.tags')}
            isOptional
            value={tags}
            onChange={setTags}
            suggestions={known}
            error={issues['tags']}
          />
          <button type="submit" className="sr-only" tabIndex={-1}>
            {common('actions.create')}
          </button>
        </FieldStack>
      </form>
    </Dialog>
  )
}

/** A refusal that is no single field's, with the way to the contact who already has the address. */
function Refusal({ error, hasIssues }: { error: unknown; hasIssues: boolean }) {
  const t = useTranslations('contacts')
  const { message } = useErrorText(error)
  const other = error instanceof ApiError ? error.problem['contactId'] : undefined
  if (typeof other === 'string')
    return (
      <Banner tone="warning" title={t('emailTaken')}>
        <HrefLink href={`/audience/contacts/${other}`}>{t('emailTakenOpen')}</HrefLink>
      </Banner>
    )
  if (error === null || hasIssues) return null
  return <Banner tone="error">{message}</Banner>
}
