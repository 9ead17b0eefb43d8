/** The door of the room pages: hosted sign-up forms with double opt-in. */
import { anyJob } from '../platform/jobs/index.ts'
import { room } from '../platform/room.ts'
import { accessParts, eraseSteps } from './erase.ts'
import { routes } from './routes.ts'
import { oldSubmissions } from './submissions/retention.ts'
import { forgetUnconfirmed, sendConfirmation } from './submissions/jobs.ts'

export * from './events.ts'
export { createForm, getForm, setPublished, type Form } from './forms/manage.ts'

/** The room, as app.ts lists it. */
export const pages = room('pages', {
  routes,
  jobs: [anyJob(sendConfirmation)],
  schedules: [forgetUnconfirmed],
  erase: eraseSteps,
  access: accessParts,
  retention: [oldSubmissions],
})
