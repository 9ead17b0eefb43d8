import type { ReactNode } from 'react'
import { useRef } from 'react'
import { inserted } from '../../content/inserted.ts'
import { InsertVariable } from '../../content/InsertVariable.tsx'
import { cx } from '../../ui/cx.ts'

/** One text field with the button that puts a variable where its caret was, or at the end. Source: CS-002.7 */
export function WithVariable({
  text,
  onChange,
  isReadOnly,
  isCompact = false,
  children,
}: {
  text: string
  onChange: (text: string) => void
  isReadOnly: boolean
  /** For fields of one line: a button beside it, not below. */
  isCompact?: boolean
  children: ReactNode
}) {
  const place = useRef<HTMLDivElement>(null)
  const wasEntered = useRef(false)
  const field = () =>
    wasEntered.current
      ? (place.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea') ?? null)
      : null
  if (isReadOnly) return children
  return (
    <div className={cx('min-w-0', isCompact ? 'flex items-end gap-2' : 'grid gap-2')}>
      <div
        ref={place}
        className="min-w-0 grow"
        onFocusCapture={() => {
          wasEntered.current = true
        }}
      >
        {children}
      </div>
      <div>
        <InsertVariable
          isCompact={isCompact}
          onInsert={(liquid) => onChange(inserted(field(), text, liquid))}
        />
      </div>
    </div>
  )
}
