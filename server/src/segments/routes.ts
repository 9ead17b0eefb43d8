/** What answers this room's routes: each calls one verb. */
import { handle } from '../platform/room.ts'
import { campaignSource } from './campaigns.ts'
import { selectEventProperties, selectSuggestions } from './queries/scope.ts'
import { routes } from './schema.ts'
import { previewAudience } from './service/audiences.ts'
import { addMembers, evaluateCriteria, getSegmentMembers, removeUserFromSegment } from './service/members.ts'
import { previewRule, previewSegment } from './service/preview.ts'
import {
  createSegment,
  deleteSegment,
  duplicateSegment,
  getSegment,
  listSegments,
  refreshSegment,
  restoreSegment,
  updateSegment,
} from './service/segments.ts'
import { compareSegments, getSegmentPerformance } from './service/performance.ts'
import { segmentsOf, whyInSegment } from './service/why.ts'
import { vocabulary } from './service/vocabulary.ts'

/** Most properties and campaigns offered at once. */
const PROPERTIES_MAX = 200
const CAMPAIGNS_MAX = 50

export const handlers = handle(routes, {
  'GET /api/segments': (ctx, { query }) => listSegments(ctx, { ...query, deleted: query.deleted === 'true' }),
  'POST /api/segments': (ctx, { body }) => createSegment(ctx, body),
  'GET /api/segments/vocabulary': (ctx) => vocabulary(ctx),
  'GET /api/segments/event-properties': async (ctx, { query }) => ({
    properties: await selectEventProperties(ctx, query.event, PROPERTIES_MAX),
  }),
  'GET /api/segments/campaigns': async (ctx, { query }) => ({
    campaigns: await (query.ids === undefined
      ? campaignSource().find(ctx, query.q, CAMPAIGNS_MAX)
      : campaignSource().named(ctx, query.ids)),
  }),
  'GET /api/segments/suggestions': async (ctx, { query }) => ({
    values: await selectSuggestions(ctx, query.from, query.q),
  }),
  'POST /api/segments/preview': (ctx, { body }) =>
    body.audience === undefined
      ? previewRule(ctx, body.rule ?? { all: [] }, body.precision)
      : previewAudience(ctx, body.audience, body.precision),
  'POST /api/segments/evaluate': async (ctx, { body }) => ({
    matches: await evaluateCriteria(ctx, body.contactId, body.rule),
  }),
  'POST /api/segments/compare': (ctx, { body }) => compareSegments(ctx, [...new Set(body.segmentIds)]),
  'GET /api/segments/of/:contactId': async (ctx, { params }) => ({
    segments: await segmentsOf(ctx, params.contactId),
  }),
  'GET /api/segments/:id/performance': (ctx, { params, query }) =>
    getSegmentPerformance(ctx, params.id, query.days),
  'GET /api/segments/:id/why/:contactId': (ctx, { params }) => whyInSegment(ctx, params.id, params.contactId),
  'GET /api/segments/:id': (ctx, { params }) => getSegment(ctx, params.id),
  'PUT /api/segments/:id': (ctx, { params, body }) => updateSegment(ctx, params.id, body),
  'DELETE /api/segments/:id': (ctx, { params }) => deleteSegment(ctx, params.id),
  'POST /api/segments/:id/restore': (ctx, { params }) => restoreSegment(ctx, params.id),
  'POST /api/segments/:id/duplicate': (ctx, { params }) => duplicateSegment(ctx, params.id),
  'POST /api/segments/:id/refresh': (ctx, { params }) => refreshSegment(ctx, params.id),
  'GET /api/segments/:id/preview': (ctx, { params, query }) =>
    previewSegment(ctx, params.id, query.precision),
  'GET /api/segments/:id/members': (ctx, { params, query }) => getSegmentMembers(ctx, params.id, query),
  'POST /api/segments/:id/members': (ctx, { params, body }) => addMembers(ctx, params.id, body),
  'DELETE /api/segments/:id/members/:contactId': (ctx, { params }) =>
    removeUserFromSegment(ctx, params.contactId, params.id),
})
