/** What onboarding answers. */
import { z } from 'zod'
import { defineRoutes, wireId } from '../platform/wire.ts'

export const routes = defineRoutes({
  'POST /api/sample-workspace': {
    summary: 'Make a sample workspace of the caller’s own and enter it',
    ok: z.object({ organizationId: wireId('organization') }),
    status: 201,
    permission: 'person',
  },
})
