import { useWidth } from '../ui/use-width.ts'
import { Skeleton } from '../ui/Skeleton.tsx'

/** The width at which mails are laid out. */
const MAIL_PX = 640
/** Part of the mail that a card shows, in its own pixels. */
const SHOWN_PX = 560

/** A mail in small: seen, not read; its name stands beside it. */
export function MailThumbnail({ name, html }: { name: string; html: string | undefined }) {
  const [place, width] = useWidth()
  const scale = width / MAIL_PX
  return (
    <div
      ref={place}
      aria-hidden
      className="relative w-full overflow-hidden bg-soft"
      style={{ aspectRatio: `${MAIL_PX} / ${SHOWN_PX}` }}
    >
      {html === undefined ? (
        <Skeleton className="m-6 h-40" />
      ) : (
        <iframe
          // Another mail is another frame: within one it would be a step for the browser's Back.
          key={html}
          title={name}
          inert
          tabIndex={-1}
          sandbox=""
          loading="lazy"
          srcDoc={html}
          className="pointer-events-none absolute top-0 left-0 origin-top-left border-0 bg-white"
          style={{ width: MAIL_PX, height: SHOWN_PX, transform: `scale(${scale})` }}
        />
      )}
    </div>
  )
}
