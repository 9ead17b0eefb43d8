/**
 * Places of a campaign's report that rooms above fill. A room registers its panel in its `routes.tsx`, which is loaded
 * at the start; the panel and its texts arrive with the first report that is opened.
 */
import { lazy } from 'react'
import type { ComponentType } from 'react'
import { loadMessages } from '../../platform/i18n/store.ts'

type Panel = ComponentType<{ campaignId: string }>

const panels = new Map<string, Panel>()

/** Adds a panel above the figures of every report. `texts` are the rooms whose words it uses. */
export function registerReportPanel({
  id,
  texts,
  load,
}: {
  id: string
  texts: readonly string[]
  load: () => Promise<Panel>
}): void {
  panels.set(
    id,
    lazy(() => Promise.all([load(), loadMessages(...texts)]).then(([panel]) => ({ default: panel }))),
  )
}

/** The registered panels. */
export const reportPanels = (): { id: string; Panel: Panel }[] =>
  [...panels].map(([id, Panel]) => ({ id, Panel }))
