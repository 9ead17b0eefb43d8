import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useMessagePreview } from '../../content/api.ts'
import { EventNote } from '../../content/EventNote.tsx'
import type { MessageSource, PreviewAs, RenderedMessage } from '../../content/api.ts'
import { useSmsMeasure } from '../../delivery/api.ts'
import { useFormat } from '../../platform/format.ts'
import { useSettled } from '../../platform/use-settled.ts'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { Checks } from '../Checks.tsx'

/** The message as one person gets it, its length, and what speaks against it. What is shown is what would leave. */
export function MessagePreview({ source, as }: { source: MessageSource; as: PreviewAs }) {
  const t = useTranslations('campaigns')
  const preview = useMessagePreview(useSettled(source), as)
  if (preview.isError) return <ErrorState error={preview.error} onRetry={preview.refetch} />
  if (!preview.data) return <Skeleton className="h-40 w-full" />
  const { message, checks } = preview.data
  return (
    <div className="grid min-w-0 gap-3" aria-busy={preview.isFetching}>
      {message ? (
        <Shown message={message} />
      ) : (
        <p className="rounded-md border border-line p-3 text-sm text-muted">{t('channels.notYet')}</p>
      )}
      <EventNote event={preview.data.event} />
      {message?.channel === 'sms' && message.text !== '' && <SmsLength text={message.text} />}
      <Checks checks={checks.filter(({ level }) => level !== 'ok')} />
    </div>
  )
}

function Shown({ message }: { message: RenderedMessage }): ReactNode {
  const t = useTranslations('campaigns')
  switch (message.channel) {
    case 'sms':
      return <Bubble>{message.text === '' ? '…' : message.text}</Bubble>
    case 'whatsapp':
      return message.template ? (
        <div className="grid gap-2 rounded-md border border-line bg-panel p-3">
          <p className="text-sm text-muted">
            {t('channels.templateShown', {
              name: message.template.name,
              language: message.template.language,
            })}
          </p>
          <ol className="grid list-inside list-decimal gap-1 wrap-anywhere">
            {message.template.variables.map((value, at) => (
              <li key={at}>{value}</li>
            ))}
          </ol>
        </div>
      ) : (
        <Bubble>{message.text === '' ? '…' : message.text}</Bubble>
      )
    case 'in_app':
      return (
        <div className="grid gap-2 rounded-lg border border-line bg-panel p-3 wrap-anywhere">
          <p className="font-medium">{message.title}</p>
          {message.body !== '' && <p className="whitespace-pre-wrap">{message.body}</p>}
          {message.action && (
            <p>
              <span className="inline-block rounded-md bg-accent px-2.5 py-1 text-sm text-on-accent">
                {message.action.label}
              </span>
            </p>
          )}
        </div>
      )
    case 'webhook':
      return (
        <div className="grid min-w-0 gap-2">
          <p className="text-sm break-all text-muted">
            {message.method} {message.url}
          </p>
          <CodeBlock label={t('channels.payload')} code={message.body} isWrapped />
        </div>
      )
  }
}

function Bubble({ children }: { children: ReactNode }) {
  return (
    <p className="max-w-full rounded-2xl rounded-bl-sm bg-soft px-3.5 py-2.5 wrap-anywhere whitespace-pre-wrap">
      {children}
    </p>
  )
}

function SmsLength({ text }: { text: string }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const { data } = useSmsMeasure(text)
  if (!data) return null
  const parts = data.parts.length
  return (
    <div className="grid gap-1 text-sm text-muted">
      <p aria-live="polite">
        {t('channels.smsParts', {
          parts,
          units: format.number(data.units),
          limit: format.number(data.unitsPerPart * Math.max(1, parts)),
          encoding: t(`channels.encodings.${data.encoding}`),
        })}
      </p>
      {data.offending.length > 0 && (
        <p>
          {t('channels.smsOffending', {
            list: data.offending
              .map(({ character, replacement }) =>
                replacement === null ? character : `${character} → ${replacement}`,
              )
              .join(', '),
          })}
        </p>
      )}
    </div>
  )
}
