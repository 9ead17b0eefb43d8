import { lazy, Suspense } from 'react'
import { FieldFrame } from './Field.tsx'
import type { FieldProps } from './Field.tsx'

/** Properties of a tag input. */
export interface TagInputProps extends FieldProps {
  value: readonly string[]
  onChange: (value: string[]) => void
  /** Known tags, offered while typing. */
  suggestions?: readonly string[]
  isDisabled?: boolean
  /** For dialogs that were opened to write tags. */
  autoFocus?: boolean
}

const TagInputField = lazy(() =>
  import('./TagInputField.tsx').then((module) => ({ default: module.TagInputField })),
)

/** Several words, known or new: `<TagInput label={t('tags')} value={tags} onChange={setTags} suggestions={known} />`. */
export function TagInput(props: TagInputProps) {
  return (
    <Suspense fallback={<FieldFrame {...props} />}>
      <TagInputField {...props} />
    </Suspense>
  )
}
