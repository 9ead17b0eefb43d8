import { Monitor, Moon, Smartphone, TextAlignStart } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { cx } from '../ui/cx.ts'
import { ErrorState } from '../ui/ErrorState.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Segmented } from '../ui/Segmented.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { usePreview } from './api.ts'
import { EventNote } from './EventNote.tsx'
import type { MailDraft, Preview } from './api.ts'
import { PreviewAsPicker } from './PreviewAsPicker.tsx'
import type { PreviewPerson } from './PreviewAsPicker.tsx'

type Look = 'desktop' | 'phone' | 'dark' | 'text'

/** The server's compiled mail as one person would get it. What is shown is what would leave. */
export function MailPreview({
  source,
  person,
  onPerson,
  height,
}: {
  source: MailDraft
  person: PreviewPerson
  onPerson: (person: PreviewPerson) => void
  /** A CSS length. */
  height: string
}) {
  const t = useTranslations('content')
  const [look, setLook] = useState<Look>('desktop')
  const preview = usePreview(source, person.as, look === 'dark' ? 'dark' : 'light')
  const [lastMail, setLastMail] = useState<Preview['mail']>(null)
  const mail = preview.data?.mail ?? null
  if (mail !== null && mail !== lastMail) setLastMail(mail)
  // While the source is broken the last good mail stays, greyed: nothing jumps away under the writer.
  const shown = mail ?? lastMail
  const isStale = preview.data !== undefined && mail === null
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <PreviewAsPicker person={person} onChange={onPerson} />
        <Segmented
          label={t('preview.look')}
          value={look}
          onChange={setLook}
          options={[
            { value: 'desktop', label: t('preview.desktop'), icon: <Monitor aria-hidden /> },
            { value: 'phone', label: t('preview.phone'), icon: <Smartphone aria-hidden /> },
            { value: 'dark', label: t('preview.dark'), icon: <Moon aria-hidden /> },
            { value: 'text', label: t('preview.text'), icon: <TextAlignStart aria-hidden /> },
          ]}
        />
      </div>
      <EventNote event={preview.data?.event} />
      {preview.isError && <ErrorState error={preview.error} onRetry={preview.refetch} />}
      {!preview.isError && (
        <div
          className="overflow-hidden rounded-md border border-line bg-panel"
          aria-busy={preview.isFetching}
        >
          {(shown !== null || !isStale) && <Envelope mail={shown} />}
          {isStale && shown !== null && (
            <p className="bg-amber-soft px-3 py-1.5 text-sm text-amber">{t('preview.broken')}</p>
          )}
          <Body
            mail={shown}
            look={look}
            isStale={isStale}
            isEmpty={source.body.trim() === ''}
            height={height}
          />
        </div>
      )}
    </div>
  )
}

function Envelope({ mail }: { mail: Preview['mail'] }) {
  const t = useTranslations('content')
  if (mail === null)
    return (
      <div className="border-b border-line px-3 py-2.5">
        <Skeleton className="h-9 w-1/2" />
      </div>
    )
  return (
    <div className="border-b border-line px-3 py-2">
      <p className="truncate text-sm text-muted">
        {mail.fromName === ''
          ? mail.fromEmail === ''
            ? t('preview.noSender')
            : mail.fromEmail
          : `${mail.fromName} <${mail.fromEmail}>`}
      </p>
      <p dir="auto" className="truncate font-medium">
        {mail.subject === '' ? t('preview.noSubject') : mail.subject}
      </p>
      {mail.preheader !== '' && (
        <p dir="auto" className="truncate text-sm text-muted">
          {mail.preheader}
        </p>
      )}
    </div>
  )
}

function Body({
  mail,
  look,
  isStale,
  isEmpty,
  height,
}: {
  mail: Preview['mail']
  look: Look
  isStale: boolean
  isEmpty: boolean
  height: string
}) {
  const t = useTranslations('content')
  const dimmed = isStale && 'opacity-50'
  if (mail === null) {
    return (
      <div className="flex items-center justify-center p-6 text-center text-muted" style={{ height }}>
        {isStale && t(isEmpty ? 'preview.nothing' : 'preview.unreadable')}
      </div>
    )
  }
  if (look === 'text') {
    return (
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t('preview.text')}
        dir="auto"
        className={cx('overflow-auto p-4 text-sm break-words whitespace-pre-wrap', dimmed)}
        style={{ height }}
      >
        {mail.text}
      </pre>
    )
  }
  return (
    <div className={cx('flex justify-center bg-soft', look === 'dark' && 'bg-[#121214]', dimmed)}>
      {/* The mail's own policy lets only pictures and styles load. */}
      <PageFrame
        title={t('preview.frame')}
        html={mail.html}
        height={height}
        className={cx(
          'bg-white',
          look === 'phone' ? 'my-4 w-[375px] max-w-full rounded-xl shadow-pop' : 'w-full',
        )}
      />
    </div>
  )
}
