import { X } from 'lucide-react'
import { Button, Label, Tag as AriaTag, TagGroup, TagList } from 'react-aria-components'
import { useKitText } from './text.ts'

/** A word on a thing; one with an id of its own may read like another. */
export type TagWord = string | { id: string; name: string }

/** Words on a thing; with `onRemove` each can be taken off, by its id or itself, with its cross or the Delete key. */
export function Tags({
  label,
  tags,
  onRemove,
  isLabelHidden = true,
}: {
  label: string
  tags: readonly TagWord[]
  onRemove?: (tag: string) => void
  isLabelHidden?: boolean
}) {
  const t = useKitText()
  if (tags.length === 0) return null
  return (
    <TagGroup
      selectionMode="none"
      {...(onRemove ? { onRemove: (keys) => keys.forEach((key) => onRemove(String(key))) } : {})}
      className="grid min-w-0 gap-1.5"
    >
      <Label className={isLabelHidden ? 'sr-only' : 'font-medium'}>{label}</Label>
      <TagList className="flex flex-wrap gap-1">
        {tags.map(asWord).map(({ id, name }) => (
          <AriaTag key={id} id={id} textValue={name} className={tagStyle}>
            <span className="truncate">{name}</span>
            {onRemove && (
              <Button
                slot="remove"
                aria-label={t('tags.remove', { tag: name })}
                className="-mr-1.5 flex size-6 items-center justify-center rounded-full text-muted hover:text-text"
              >
                <X aria-hidden className="size-3.5" />
              </Button>
            )}
          </AriaTag>
        ))}
      </TagList>
    </TagGroup>
  )
}

const asWord = (tag: TagWord): { id: string; name: string } =>
  typeof tag === 'string' ? { id: tag, name: tag } : tag

/** One quiet word in a row or a heading. */
export function Tag({ children }: { children: string }) {
  return <span className={tagStyle}>{children}</span>
}

const tagStyle =
  'inline-flex h-6 max-w-48 cursor-default items-center rounded-full border border-line bg-soft px-2 text-sm text-text outline-none data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent'
