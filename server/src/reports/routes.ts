/** The routes of reports: each calls one verb. */
import { applyAdvice } from './apply-advice.ts'
import { handle } from '../platform/room.ts'
import { acknowledgeAnomaly, chooseMail, listAnomalies } from './anomalies/manage.ts'
import { campaignFunnel } from './breakdown.ts'
import { compareCampaigns, compareChannels, topCampaigns } from './compare.ts'
import { searchHistory } from './history/search.ts'
import { insights } from './insights.ts'
import { journeyReport } from './journeys.ts'
import { campaignRoi, correctSpend, dropSpend, spendsOf, writeSpend } from './money.ts'
import { comparisonAs, moneyByAs, overviewAs } from './papers/files.ts'
import { changeSaved, listSaved, removeSaved, savedPdf, saveReport } from './saved/manage.ts'
import { testPdf } from './papers/test.ts'
import { routes as specs } from './schema.ts'
import { listShares, revokeShare, shareReport } from './share/manage.ts'
import { showShared } from './share/page.ts'
import { previewSpendFile, spendFiles, takeBackSpendFile, takeSpendFile } from './spend-files/import.ts'
import { performanceTrends } from './trends.ts'
import { usualRates } from './usual.ts'

export const routes = handle(specs, {
  'GET /api/campaigns/:id/roi': (ctx, { params, query }) => campaignRoi(ctx, params.id, query.model),
  'GET /api/campaigns/:id/funnel': (ctx, { params, query }) => campaignFunnel(ctx, params.id, query),
  'GET /api/campaigns/:id/platforms': (ctx, { params }) => compareChannels(ctx, [params.id]),
  'GET /api/campaigns/:id/usual': (ctx, { params }) => usualRates(ctx, params.id),
  'GET /api/campaigns/compare': (ctx, { query: { locale, ...asked } }) =>
    comparisonAs({ ...ctx, locale: locale ?? ctx.locale }, asked),
  'POST /api/campaigns/compare': (ctx, { body }) => compareCampaigns(ctx, body.campaignIds),
  'GET /api/campaigns/top-performing': (ctx, { query }) => topCampaigns(ctx, query),
  'GET /api/campaigns/insights': (ctx) => insights(ctx),
  'POST /api/campaigns/insights/apply': (ctx, { body }) => applyAdvice(ctx, body),
  'GET /api/analytics/overview': (ctx, { query: { locale, ...asked } }) =>
    overviewAs({ ...ctx, locale: locale ?? ctx.locale }, asked),
  'GET /api/analytics/money': (ctx, { query: { locale, ...asked } }) =>
    moneyByAs({ ...ctx, locale: locale ?? ctx.locale }, asked),
  'GET /api/analytics/journeys': (ctx, { query }) => journeyReport(ctx, query),
  'GET /api/analytics/trends': (ctx, { query }) => performanceTrends(ctx, query),
  'GET /api/analytics/anomalies': (ctx, { query }) => listAnomalies(ctx, query),
  'POST /api/analytics/anomalies/:id/acknowledge': (ctx, { params, body }) =>
    acknowledgeAnomaly(ctx, params.id, body),
  'PUT /api/analytics/anomalies/mail': (ctx, { body }) => chooseMail(ctx, body.isMailed),
  'GET /api/reports/history': (ctx, { query }) => searchHistory(ctx, query),
  'GET /api/reports/saved': (ctx) => listSaved(ctx),
  'POST /api/reports/saved': (ctx, { body }) => saveReport(ctx, body),
  'PUT /api/reports/saved/:id': (ctx, { params, body }) => changeSaved(ctx, params.id, body),
  'DELETE /api/reports/saved/:id': (ctx, { params }) => removeSaved(ctx, params.id),
  'GET /api/reports/saved/:id/pdf': async (ctx, { params, reply }) => {
    const pdf = await savedPdf(ctx, params.id)
    reply.header('content-disposition', 'attachment; filename="report.pdf"')
    return pdf
  },
  'GET /api/reports/shares': (ctx) => listShares(ctx),
  'POST /api/reports/shares': (ctx, { body }) => shareReport(ctx, body),
  'DELETE /api/reports/shares/:id': (ctx, { params }) => revokeShare(ctx, params.id),
  'GET /r/:token': showShared,
  'GET /api/campaigns/ab-test/:testId/results.pdf': async (ctx, { params, query, reply }) => {
    const document = await testPdf({ ...ctx, locale: query.locale ?? ctx.locale }, params.testId)
    reply.header(
      'content-disposition',
      `attachment; filename="test-${ctx.now().toISOString().slice(0, 10)}.pdf"`,
    )
    return document
  },
  'GET /api/campaigns/:id/spends': (ctx, { params }) => spendsOf(ctx, params.id),
  'POST /api/campaigns/:id/spends': (ctx, { params, body }) => writeSpend(ctx, params.id, body),
  'PUT /api/campaigns/:id/spends/:spendId': (ctx, { params, body }) => correctSpend(ctx, params, body),
  'DELETE /api/campaigns/:id/spends/:spendId': (ctx, { params }) => dropSpend(ctx, params.id, params.spendId),
  'POST /api/spends/imports/preview': (ctx, { body }) => previewSpendFile(ctx, body),
  'POST /api/spends/imports': (ctx, { body }) => takeSpendFile(ctx, body),
  'GET /api/spends/imports': (ctx) => spendFiles(ctx),
  'POST /api/spends/imports/:id/undo': (ctx, { params }) => takeBackSpendFile(ctx, params.id),
})
