import { FilePlus2, Maximize2, SendHorizontal } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { usePreflight } from './api.ts'
import type { MailCheck, MailDraft } from './api.ts'
import type { CodeEditorHandle } from './CodeEditor.tsx'
import { focusField } from './field-id.ts'
import { FullScreen } from './FullScreen.tsx'
import { MailFields } from './MailFields.tsx'
import { Preflight } from './Preflight.tsx'
import type { PreviewPerson } from './PreviewAsPicker.tsx'
import { StartDialog } from './StartDialog.tsx'
import { TestSendDialog } from './TestSendDialog.tsx'
import { useSettled } from './use-settled.ts'
import { Workbench } from './Workbench.tsx'

/**
 * A mail from subject to test send: `<MailEditor value={mail} onChange={setMail} />`. It keeps nothing: saving is the
 * page's. What it shows of the result is always what the server compiled.
 */
export function MailEditor({
  value,
  onChange,
  isReadOnly = false,
}: {
  value: MailDraft
  onChange: (mail: MailDraft) => void
  isReadOnly?: boolean
}) {
  const t = useTranslations('content')
  const code = useRef<CodeEditorHandle>(null)
  const [person, setPerson] = useState<PreviewPerson>({ as: { sample: 'typical' }, name: '' })
  const [view, setView] = useState<'write' | 'preview'>('write')
  const [isFull, setFull] = useState(false)
  const settled = useSettled(value)
  const preflight = usePreflight(settled)
  const checks = preflight.data?.checks ?? []
  const change = (edit: Partial<MailDraft>) => onChange({ ...value, ...edit })

  const goTo = (check: MailCheck): void => {
    if (check.field === 'body' || check.field === 'text') setView('write')
    // The field may only now come onto the page.
    requestAnimationFrame(() => {
      if (check.field === 'body' && check.line !== null) code.current?.goTo(check.line, check.column ?? 1)
      else focusField(check.field)
    })
  }
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
        {!isReadOnly && (
          <StartDialog
            hasBody={value.body.trim() !== ''}
            onStart={(source) => onChange(keepSender(source, value))}
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
      {isFull ? (
        <FullScreen
          title={value.subject === '' ? t('editor.body') : value.subject}
          onClose={() => setFull(false)}
        >
          {bench('max(320px, calc(100dvh - 240px))')}
        </FullScreen>
      ) : (
        bench('520px')
      )}
      {preflight.data && (
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
