import type { ReactNode } from 'react'
import { useSyncExternalStore } from 'react'
import { I18nProvider } from 'react-aria-components'
import { IntlProvider } from 'use-intl'
import { currentI18n, subscribe } from './store.ts'
import type { Language } from './store.ts'
import { useTimeZone } from './zone.ts'

/** Gives messages to everything below it, and the same language to the calendars and number fields of the kit. */
export function I18n({ children }: { children: ReactNode }) {
  const { language, messages } = useSyncExternalStore(subscribe, currentI18n)
  return (
    <IntlProvider
      locale={language}
      messages={messages}
      timeZone={useTimeZone()}
      onError={(error) => {
        // A missing text is a bug that tests must see; readers get the key instead of an empty screen.
        if (import.meta.env.DEV) throw error
      }}
    >
      <I18nProvider locale={regionalLocale(language)}>{children}</I18nProvider>
    </IntlProvider>
  )
}

/** The reader's language. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentI18n).language
}

/** Picks of words that somebody wrote in one language or both: the reader's, or the other where it says nothing. */
export function useOwnWords(): (words: {
  en?: string | undefined
  fr?: string | undefined
}) => string | undefined {
  const language = useLanguage()
  return (words) => words[language] ?? words[language === 'fr' ? 'en' : 'fr']
}

/**
 * The locale for dates and numbers: the browser's own region when it speaks the chosen language,
 * so that a Canadian and a French reader of French each see their habits.
 */
export function regionalLocale(language: Language): string {
  const regional = navigator.languages.find((tag) => tag.startsWith(`${language}-`))
  return regional ?? (language === 'fr' ? 'fr-FR' : 'en-GB')
}
