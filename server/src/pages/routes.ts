/** The routes of pages: each calls one verb. */
import { organizationName } from '../consent/index.ts'
import { handle } from '../platform/room.ts'
import {
  archiveForm,
  createForm,
  formVersions,
  getForm,
  listForms,
  saveForm,
  setPublished,
} from './forms/manage.ts'
import { formPage, pageLocale } from './public/page.ts'
import { followConfirmation, pressConfirmation, sendForm, showForm } from './public/routes.ts'
import { routes as specs } from './schema.ts'
import { listSubmissions } from './submissions/list.ts'

export const routes = handle(specs, {
  'GET /f/:token': showForm,
  'POST /f/:token': sendForm,
  'GET /f/confirm/:token': followConfirmation,
  'POST /f/confirm/:token': pressConfirmation,
  'GET /api/forms': (ctx, { query }) => listForms(ctx, query),
  'POST /api/forms': (ctx, { body }) => createForm(ctx, body),
  'GET /api/forms/:id': (ctx, { params }) => getForm(ctx, params.id),
  'PUT /api/forms/:id': (ctx, { params, body }) =>
    saveForm(ctx, params.id, { name: body.name, definition: body.definition, based: body.version }),
  'DELETE /api/forms/:id': (ctx, { params }) => archiveForm(ctx, params.id),
  'POST /api/forms/:id/publish': (ctx, { params }) => setPublished(ctx, params.id, true),
  'POST /api/forms/:id/unpublish': (ctx, { params }) => setPublished(ctx, params.id, false),
  'GET /api/forms/:id/versions': async (ctx, { params }) => ({ items: await formVersions(ctx, params.id) }),
  'GET /api/forms/:id/submissions': (ctx, { params, query }) => listSubmissions(ctx, params.id, query),
  'POST /api/forms/preview': async (ctx, { body: { definition, locale } }) => ({
    html: formPage({
      organization: await organizationName(ctx),
      version: 1,
      definition,
      locale: pageLocale(definition, locale),
    }),
  }),
})
