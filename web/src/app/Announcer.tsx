import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

/** Says the title of each new page to screen readers, and puts the keyboard at its beginning. */
export function Announcer() {
  const router = useRouter()
  const [title, setTitle] = useState('')
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return
        document.getElementById('content')?.focus({ preventScroll: true })
        // The page sets its title in an effect of its own, which has run by the next frame.
        requestAnimationFrame(() => setTitle(document.title.replace(/ · Fanfare$/, '')))
      }),
    [router],
  )
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {title}
    </div>
  )
}
