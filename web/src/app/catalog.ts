/** Types of all messages, so that an unknown key does not compile. One line per room. */
import type analytics from '../analytics/messages/en.json'
import type campaigns from '../campaigns/messages/en.json'
import type consent from '../consent/messages/en.json'
import type contacts from '../contacts/messages/en.json'
import type content from '../content/messages/en.json'
import type delivery from '../delivery/messages/en.json'
import type pages from '../pages/messages/en.json'
import type reports from '../reports/messages/en.json'
import type segments from '../segments/messages/en.json'
import type team from '../team/messages/en.json'
import type tracking from '../tracking/messages/en.json'
import type ui from '../ui/messages/en.json'
import type app from './messages/en.json'

interface Catalog {
  analytics: typeof analytics
  app: typeof app
  campaigns: typeof campaigns
  consent: typeof consent
  contacts: typeof contacts
  content: typeof content
  delivery: typeof delivery
  pages: typeof pages
  reports: typeof reports
  segments: typeof segments
  team: typeof team
  tracking: typeof tracking
  ui: typeof ui
}

declare module 'use-intl' {
  interface AppConfig {
    Locale: 'en' | 'fr'
    Messages: Catalog
  }
}
