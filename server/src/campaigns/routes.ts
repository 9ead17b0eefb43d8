/** The routes of campaigns: each calls one verb. */
import { resultsOf, testOnHistory } from '../experiments/index.ts'
import { handle } from '../platform/room.ts'
import { applyWinner, trackVariant } from './ab-test/direct-test.ts'
import { exportResults } from './ab-test/export-results.ts'
import { planOfTest, readTest, removeTest, writeTest } from './ab-test/write-test.ts'
import { campaignDeadLetters, campaignDesk, sendDeadLettersAgain, stopSendingAgain } from './control/desk.ts'
import { whyForContact } from './control/why.ts'
import { routes as specs } from './schema.ts'
import {
  cancelCampaign,
  launchCampaign,
  pauseCampaign,
  resumeCampaign,
  scheduleCampaign,
} from './service/lifecycle.ts'
import { changeConversionRule, readConversionRule } from './service/conversions.ts'
import { createCampaign, duplicateCampaign, restoreRevision, updateCampaign } from './service/plan.ts'
import { limitCampaign, setCampaignBudget } from './service/limits.ts'
import { addPostLink, editPostLink, linksOfPosts } from './service/post-links.ts'
import { previewPlan, whenForContact } from './service/planning.ts'
import { bestHours } from './service/best-hours.ts'
import { estimateGiven, launchSummary } from './service/readiness.ts'
import { campaignOccurrences, describeCampaign, listHistory, listPage } from './service/read.ts'
import { campaignMetrics, campaignRuns, peopleBehindFigure, reportAs } from './service/report.ts'
import { testTrigger, triggerStatus } from './triggered/status.ts'
import { archiveCampaign, deleteCampaign, restoreCampaign, unarchiveCampaign } from './service/trash.ts'

