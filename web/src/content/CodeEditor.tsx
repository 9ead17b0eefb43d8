import { useEffect, useId, useImperativeHandle, useMemo, useRef } from 'react'
import type { KeyboardEvent, Ref } from 'react'
import { useTranslations } from 'use-intl'
import { cx } from '../ui/cx.ts'
import { labelStyle } from '../ui/Field.tsx'
import { tokensOf } from './highlight.ts'
import type { TokenKind } from './highlight.ts'

/** Beyond this, colouring would be felt while typing. */
const COLOURED_CHARS_MAX = 80_000
const LINE_PX = 20
const PADDING_PX = 10

/** A line that something is wrong with. */
export interface LineMark {
  line: number
  level: 'block' | 'warn'
  message: string
}

/** What can be done to the editor from outside. */
export interface CodeEditorHandle {
  /** Puts text where the caret is, or was. */
  insert(text: string): void
  /** Brings a place into view and puts the caret there. Lines and columns count from 1. */
  goTo(line: number, column: number): void
}

/**
 * A text area for code: line numbers, marks, colours. Tab indents; after Escape it leaves, so that nobody is caught.
 * The browser's own undo keeps working, since every change goes through it.
 */
export function CodeEditor({
  ref,
  label,
  value,
  onChange,
  marks,
  isReadOnly,
  id,
  height,
}: {
  ref?: Ref<CodeEditorHandle>
  label: string
  value: string
  onChange: (value: string) => void
  marks: readonly LineMark[]
  isReadOnly?: boolean
  id?: string
  /** A CSS length. */
  height: string
}) {
  const t = useTranslations('content')
  const area = useRef<HTMLTextAreaElement>(null)
  const paper = useRef<HTMLDivElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const mayLeave = useRef(false)
  const hintId = useId()
  const lines = useMemo(() => value.split('\n').length, [value])
  const byLine = useMemo(() => new Map(marks.map((mark) => [mark.line, mark])), [marks])

  const follow = (): void => {
    const { scrollTop, scrollLeft } = area.current ?? { scrollTop: 0, scrollLeft: 0 }
    if (paper.current) paper.current.style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`
    if (gutter.current) gutter.current.style.transform = `translateY(${-scrollTop}px)`
  }
  useEffect(follow, [value])
  useImperativeHandle(ref, () => ({
    insert: (text) => {
      area.current?.focus()
      type(area.current, text)
    },
    goTo: (line, column) => {
      const target = area.current
      if (!target) return
      const begin = target.value
        .split('\n')
        .slice(0, line - 1)
        .reduce((sum, text) => sum + text.length + 1, 0)
      target.focus({ preventScroll: true })
      target.setSelectionRange(begin + column - 1, begin + column - 1)
      target.scrollTop = Math.max(0, (line - 4) * LINE_PX)
      target.scrollIntoView({ block: 'center', behavior: 'smooth' })
    },
  }))

  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className={labelStyle}>
        {label}
      </label>
      <div
        className="relative flex min-w-0 overflow-hidden rounded-md border border-field bg-panel font-mono text-sm focus-within:border-accent focus-within:ring-1 focus-within:ring-accent"
        style={{ height }}
      >
        <div
          aria-hidden
          className="w-11 shrink-0 overflow-hidden border-r border-line bg-soft text-muted select-none"
        >
          <div ref={gutter} className="figures py-2.5 text-right" style={{ lineHeight: `${LINE_PX}px` }}>
            {Array.from({ length: lines }, (_, at) => (
              <GutterLine key={at} number={at + 1} mark={byLine.get(at + 1)} />
            ))}
          </div>
        </div>
        <div className="relative min-w-0 flex-1 overflow-hidden">
          <div
            ref={paper}
            aria-hidden
            className="pointer-events-none absolute inset-0 p-2.5 whitespace-pre"
            style={{ lineHeight: `${LINE_PX}px`, tabSize: 2 }}
          >
            {marks.map((mark) => (
              <div
                key={`${mark.line}:${mark.message}`}
                className={cx(
                  'absolute right-[-4000px] left-0',
                  mark.level === 'block' ? 'bg-red-soft' : 'bg-amber-soft',
                )}
                style={{ top: PADDING_PX + (mark.line - 1) * LINE_PX, height: LINE_PX }}
              />
            ))}
            <div className="relative">
              <Coloured value={value} />
            </div>
          </div>
          <textarea
            ref={area}
            id={id}
            value={value}
            readOnly={isReadOnly ?? false}
            spellCheck={false}
            autoCapitalize="off"
            autoCorrect="off"
            wrap="off"
            aria-describedby={hintId}
            aria-invalid={marks.some((mark) => mark.level === 'block')}
            onChange={(event) => onChange(event.target.value)}
            onScroll={follow}
            onKeyDown={(event) => onKey(event, mayLeave)}
            className="absolute inset-0 size-full resize-none overflow-auto bg-transparent p-2.5 whitespace-pre text-transparent caret-text outline-none selection:bg-accent/30"
            style={{ lineHeight: `${LINE_PX}px`, tabSize: 2 }}
          />
        </div>
      </div>
      <p id={hintId} className="text-sm text-muted">
        {t('editor.tabHint')}
      </p>
    </div>
  )
}

function GutterLine({ number, mark }: { number: number; mark: LineMark | undefined }) {
  return (
    <div
      title={mark?.message}
      className={cx(
        'pr-2',
        mark?.level === 'block' && 'bg-red-soft font-semibold text-red',
        mark?.level === 'warn' && 'bg-amber-soft font-semibold text-amber',
      )}
    >
      {number}
    </div>
  )
}

const COLOURS: Record<TokenKind, string> = {
  plain: 'text-text',
  liquid: 'text-violet',
  tag: 'text-blue',
  attribute: 'text-green',
  string: 'text-amber',
  comment: 'text-muted',
}

function Coloured({ value }: { value: string }) {
  const tokens = useMemo(
    () => (value.length > COLOURED_CHARS_MAX ? [{ kind: 'plain' as const, text: value }] : tokensOf(value)),
    [value],
  )
  return tokens.map((token, at) => (
    <span key={at} className={COLOURS[token.kind]}>
      {token.text}
    </span>
  ))
}

/** Typing through the browser keeps its undo; execCommand is the only way that does, and every browser has it. */
function type(area: HTMLTextAreaElement | HTMLInputElement | null, text: string): void {
  // oxlint-disable-next-line typescript/no-deprecated -- see above
  if (area && !document.execCommand('insertText', false, text))
    area.setRangeText(text, area.selectionStart ?? 0, area.selectionEnd ?? 0, 'end')
}

function onKey(event: KeyboardEvent<HTMLTextAreaElement>, mayLeave: { current: boolean }): void {
  const area = event.currentTarget
  if (event.key === 'Escape') {
    mayLeave.current = true
    return
  }
  if (
    event.key === 'Tab' &&
    !mayLeave.current &&
    !event.altKey &&
    !event.ctrlKey &&
    !event.metaKey &&
    !area.readOnly
  ) {
    event.preventDefault()
    indent(area, event.shiftKey)
  } else if (event.key === 'Enter' && !event.shiftKey && !area.readOnly) {
    const line = area.value.slice(
      area.value.lastIndexOf('\n', area.selectionStart - 1) + 1,
      area.selectionStart,
    )
    const space = /^[ \t]*/.exec(line)?.[0] ?? ''
    if (space !== '') {
      event.preventDefault()
      type(area, `\n${space}`)
    }
  }
  mayLeave.current = false
}

/** Moves the selected lines by two spaces; without a selection the caret moves. */
function indent(area: HTMLTextAreaElement, isBack: boolean): void {
  const { selectionStart, selectionEnd, value } = area
  if (!isBack && selectionStart === selectionEnd) return type(area, '  ')
  const begin = value.lastIndexOf('\n', selectionStart - 1) + 1
  const block = value.slice(begin, selectionEnd)
  const moved = block
    .split('\n')
    .map((line) => (isBack ? line.replace(/^ {1,2}|^\t/, '') : `  ${line}`))
    .join('\n')
  if (moved === block) return
  area.setSelectionRange(begin, selectionEnd)
  type(area, moved)
  area.setSelectionRange(begin, begin + moved.length)
}
