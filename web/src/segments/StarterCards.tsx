import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { STARTERS } from './starters.ts'
import type { Starter } from './starters.ts'

/** Rules to start from. Without `onChoose` each leads to the page for a new segment. */
export function StarterCards({ onChoose }: { onChoose?: (starter: Starter) => void }) {
  const t = useTranslations('segments')
  const navigate = useNavigate()
  const refusal = useRefusal('segments.write')
  const choose =
    onChoose ?? (({ id }: Starter) => void navigate({ to: '/audience/segments/new', search: { start: id } }))
  return (
    <section>
      <h2 className="mb-2 text-sm text-muted">{t('starters.title')}</h2>
      <ul className="flex flex-wrap gap-2">
        {STARTERS.map((starter) => (
          <li key={starter.id}>
            <Button
              disabledReason={refusal}
              onPress={() => choose(starter)}
              aria-label={`${t(`starters.${starter.id}`)}: ${t(`starters.${starter.id}Note`)}`}
            >
              {t(`starters.${starter.id}`)}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
