import { useParams } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { Card } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { KeyValue } from '../ui/KeyValue.tsx'
import { ExternalLink, HrefLink } from '../ui/Link.tsx'
import { Page } from '../ui/Page.tsx'
import { Segmented } from '../ui/Segmented.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import type { MailboxMail } from './api.ts'
import { mailHtmlHref, mailSourceHref, useMail } from './api.ts'

type View = 'view' | 'text' | 'links' | 'headers' | 'source'
type Width = 'desktop' | 'phone'

/** One mail, as its reader sees it and as it came over the wire. */
export function MailPage() {
  const t = useTranslations('delivery.mail')
  const { id } = useParams({ strict: false })
  const query = useMail(id ?? '')
  const crumbs = [{ label: t('mailbox'), href: '/mailbox' }]
  if (query.isError)
    return (
      <Page title={t('title')} crumbs={crumbs}>
        <ErrorState error={query.error} onRetry={query.refetch} />
      </Page>
    )
  if (query.data === undefined)
    return (
      <Page title={t('title')} crumbs={crumbs}>
        <SectionSkeleton />
      </Page>
    )
  return (
    <Page title={query.data.subject || t('noSubject')} crumbs={crumbs}>
      <Mail mail={query.data} />
    </Page>
  )
}

function Mail({ mail }: { mail: MailboxMail }) {
  const t = useTranslations('delivery.mail')
  const format = useFormat()
  const [view, setView] = useState<View>('view')
  return (
    <div className="grid grid-cols-1 gap-5">
      <Card className="max-w-2xl">
        <KeyValue
          items={[
            { label: t('from'), value: mail.from },
            { label: t('to'), value: <Recipient mail={mail} /> },
            { label: t('received'), value: format.dateTime(mail.receivedAt) },
          ]}
        />
      </Card>
      <Tabs
        label={t('views')}
        selected={view}
        onSelect={setView}
        items={[
          { id: 'view', label: t('view'), content: <HtmlView mail={mail} /> },
          { id: 'text', label: t('text'), content: <TextView mail={mail} /> },
          {
            id: 'links',
            label: t('links'),
            count: format.number(mail.links.length),
            content: <LinksView mail={mail} />,
          },
          { id: 'headers', label: t('headers'), content: <HeadersView mail={mail} /> },
          { id: 'source', label: t('source'), content: <SourceView mail={mail} /> },
        ]}
      />
    </div>
  )
}

function Recipient({ mail }: { mail: MailboxMail }) {
  if (mail.contactId === null) return mail.recipient
  return <HrefLink href={`/audience/contacts/${mail.contactId}`}>{mail.recipient}</HrefLink>
}

/** In a frame without scripts, forms or our cookies: a mail is somebody else's page. */
function HtmlView({ mail }: { mail: MailboxMail }) {
  const t = useTranslations('delivery.mail')
  const [width, setWidth] = useState<Width>('desktop')
  if (mail.html === null) return <EmptyState title={t('noHtml')}>{t('noHtmlNote')}</EmptyState>
  return (
    <div className="grid grid-cols-1 gap-3">
      <Segmented
        label={t('width')}
        options={[
          { value: 'desktop', label: t('desktop') },
          { value: 'phone', label: t('phone') },
        ]}
        value={width}
        onChange={setWidth}
      />
      <iframe
        // Another mail is another frame: within one it would be a step for the browser's Back.
        key={mail.id}
        title={t('frame', { subject: mail.subject })}
        src={mailHtmlHref(mail.id)}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        className={`h-[70dvh] rounded-lg border border-line bg-white ${width === 'phone' ? 'w-[390px] max-w-full' : 'w-full'}`}
      />
    </div>
  )
}

function TextView({ mail }: { mail: MailboxMail }) {
  const t = useTranslations('delivery.mail')
  if (mail.text === null) return <EmptyState title={t('noText')}>{t('noTextNote')}</EmptyState>
  return <CodeBlock label={t('text')} code={mail.text} isWrapped />
}

function LinksView({ mail }: { mail: MailboxMail }) {
  const t = useTranslations('delivery.mail')
  if (mail.links.length === 0) return <EmptyState title={t('noLinks')} />
  return (
    <ol className="grid gap-2">
      {mail.links.map((link) => (
        <li key={link} className="min-w-0 break-all">
          <ExternalLink href={link}>{link}</ExternalLink>
        </li>
      ))}
    </ol>
  )
}

function HeadersView({ mail }: { mail: MailboxMail }) {
  return (
    <Card>
      <dl className="grid gap-x-6 gap-y-2 md:grid-cols-[max-content_minmax(0,1fr)]">
        {mail.headers.map(({ name, value }, index) => (
          <div key={`${name}-${index}`} className="contents">
            <dt className="font-medium">{name}</dt>
            <dd className="min-w-0 font-mono text-sm break-all">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function SourceView({ mail }: { mail: MailboxMail }) {
  const t = useTranslations('delivery.mail')
  return (
    <div className="grid grid-cols-1 gap-3">
      <p>
        <a
          href={mailSourceHref(mail.id)}
          download
          className="inline-flex items-center gap-1.5 text-accent underline"
        >
          <Download aria-hidden className="size-4" />
          {t('download')}
        </a>
      </p>
      <CodeBlock label={t('source')} code={mail.source} />
    </div>
  )
}
