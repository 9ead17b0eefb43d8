/**
 * The places of a profile that rooms above fill: consent, messages, enrolments. A room registers its panel in its
 * `routes.tsx`, which is loaded at the start; the panel and its texts arrive with the first profile that is opened.
 *
 *     registerContactPanel({ id: 'consent', order: 10, texts: ['consent'], load: () => import('./ConsentPanel.tsx').then((module) => module.ConsentPanel) })
 */
import { lazy } from 'react'
import type { ComponentType } from 'react'
import { loadMessages } from '../platform/i18n/store.ts'

type Panel = ComponentType<{ contactId: string }>

/** A part of a profile that another room draws, with a Section of its own. */
export interface ContactPanel {
  id: string
  /** Lower stands higher. */
  order: number
  Panel: Panel
}

const panels = new Map<string, ContactPanel>()

/** Adds a panel to every profile. `texts` are the rooms whose words it uses. */
export function registerContactPanel({
  id,
  order,
  texts,
  load,
}: {
  id: string
  order: number
  texts: readonly string[]
  load: () => Promise<Panel>
}): void {
  panels.set(id, {
    id,
    order,
    Panel: lazy(() => Promise.all([load(), loadMessages(...texts)]).then(([panel]) => ({ default: panel }))),
  })
}

/** The registered panels from top to bottom. */
export function contactPanels(): ContactPanel[] {
  return [...panels.values()].toSorted((a, b) => a.order - b.order)
}
