import type { Ref } from 'react'
import { useTranslations } from 'use-intl'
import { cx } from '../ui/cx.ts'
import { Segmented } from '../ui/Segmented.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextArea } from '../ui/TextField.tsx'
import { useWidth } from '../ui/use-width.ts'
import type { MailCheck, MailDraft } from './api.ts'
import { CodeEditor } from './CodeEditor.tsx'
import type { CodeEditorHandle, LineMark } from './CodeEditor.tsx'
import { fieldId } from './field-id.ts'
import { InsertVariable } from './InsertVariable.tsx'
import { MailPreview } from './MailPreview.tsx'
import type { PreviewPerson } from './PreviewAsPicker.tsx'

/** Below this, writing and preview take turns. */
const SIDE_BY_SIDE_PX = 880

interface WorkbenchProps {
  ref: Ref<CodeEditorHandle> & { current?: CodeEditorHandle | null }
  value: MailDraft
  /** The value as it last stood still: what the preview shows. */
  settled: MailDraft
  onChange: (edit: Partial<MailDraft>) => void
  checks: readonly MailCheck[]
  person: PreviewPerson
  onPerson: (person: PreviewPerson) => void
  /** Which of the two is shown where there is no room for both. */
  view: 'write' | 'preview'
  onView: (view: 'write' | 'preview') => void
  isReadOnly: boolean
  /** Of the code and of the mail, a CSS length. */
  height: string
}

/** The body and what becomes of it, beside each other or in turns. */
export function Workbench(props: WorkbenchProps) {
  const { view, onView } = props
  const t = useTranslations('content')
  const [place, width] = useWidth()
  const isWide = width >= SIDE_BY_SIDE_PX
  return (
    <div ref={place} className="grid min-w-0 grid-cols-1 gap-3">
      {!isWide && (
        <Segmented
          label={t('editor.view')}
          value={view}
          onChange={onView}
          options={[
            { value: 'write', label: t('editor.write') },
            { value: 'preview', label: t('editor.preview') },
          ]}
        />
      )}
      <div className={cx('grid min-w-0 items-start gap-5', isWide ? 'grid-cols-2' : 'grid-cols-1')}>
        {(isWide || view === 'write') && <Write {...props} />}
        {(isWide || view === 'preview') && (
          <MailPreview
            source={props.settled}
            person={props.person}
            onPerson={props.onPerson}
            height={props.height}
          />
        )}
      </div>
    </div>
  )
}

function Write({ ref, value, onChange, checks, isReadOnly, height }: WorkbenchProps) {
  const t = useTranslations('content')
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label={t('editor.format')}
          value={value.format}
          onChange={(format) => onChange({ format })}
          isDisabled={isReadOnly}
          options={[
            { value: 'mjml', label: 'MJML' },
            { value: 'html', label: 'HTML' },
          ]}
        />
        {!isReadOnly && <InsertVariable onInsert={(liquid) => ref.current?.insert(liquid)} />}
      </div>
      <CodeEditor
        ref={ref}
        id={fieldId('body')}
        label={t('editor.body')}
        value={value.body}
        onChange={(body) => onChange({ body })}
        marks={marksOf(checks)}
        isReadOnly={isReadOnly}
        height={height}
      />
      <Switch
        isSelected={value.text !== null}
        onChange={(isOwn) => onChange({ text: isOwn ? '' : null })}
        isDisabled={isReadOnly}
      >
        {t('editor.ownText')}
      </Switch>
      {value.text !== null && (
        <div id={fieldId('text')}>
          <TextArea
            label={t('fields.text')}
            hint={t('editor.ownTextHint')}
            value={value.text}
            onChange={(text) => onChange({ text })}
            rows={8}
            isMonospaced
            isReadOnly={isReadOnly}
            maxLength={200_000}
          />
        </div>
      )}
    </div>
  )
}

/** One mark a line; what blocks is said before what only warns. */
function marksOf(checks: readonly MailCheck[]): LineMark[] {
  const marks = new Map<number, LineMark>()
  for (const { field, line, level, message } of checks) {
    if (field === 'body' && line !== null && level !== 'ok' && !marks.has(line))
      marks.set(line, { line, level, message })
  }
  return [...marks.values()]
}
