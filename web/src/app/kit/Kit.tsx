import { useState } from 'react'
import { languages, switchLanguage } from '../../platform/i18n/store.ts'
import { chooseTheme, themes, useTheme } from '../../platform/theme.ts'
import { useLanguage } from '../../platform/i18n/I18n.tsx'
import { Page } from '../../ui/Page.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { KitActions } from './KitActions.tsx'
import { KitFields } from './KitFields.tsx'
import { KitFigures } from './KitFigures.tsx'
import { KitLists } from './KitLists.tsx'

/** Everything of the kit on one page, for those who work on it. English only: it is no part of the product. */
export function Kit() {
  const theme = useTheme()
  const language = useLanguage()
  const [tab, setTab] = useState<'fields' | 'actions' | 'lists' | 'figures'>('fields')
  return (
    <main className="mx-auto max-w-5xl p-6">
      <Page
        title="Kit"
        subtitle="Every component in its states"
        actions={
          <>
            <Segmented
              label="Theme"
              options={themes.map((value) => ({ value, label: value }))}
              value={theme}
              onChange={chooseTheme}
            />
            <Segmented
              label="Language"
              options={languages.map((value) => ({ value, label: value }))}
              value={language}
              onChange={(next) => void switchLanguage(next)}
            />
          </>
        }
      >
        <Tabs
          label="Parts"
          selected={tab}
          onSelect={setTab}
          items={[
            { id: 'fields', label: 'Fields', content: <KitFields /> },
            { id: 'actions', label: 'Actions', content: <KitActions /> },
            { id: 'lists', label: 'Lists', count: '14', content: <KitLists /> },
            { id: 'figures', label: 'Figures', content: <KitFigures /> },
          ]}
        />
      </Page>
    </main>
  )
}
