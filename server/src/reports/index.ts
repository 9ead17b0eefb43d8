/** The door of the room reports: what campaigns earned and what can be learnt from them. */
import { registerReportPaper } from '../campaigns/index.ts'
import { anyJob } from '../platform/jobs/index.ts'
import { room } from '../platform/room.ts'
import { tellOfUnusual } from './anomalies/tell.ts'
import { watchForUnusual } from './anomalies/watch.ts'
import { campaignLines } from './papers/breakdowns.ts'
import { campaignPdf } from './papers/files.ts'
import { routes } from './routes.ts'
import { mailReport } from './saved/mail.ts'
import { mailCompleted } from './saved/on-completion.ts'

// The report's own route stands in campaigns, which must not know this room: it asks whoever has registered.
registerReportPaper(campaignPdf, campaignLines)

export const reports = room('reports', {
  routes,
  jobs: [anyJob(mailReport), anyJob(tellOfUnusual)],
  schedules: [watchForUnusual],
  consumers: [mailCompleted],
})
