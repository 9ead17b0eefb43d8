/** The door of onboarding: the sample workspace. */
import { handle, room } from '../platform/room.ts'
import { sessionTokenHash } from '../team/index.ts'
import { routes } from './schema.ts'
import { createSampleWorkspace } from './service.ts'

/** The room, as app.ts lists it. */
export const onboarding = room('onboarding', {
  routes: handle(routes, {
    'POST /api/sample-workspace': async (ctx, { request }) => ({
      organizationId: await createSampleWorkspace(ctx, sessionTokenHash(ctx.platform, request)),
    }),
  }),
})
