import { Banner } from './Banner.tsx'
import { PageFrame } from './PageFrame.tsx'
import { Segmented } from './Segmented.tsx'

/** A page of the product's own as its visitors will see it, in either language, without its scripts. */
export function PagePreview({
  title,
  languageLabel,
  locale,
  onLocale,
  html,
  isWrong,
  wrong,
}: {
  title: string
  languageLabel: string
  locale: 'en' | 'fr'
  onLocale: (locale: 'en' | 'fr') => void
  /** The whole page; empty until it is there. */
  html: string
  /** What is edited cannot be shown as it is. */
  isWrong: boolean
  /** Says so. */
  wrong: string
}) {
  return (
    <div className="grid min-w-0 content-start gap-3 lg:sticky lg:top-4">
      <div className="flex items-center justify-between gap-2">
        <h2 className="font-semibold">{title}</h2>
        <Segmented
          label={languageLabel}
          value={locale}
          onChange={onLocale}
          options={[
            { value: 'en', label: 'English' },
            { value: 'fr', label: 'Français' },
          ]}
        />
      </div>
      {isWrong ? (
        <Banner tone="info">{wrong}</Banner>
      ) : (
        <PageFrame
          title={title}
          html={html}
          height="720px"
          className="w-full rounded-xl border border-line bg-panel"
        />
      )}
    </div>
  )
}
