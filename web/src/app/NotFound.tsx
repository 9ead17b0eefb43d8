import { Compass } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { EmptyState } from '../ui/EmptyState.tsx'
import { LinkButton } from '../ui/Link.tsx'
import { Page } from '../ui/Page.tsx'

/** Shown for addresses that lead nowhere. */
export function NotFound() {
  const t = useTranslations('app.notFound')
  return (
    <Page title={t('title')}>
      <EmptyState
        icon={<Compass />}
        title={t('title')}
        action={
          <LinkButton to="/" variant="primary">
            {t('home')}
          </LinkButton>
        }
      >
        {t('text')}
      </EmptyState>
    </Page>
  )
}
