/** The pages of the room reports, and what it offers in the palette. */
import { createRoute } from '@tanstack/react-router'
import { ChartLine } from 'lucide-react'
import { registerReportPanel } from '../campaigns/report/panels.ts'
import type { Command } from '../platform/commands.ts'
import { pages, shellRoute } from '../platform/routing.tsx'

registerReportPanel({
  id: 'anomalies',
  texts: ['reports'],
  load: () => import('./anomalies/AnomalyPanel.tsx').then((module) => module.AnomalyPanel),
})

const page = pages('reports', 'team')

const overview = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports',
  component: page(() => import('./ReportsPage.tsx'), 'ReportsPage'),
})

const saved = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/saved',
  // The campaign whose report is to be shared.
  validateSearch: (search): { campaign?: string } =>
    typeof search['campaign'] === 'string' ? { campaign: search['campaign'] } : {},
  component: page(() => import('./saved/SavedPage.tsx'), 'SavedPage'),
})

/** What the campaign brought stands there as its test shows it. */
const moneyPage = pages('reports', 'campaigns', 'analytics')

const money = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/$campaignId',
  component: moneyPage(() => import('./MoneyPage.tsx'), 'MoneyPage'),
})

const journeys = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/journeys',
  component: page(() => import('./JourneysPage.tsx'), 'JourneysPage'),
})

const patterns = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/patterns',
  component: page(() => import('./PatternsPage.tsx'), 'PatternsPage'),
})

/** Campaigns are found as segments find them; channels are called as buyers' pages call them. */
const comparePage = pages('reports', 'segments', 'analytics', 'team')

const compare = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/compare',
  /** What is compared. */
  validateSearch: (search): { ids?: string[]; by?: 'channel' } => ({
    ...(Array.isArray(search['ids']) ? { ids: search['ids'].filter((id) => typeof id === 'string') } : {}),
    ...(search['by'] === 'channel' ? { by: 'channel' as const } : {}),
  }),
  component: comparePage(() => import('./ComparePage.tsx'), 'ComparePage'),
})

const history = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/history',
  // What is known among it is the page's to say: every page would carry the lists.
  validateSearch: (search): Record<string, unknown> => search,
  component: page(() => import('./history/HistoryPage.tsx'), 'HistoryPage'),
})

const moneyBy = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/money',
  /** By what money is told apart; the page knows by what it can be. */
  validateSearch: (search): { by?: string } => (typeof search['by'] === 'string' ? { by: search['by'] } : {}),
  component: moneyPage(() => import('./MoneyByPage.tsx'), 'MoneyByPage'),
})

const spendFiles = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/spends',
  component: moneyPage(() => import('./spend-files/SpendFilesPage.tsx'), 'SpendFilesPage'),
})

/** The settings stand in the frame of the team's. */
const pricesPage = pages('reports', 'analytics', 'contacts', 'delivery', 'team')

const prices = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/prices',
  component: pricesPage(() => import('./prices/PricesPage.tsx'), 'PricesPage'),
})

/** Pages inside the shell; see web/README.md. */
export const routes = [
  overview,
  saved,
  journeys,
  patterns,
  history,
  compare,
  moneyBy,
  spendFiles,
  prices,
  money,
] as const

/** Actions and places for the palette and single keys. */
export const commands: readonly Command[] = [
  {
    id: 'reports.compare',
    kind: 'place',
    text: 'reports.commands.compare',
    icon: ChartLine,
    href: '/reports/compare',
  },
  {
    id: 'reports.history',
    kind: 'place',
    text: 'reports.commands.history',
    icon: ChartLine,
    href: '/reports/history',
  },
  {
    id: 'reports.patterns',
    kind: 'place',
    text: 'reports.commands.patterns',
    icon: ChartLine,
    href: '/reports/patterns',
  },
  {
    id: 'reports.money',
    kind: 'place',
    text: 'reports.commands.money',
    icon: ChartLine,
    href: '/reports/money',
  },
  {
    id: 'reports.prices',
    kind: 'place',
    text: 'reports.commands.prices',
    icon: ChartLine,
    href: '/settings/prices',
  },
]
