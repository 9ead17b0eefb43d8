/** The routes of content: each calls one verb. */
import { handle } from '../platform/room.ts'
import { routes as specs } from './schema.ts'
import { listVariables } from './service/catalogue.ts'
import { previewMessage } from './service/messages.ts'
import { preflightMail } from './service/preflight.ts'
import { previewMail, sendTest } from './service/preview.ts'
import {
  changeTemplate,
  createTemplate,
  deleteTemplate,
  duplicateTemplate,
  listTemplates,
  previewTemplate,
  readTemplateOrRefuse,
  restoreTemplate,
} from './service/templates.ts'
import { listStarters, previewStarter } from './service/starters.ts'

export const routes = handle(specs, {
  'GET /api/content/variables': async (ctx, { query }) => ({ items: await listVariables(ctx, query) }),
  'GET /api/content/starters': async (_ctx, { query }) => ({ items: listStarters(query.language) }),
  'GET /api/content/starters/:key/preview': (ctx, { params, query }) =>
    previewStarter(ctx, params.key, query.language),
  'GET /api/content/templates': (ctx, { query }) => listTemplates(ctx, query),
  'POST /api/content/templates': (ctx, { body }) => createTemplate(ctx, body),
  'GET /api/content/templates/:id': (ctx, { params }) => readTemplateOrRefuse(ctx, params.id),
  'PUT /api/content/templates/:id': (ctx, { params, body }) => changeTemplate(ctx, params.id, body),
  'DELETE /api/content/templates/:id': (ctx, { params }) => deleteTemplate(ctx, params.id),
  'POST /api/content/templates/:id/restore': (ctx, { params }) => restoreTemplate(ctx, params.id),
  'POST /api/content/templates/:id/duplicate': (ctx, { params }) => duplicateTemplate(ctx, params.id),
  'GET /api/content/templates/:id/preview': (ctx, { params }) => previewTemplate(ctx, params.id),
  'POST /api/content/preview': (ctx, { body }) => previewMail(ctx, body),
  'POST /api/content/preflight': async (ctx, { body }) => {
    const checks = await preflightMail(ctx, body.source, { data: true, ...body })
    return { ready: checks.every((check) => check.level !== 'block'), checks }
  },
  'POST /api/content/message-preview': (ctx, { body }) => previewMessage(ctx, body),
  'POST /api/content/test-send': (ctx, { body }) => sendTest(ctx, body),
})
