import { deepEqual } from '@tanstack/react-router'
import { useState } from 'react'

/**
 * Whether a draft says something else than what was saved last: what was typed and taken back is no change. The draft
 * of the first call is what is saved.
 *
 *     const { isChanged, markSaved } = useUnsaved(draft)
 *     const submit = () => save.mutate(draft, { onSuccess: markSaved })
 */
export function useUnsaved(draft: unknown): {
  isChanged: boolean
  /** The draft as it was when this was taken is saved now; what was typed since is not. */
  markSaved: () => void
} {
  const [saved, setSaved] = useState(draft)
  return { isChanged: !deepEqual(draft, saved), markSaved: () => setSaved(draft) }
}
