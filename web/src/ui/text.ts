import { useTranslations } from 'use-intl'

/** The kit's own words (`web/src/ui/messages`); also the words that every room needs: `actions.save`, `actions.cancel`. */
export function useKitText() {
  return useTranslations('ui')
}
