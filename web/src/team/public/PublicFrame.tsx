import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import { useLanguage } from '../../platform/i18n/I18n.tsx'
import { languages, switchLanguage } from '../../platform/i18n/store.ts'
import { Segmented } from '../../ui/Segmented.tsx'

/** The frame of pages for people who are not signed in: one thing in the middle, calm. */
export function PublicFrame({
  title,
  note,
  children,
  width = 'narrow',
}: {
  title: string
  note?: ReactNode
  children: ReactNode
  width?: 'narrow' | 'wide'
}) {
  const t = useTranslations('app.language')
  const language = useLanguage()
  useEffect(() => {
    document.title = `${title} · Fanfare`
  }, [title])
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-8 sm:py-14">
      <main className={`w-full ${width === 'narrow' ? 'max-w-[400px]' : 'max-w-[560px]'}`}>
        <p className="mb-8 flex items-center justify-center gap-2 text-lg font-semibold tracking-tight">
          <img src="/favicon.svg" alt="" className="size-6" />
          Fanfare
        </p>
        <div className="rounded-xl border border-line bg-panel p-5 sm:p-7">
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          {note !== undefined && <div className="mt-1 text-muted">{note}</div>}
          <div className="mt-5">{children}</div>
        </div>
      </main>
      <footer className="mt-6">
        <Segmented
          label={t('label')}
          options={languages.map((value) => ({ value, label: t(value) }))}
          value={language}
          onChange={(value) => void switchLanguage(value)}
        />
      </footer>
    </div>
  )
}
