import { Plus, X } from 'lucide-react'
import { useEffect, useId, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { cx } from '../ui/cx.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { Segmented } from '../ui/Segmented.tsx'
import { useBuilder } from './builder-context.ts'
import { ClauseEditor } from './ClauseEditor.tsx'
import { DEPTH_MAX, emptyGroup, isGroup, newClause } from './draft.ts'
import type { DraftGroup, DraftPart } from './draft.ts'

/** What a new condition asks about at first. */
const FIRST_FIELD = 'country'

/** A group of conditions and groups; grounds alternate so that nesting is seen. */
export function GroupEditor({ group, depth }: { group: DraftGroup; depth: number }) {
  const t = useTranslations('segments')
  const { isReadOnly, changePart } = useBuilder()
  const headingId = useId()
  const isRoot = depth === 1
  return (
    <div
      role="group"
      aria-labelledby={headingId}
      className={cx(
        'grid min-w-0 gap-2 rounded-xl border border-line p-3',
        depth % 2 === 1 ? 'bg-soft' : 'bg-panel',
      )}
    >
      <div className="flex min-w-0 flex-wrap items-center gap-2">
        <Segmented
          label={t('builder.mode')}
          className={depth % 2 === 1 ? 'bg-line' : undefined}
          options={(['all', 'any', 'none'] as const).map((mode) => ({
            value: mode,
            label: t(`builder.modes.${mode}`),
          }))}
          value={group.mode}
          onChange={(mode) => changePart(group.key, (part) => (isGroup(part) ? { ...part, mode } : part))}
          isDisabled={isReadOnly}
        />
        <span id={headingId} className="mr-auto text-muted">
          <span className="sr-only">{t(`builder.modes.${group.mode}`)} </span>
          {isRoot && group.parts.length === 0 && group.mode === 'all'
            ? t('builder.everyone')
            : t('builder.ofThese')}
        </span>
        {!isRoot && !isReadOnly && (
          <IconButton label={t('builder.removeGroup')} onPress={() => changePart(group.key, () => null)}>
            <X aria-hidden />
          </IconButton>
        )}
      </div>
      <Parts group={group} depth={depth} />
    </div>
  )
}

/** The parts of a group and the buttons that add to it; a new part gets the focus, and after a removal the adder. */
function Parts({ group, depth }: { group: DraftGroup; depth: number }) {
  const t = useTranslations('segments')
  const { terms, isReadOnly, addPart } = useBuilder()
  const list = useRef<HTMLUListElement>(null)
  const adders = useRef<HTMLDivElement>(null)
  const fresh = useRef<string | null>(null)
  const shown = useRef(group.parts.length)

  useEffect(() => {
    if (fresh.current !== null)
      list.current?.querySelector<HTMLElement>(`[data-part="${fresh.current}"] button`)?.focus()
    else if (group.parts.length < shown.current && !document.activeElement?.closest('button, input'))
      adders.current?.querySelector('button')?.focus()
    fresh.current = null
    shown.current = group.parts.length
  }, [group.parts.length])

  const add = (part: DraftPart) => {
    addPart(group.key, part)
    fresh.current = part.key
  }
  const first = terms.find((term) => term.field === FIRST_FIELD) ?? terms[0]
  return (
    <>
      {group.parts.length > 0 && (
        <ul ref={list} className="grid min-w-0 gap-2">
          {group.parts.map((part) => (
            <li key={part.key} data-part={part.key} className="min-w-0">
              {isGroup(part) ? (
                <GroupEditor group={part} depth={depth + 1} />
              ) : (
                <ClauseEditor clause={part} />
              )}
            </li>
          ))}
        </ul>
      )}
      {!isReadOnly && (
        <div ref={adders} className="flex flex-wrap gap-1">
          <Button
            variant="quiet"
            size="sm"
            icon={<Plus aria-hidden />}
            onPress={() => first && add(newClause(first))}
          >
            {t('builder.addCondition')}
          </Button>
          {depth < DEPTH_MAX && (
            <Button
              variant="quiet"
              size="sm"
              icon={<Plus aria-hidden />}
              onPress={() => add({ ...emptyGroup('any'), parts: first ? [newClause(first)] : [] })}
            >
              {t('builder.addGroup')}
            </Button>
          )}
        </div>
      )}
    </>
  )
}
