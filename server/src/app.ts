/** The rooms in floor order: the only list of them. */
import { registerMailCarrier } from './platform/mail.ts'
import { registerRetention } from './platform/retention.ts'
import { platformRetention } from './platform/retention-queries.ts'
import { registerRights } from './platform/rights.ts'
import type { Room } from './platform/room.ts'
import { team } from './team/index.ts'
import { contacts } from './contacts/index.ts'
import { analytics } from './analytics/index.ts'
import { segments } from './segments/index.ts'
import { tracking } from './tracking/index.ts'
import { consent } from './consent/index.ts'
import { budgets } from './budgets/index.ts'
import { content } from './content/index.ts'
import { experiments } from './experiments/index.ts'
import { carryOwnMail, delivery } from './delivery/index.ts'
import { pages } from './pages/index.ts'
import { campaigns } from './campaigns/index.ts'
import { reports } from './reports/index.ts'
import { onboarding } from './onboarding/index.ts'

/** Everything Fanfare answers, does in the background and listens to. */
export const rooms: readonly Room[] = [
  team,
  contacts,
  tracking,
  consent,
  analytics,
  segments,
  content,
  budgets,
  experiments,
  delivery,
  pages,
  campaigns,
  reports,
  onboarding,
]

// Tests and questions go where the organization's messages go, though their rooms stand below delivery.
registerMailCarrier(carryOwnMail)
// Requests for access and erasure reach every room through the platform.
registerRights(rooms)
registerRetention([...platformRetention, ...rooms.flatMap((room) => room.retention)])
