import { useEffect, useEffectEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Card } from '../ui/Card.tsx'
import { Progress } from '../ui/Progress.tsx'
import { isUnderWay, useChange } from './api.ts'
import { useSayChanged } from './BulkBar.tsx'

/** How far a large change is; says what it did when it has ended. */
export function ChangeProgress({ id, onEnd }: { id: string; onEnd: () => void }) {
  const t = useTranslations('contacts')
  const format = useFormat()
  const change = useChange(id).data
  const cache = useQueryClient()
  const say = useSayChanged()
  const ended = useEffectEvent(() => {
    if (change) say(change)
    void cache.invalidateQueries({ queryKey: ['contacts'] })
    onEnd()
  })
  const isOver = change !== null && change !== undefined && !isUnderWay(change)
  useEffect(() => {
    if (isOver) ended()
  }, [isOver])
  if (!change || isOver) return null
  return (
    <Card>
      <Progress
        label={t(`bulk.running.${change.action.kind}`)}
        value={change.done}
        max={change.total}
        text={t('bulk.progress', { done: format.number(change.done), total: format.number(change.total) })}
      />
    </Card>
  )
}
