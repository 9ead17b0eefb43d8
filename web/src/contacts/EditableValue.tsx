import { Check, Pencil, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useRefusal } from '../platform/session.ts'
import { useErrorText } from '../ui/ErrorState.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { useKitText } from '../ui/text.ts'
import { useUpdateContact } from './api.ts'
import type { AttributeValue, ContactInput, CustomField } from './api.ts'
import { ValueInput } from './ValueInput.tsx'

interface EditableValueProps {
  contactId: string
  label: string
  /** A standard field, or `custom:` and a key. */
  field: string
  custom?: CustomField
  value: AttributeValue | null
  /** The value as it reads, null for none. */
  text: string | null
}

/** One value of a profile: read it, change it where it stands. Enter keeps, Escape leaves it as it was. */
export function EditableValue(props: EditableValueProps) {
  const { label, text } = props
  const t = useTranslations('contacts')
  const refusal = useRefusal('contacts.write')
  const [isEditing, setEditing] = useState(false)
  const pencil = useRef<HTMLDivElement>(null)
  const wasEditing = useRef(false)
  useEffect(() => {
    // The focus goes back to the pencil, which is drawn again only now.
    if (wasEditing.current && !isEditing) pencil.current?.querySelector('button')?.focus()
    wasEditing.current = isEditing
  }, [isEditing])
  return (
    <div
      ref={pencil}
      className="grid min-h-9 grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-x-3 border-b border-line py-1 last:border-b-0"
    >
      <dt className="text-muted">{label}</dt>
      {isEditing ? (
        <Editor {...props} onClose={() => setEditing(false)} />
      ) : (
        <>
          <dd className="min-w-0 break-words">{text ?? <span className="text-muted">—</span>}</dd>
          <dd>
            <IconButton
              label={t('editField', { field: label })}
              size="sm"
              disabledReason={refusal}
              onPress={() => setEditing(true)}
            >
              <Pencil aria-hidden />
            </IconButton>
          </dd>
        </>
      )}
    </div>
  )
}

function Editor({
  contactId,
  label,
  field,
  custom,
  value,
  onClose,
}: EditableValueProps & { onClose: () => void }) {
  const common = useKitText()
  const update = useUpdateContact(contactId)
  const [draft, setDraft] = useState(value)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    // Inputs take the focus themselves; choices are buttons, which do not.
    if (form.current?.contains(document.activeElement)) return
    form.current?.querySelector<HTMLElement>('input, button')?.focus()
  }, [])
  const issues = Object.values(fieldErrors(update.error))
  const { message } = useErrorText(update.error)
  const save = () => update.mutate(inputOf(field, custom, draft), { onSuccess: onClose })
  return (
    <>
      <dd className="min-w-0">
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leaves the whole form, wherever in it one is */}
        <form
          ref={form}
          onSubmit={(event) => {
            event.preventDefault()
            save()
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && !event.defaultPrevented) onClose()
          }}
        >
          <ValueInput
            label={label}
            isLabelHidden
            field={field}
            custom={custom}
            value={draft}
            autoFocus
            onChange={setDraft}
            error={update.isError ? (issues[0] ?? message) : undefined}
          />
        </form>
      </dd>
      <dd className="flex gap-1 self-start pt-0.5">
        <IconButton label={common('actions.save')} size="sm" isPending={update.isPending} onPress={save}>
          <Check aria-hidden />
        </IconButton>
        <IconButton label={common('actions.cancel')} size="sm" onPress={onClose}>
          <X aria-hidden />
        </IconButton>
      </dd>
    </>
  )
}

function inputOf(field: string, custom: CustomField | undefined, value: AttributeValue | null): ContactInput {
  return custom ? { attributes: { [custom.key]: value } } : { [field]: value }
}
