import { FilePlus2, Maximize2, SendHorizontal } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { usePreflight } from './api.ts'
import type { MailDraft } from './api.ts'
import type { CodeEditorHandle } from './CodeEditor.tsx'
import { focusField, onMailPlace } from './field-id.ts'
import type { MailPlace } from './field-id.ts'
import { FullScreen } from './FullScreen.tsx'
import { MailFields } from './MailFields.tsx'
import { Preflight } from './Preflight.tsx'
import type { PreviewPerson } from './PreviewAsPicker.tsx'
import { StartDialog } from './StartDialog.tsx'
import { TestSendDialog } from './TestSendDialog.tsx'
import { useSettled } from '../platform/use-settled.ts'
import { Workbench } from './Workbench.tsx'

/**
 * A mail from subject to test send: `<MailEditor value={mail} onChange={setMail} />`. It keeps nothing: saving is the
 * page's. What it shows of the result is always what the server compiled.
 */
export function MailEditor({
  value,
  onChange,
  isReadOnly = false,
  hasPreflight = true,
}: {
  value: MailDraft
  onChange: (mail: MailDraft) => void
  isReadOnly?: boolean
  /** False where the page shows the list itself; its lines come here by `showMailPlace`. */
  hasPreflight?: boolean
}) {
  const t = useTranslations('content')
  const code = useRef<CodeEditorHandle>(null)
  const [person, setPerson] = useState<PreviewPerson>({ as: { sample: 'typical' }, name: '' })
  const [view, setView] = useState<'write' | 'preview'>('write')
  const [isFull, setFull] = useState(false)
  const settled = useSettled(value)
  const preflight = usePreflight(settled)
  const checks = preflight.data?.checks ?? []
  const isEmpty = value.body.trim() === ''
  const change = (edit: Partial<MailDraft>) => onChange({ ...value, ...edit })

  const start = (source: MailDraft): void => {
    onChange(keepSender(source, value))
    // What was chosen is to be seen first.
    setView('preview')
  }
  const goTo = (check: MailPlace): void => {
    if (check.field === 'body' || check.field === 'text') setView('write')
    // The field may only now come onto the page.
    requestAnimationFrame(() => {
      if (check.field === 'body' && check.line !== null) code.current?.goTo(check.line, check.column ?? 1)
      else focusField(check.field)
    })
  }
  // The handler of the last render is the one that knows the view.
  useEffect(() => onMailPlace(goTo))
  const bench = (height: string) => (
    <Workbench
      ref={code}
      {...{ value, settled, checks, person, view, isReadOnly, height }}
      onChange={change}
      onPerson={setPerson}
      onView={setView}
    />
  )
  return (
    <div className="grid min-w-0 grid-cols-1 gap-5">
      <div className="flex flex-wrap items-center gap-2">
        {!isReadOnly && !isEmpty && (
          <StartDialog
            hasBody
            onStart={start}
            trigger={<Button icon={<FilePlus2 aria-hidden />}>{t('editor.start')}</Button>}
          />
        )}
        <TestSendDialog
          source={value}
          as={person.as}
          trigger={<Button icon={<SendHorizontal aria-hidden />}>{t('test.open')}</Button>}
        />
        <span className="grow" />
        <Button variant="quiet" icon={<Maximize2 aria-hidden />} onPress={() => setFull(true)}>
          {t('editor.full')}
        </Button>
      </div>
      <MailFields value={value} onChange={change} checks={checks} isReadOnly={isReadOnly} />
      {isEmpty && !isReadOnly && (
        <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg bg-soft px-4 py-3">
          <p>{t('editor.emptyHint')}</p>
          <StartDialog
            hasBody={false}
            onStart={start}
            trigger={<Button icon={<FilePlus2 aria-hidden />}>{t('editor.choose')}</Button>}
          />
        </div>
      )}
      {isFull ? (
        <FullScreen
          title={value.subject === '' ? t('editor.body') : value.subject}
          onClose={() => setFull(false)}
        >
          {bench('max(320px, calc(100dvh - 240px))')}
        </FullScreen>
      ) : (
        bench(isEmpty ? '180px' : '520px')
      )}
      {hasPreflight && preflight.data && (
        <section aria-label={t('preflight.title')} className="rounded-lg border border-line p-4">
          <h3 className="mb-2 font-semibold">{t('preflight.title')}</h3>
          <Preflight checks={checks} onGo={goTo} />
        </section>
      )}
    </div>
  )
}

/** A template brings words and looks; who sends stays as it was. */
function keepSender(source: MailDraft, before: MailDraft): MailDraft {
  return {
    ...source,
    fromName: before.fromName === '' ? source.fromName : before.fromName,
    fromEmail: before.fromEmail === '' ? source.fromEmail : before.fromEmail,
    replyTo: before.replyTo === '' ? source.replyTo : before.replyTo,
  }
}
