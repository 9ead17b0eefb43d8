import { Search, X } from 'lucide-react'
import { SearchField as AriaSearchField, Button, Input } from 'react-aria-components'
import type { SearchFieldProps as AriaProps } from 'react-aria-components'
import { cx } from './cx.ts'
import { boxStyle } from './Field.tsx'
import { useKitText } from './text.ts'

/** Properties of a search box; its label is read, its placeholder shown. */
export interface SearchFieldProps extends Omit<AriaProps, 'className' | 'style' | 'children'> {
  label: string
  placeholder?: string
  className?: string
}

/** A search box; Escape and the cross empty it. `/` focuses the first one of a page. */
export function SearchField({ label, placeholder, className, ...props }: SearchFieldProps) {
  const t = useKitText()
  return (
    <AriaSearchField
      {...props}
      aria-label={label}
      className={cx('group relative flex min-w-0', className ?? 'w-64')}
    >
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" />
      <Input
        data-shortcut-search
        placeholder={placeholder ?? `${label}…`}
        className={cx(
          boxStyle,
          'border-line px-8 placeholder:text-muted data-[focused]:border-accent data-[focused]:ring-1 data-[focused]:ring-accent [&::-webkit-search-cancel-button]:hidden',
        )}
      />
      <Button
        aria-label={t('actions.clear')}
        className="absolute top-1 right-1 flex size-6 items-center justify-center rounded-sm text-muted group-data-[empty]:hidden hover:bg-soft hover:text-text"
      >
        <X aria-hidden className="size-3.5" />
      </Button>
    </AriaSearchField>
  )
}
