import { useTranslations } from 'use-intl'
import { Page } from '../../ui/Page.tsx'

/** The first page after signing in. */
export function Home() {
  const t = useTranslations('app.navigation')
  return <Page title={t('home')}>{null}</Page>
}