export const routes = handle(specs, {
  'GET /api/campaigns/:id/trigger': (ctx, { params }) => triggerStatus(ctx, params.id),
  'POST /api/campaigns/trigger-test': (ctx, { body }) => testTrigger(ctx, body),
  'GET /api/campaigns/:id/desk': (ctx, { params }) => campaignDesk(ctx, params.id),
  'GET /api/campaigns/:id/dead-letters': (ctx, { params, query }) =>
    campaignDeadLetters(ctx, params.id, query),
  'POST /api/campaigns/:id/send-again': (ctx, { params, body }) => sendDeadLettersAgain(ctx, params.id, body),
  'POST /api/campaigns/:id/send-again/pause': (ctx, { params }) => stopSendingAgain(ctx, params.id, 'pause'),
  'POST /api/campaigns/:id/send-again/resume': (ctx, { params }) =>
    stopSendingAgain(ctx, params.id, 'resume'),
  'POST /api/campaigns/:id/send-again/cancel': (ctx, { params }) =>
    stopSendingAgain(ctx, params.id, 'cancel'),
  'GET /api/campaigns/:id/people/:contactId/why': (ctx, { params, query }) =>
    whyForContact(ctx, params.id, { ...params, ...query }),
  'GET /api/campaigns': (ctx, { query }) => listPage(ctx, query),
  'POST /api/campaigns': (ctx, { body }) => createCampaign(ctx, body),
  'GET /api/campaigns/:id': (ctx, { params }) => describeCampaign(ctx, params.id),
  'PUT /api/campaigns/:id': (ctx, { params, body }) => updateCampaign(ctx, params.id, body),
  'DELETE /api/campaigns/:id': (ctx, { params }) => deleteCampaign(ctx, params.id),
  'POST /api/campaigns/:id/restore': (ctx, { params }) => restoreCampaign(ctx, params.id),
  'POST /api/campaigns/:id/duplicate': (ctx, { params, body }) => duplicateCampaign(ctx, params.id, body),
  'POST /api/campaigns/:id/schedule': (ctx, { params, body }) => scheduleCampaign(ctx, params.id, body),
  'POST /api/campaigns/schedule-preview': (ctx, { body }) => previewPlan(ctx, body),
  'PUT /api/campaigns/:id/limits': (ctx, { params, body }) => limitCampaign(ctx, params.id, body),
  'PUT /api/campaigns/:id/budget': (ctx, { params, body }) => setCampaignBudget(ctx, params.id, body.budget),
  'POST /api/campaigns/:id/when': (ctx, { params, body }) => whenForContact(ctx, params.id, body),
  'GET /api/campaigns/:id/occurrences': async (ctx, { params }) => ({
    items: await campaignOccurrences(ctx, params.id),
  }),
  'POST /api/campaigns/:id/launch': (ctx, { params, body }) => launchCampaign(ctx, params.id, body),
  'POST /api/campaigns/:id/pause': (ctx, { params }) => pauseCampaign(ctx, params.id),
  'POST /api/campaigns/:id/resume': (ctx, { params, body }) =>
    resumeCampaign(ctx, params.id, body.reason ?? null),
  'POST /api/campaigns/:id/cancel': (ctx, { params }) => cancelCampaign(ctx, params.id),
  'POST /api/campaigns/:id/archive': (ctx, { params }) => archiveCampaign(ctx, params.id),
  'POST /api/campaigns/:id/unarchive': (ctx, { params }) => unarchiveCampaign(ctx, params.id),
  'GET /api/campaigns/:id/launch-summary': (ctx, { params }) => launchSummary(ctx, params.id),
  'GET /api/campaigns/:id/best-hours': (ctx, { params }) => bestHours(ctx, params.id),
  'POST /api/campaigns/estimate': (ctx, { body }) => estimateGiven(ctx, body, body.startsAt ?? ctx.now()),
  'GET /api/campaigns/:id/report': (ctx, { params, query: { locale, ...asked } }) =>
    reportAs({ ...ctx, locale: locale ?? ctx.locale }, params.id, asked),
  'GET /api/campaigns/:id/metrics': (ctx, { params }) => campaignMetrics(ctx, params.id),
  'GET /api/campaigns/:id/runs': async (ctx, { params }) => ({ items: await campaignRuns(ctx, params.id) }),
  'GET /api/campaigns/:id/conversion-rule': (ctx, { params }) => readConversionRule(ctx, params.id),
  'PUT /api/campaigns/:id/conversion-rule': (ctx, { params, body }) =>
    changeConversionRule(ctx, params.id, body),
  'GET /api/campaigns/:id/links': async (ctx, { params }) => ({ items: await linksOfPosts(ctx, params.id) }),
  'POST /api/campaigns/:id/links': (ctx, { params, body }) => addPostLink(ctx, params.id, body),
  'PATCH /api/campaigns/:id/links/:linkId': (ctx, { params, body }) =>
    editPostLink(ctx, params.id, params.linkId, body),
  'GET /api/campaigns/:id/people': (ctx, { params, query }) => peopleBehindFigure(ctx, params.id, query),
  'POST /api/campaigns/:id/ab-test': (ctx, { params, body }) => writeTest(ctx, params.id, body),
  'GET /api/campaigns/:id/ab-test': async (ctx, { params }) => ({ test: await readTest(ctx, params.id) }),
  'DELETE /api/campaigns/:id/ab-test': (ctx, { params }) => removeTest(ctx, params.id),
  'GET /api/campaigns/:id/ab-test/plan': (ctx, { params }) => planOfTest(ctx, params.id),
  'POST /api/campaigns/ab-test/self-test': (ctx, { body }) => testOnHistory(ctx, body),
  'POST /api/campaigns/ab-test/:testId/track': (ctx, { params, body }) =>
    trackVariant(ctx, params.testId, body.variantId, body.metrics),
  'GET /api/campaigns/ab-test/:testId/results': (ctx, { params }) => resultsOf(ctx, params.testId),
  'GET /api/campaigns/ab-test/:testId/results.csv': (ctx, { params, reply }) =>
    exportResults(ctx, params.testId, reply),
  'POST /api/campaigns/ab-test/:testId/apply-winner': (ctx, { params, body }) =>
    applyWinner(ctx, params.testId, { letter: body.variantId, reason: body.reason }),
  'GET /api/campaigns/:id/history': (ctx, { params, query }) => listHistory(ctx, params.id, query),
  'POST /api/campaigns/:id/history/:version/restore': (ctx, { params }) =>
    restoreRevision(ctx, params.id, params.version),
})
