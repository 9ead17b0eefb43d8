import { deepEqual } from '@tanstack/react-router'
import { useState } from 'react'

/**
 * Whether a draft says something else than what was saved last: what was typed and taken back is no change. The draft
 * of the first call is what is saved.
 *
 *     const { isChanged, markSaved } = useUnsaved(draft)
 *     const submit = () => void save.mutateAsync(draft).then(markSaved, shownInPlace)
 *
 * A promise, since callbacks of a single call are silent once the form is drawn anew with what was saved.
 */
export function useUnsaved(draft: unknown): {
  isChanged: boolean
  /** The draft as it was when this was taken is saved now; what was typed since is not. */
  markSaved: () => void
} {
  const [saved, setSaved] = useState(draft)
  return { isChanged: !deepEqual(draft, saved), markSaved: () => setSaved(draft) }
}

/** For a refusal that the form shows by itself, as the error of its mutation. */
export const shownInPlace = (): void => undefined
