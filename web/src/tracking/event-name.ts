import { useTranslations } from 'use-intl'

/** How a type of event is called: by its own name, or by ours for those that have none. */
export function useEventName() {
  const t = useTranslations('tracking.names')
  return ({ type, name }: { type: string; name: string }): string => {
    switch (type) {
      case 'page':
      case 'screen':
      case 'identify':
      case 'group':
        return t(type)
      default:
        return name
    }
  }
}
