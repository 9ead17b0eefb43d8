/** The routes of consent: each calls one verb. */
import type { FastifyReply } from 'fastify'
import { handle } from '../platform/room.ts'
import { centerVersions, changeCenter, preferenceCenter } from './center/manage.ts'
import { preferencesPreview } from './pages/preferences.ts'
import { organizationName } from './pages/person.ts'
import { doPreferences, doUnsubscribe, showPreferences, showUnsubscribe } from './pages/routes.ts'
import { complianceLog, complianceLogFile } from './log/log.ts'
import { consentLedger, consentOf, leavingReasons, recordHeard } from './preferences/overview.ts'
import { proofDocument } from './proof/document.ts'
import { proofOf } from './proof/proof.ts'
import { proofTable } from './proof/table.ts'
import { askToApply } from './retention/apply.ts'
import { decideRetention, previewRetention, retentionRules } from './retention/rules.ts'
import {
  carryOut,
  eraseContact,
  fetchArchive,
  fetchArchiveByLink,
  listRequests,
  openRequest,
  readRequest,
  rejectRequest,
} from './rights/requests.ts'
import { routes as specs } from './schema.ts'
import { addToList, beginList, listImports, previewList, undoList } from './suppression/import.ts'
import { liftById, listSuppressions, suppressAddress } from './suppression/list.ts'

export const routes = handle(specs, {
  'GET /u/:token': showUnsubscribe,
  'POST /u/:token': doUnsubscribe,
  'GET /preferences/:token': showPreferences,
  'POST /preferences/:token': doPreferences,
  'GET /api/contacts/:id/consents': (ctx, { params }) => consentOf(ctx, params.id),
  'POST /api/contacts/:id/consents': (ctx, { params, body }) => recordHeard(ctx, params.id, body),
  'GET /api/contacts/:id/proof': (ctx, { params }) => proofOf(ctx, params.id),
  'GET /api/contacts/:id/proof.csv': async (ctx, { params, reply }) => {
    const table = proofTable(await proofOf(ctx, params.id))
    attach(reply, 'consent-proof.csv')
    return table
  },
  'GET /api/contacts/:id/proof.pdf': async (ctx, { params, query, reply }) => {
    const proof = await proofOf(ctx, params.id)
    const about = { organization: await organizationName(ctx), locale: query.locale ?? ctx.locale }
    const document = await proofDocument(proof, about)
    attach(reply, 'consent-proof.pdf')
    return document
  },
  'GET /api/consents': (ctx, { query }) => consentLedger(ctx, query),
  'GET /api/consents/reasons': async (ctx, { query }) => ({
    items: await leavingReasons(ctx, query.campaignId),
  }),
  'GET /api/suppressions': (ctx, { query }) => listSuppressions(ctx, query),
  'POST /api/suppressions': (ctx, { body }) => suppressAddress(ctx, body),
  'POST /api/suppressions/preview': (ctx, { body }) => previewList(ctx, body.addresses),
  'GET /api/suppressions/imports': async (ctx) => ({ items: await listImports(ctx) }),
  'POST /api/suppressions/imports': (ctx, { body }) => beginList(ctx, body),
  'POST /api/suppressions/imports/:id/addresses': (ctx, { params, body }) =>
    addToList(ctx, params.id, body.addresses),
  'POST /api/suppressions/imports/:id/undo': (ctx, { params }) => undoList(ctx, params.id),
  'DELETE /api/suppressions/:id': (ctx, { params, query }) => liftById(ctx, params.id, query.reason),
  'GET /api/privacy/requests': (ctx, { query }) => listRequests(ctx, query),
  'POST /api/privacy/requests': (ctx, { body }) => openRequest(ctx, body),
  'GET /api/privacy/requests/:id': (ctx, { params }) => readRequest(ctx, params.id),
  'POST /api/privacy/requests/:id/carry-out': (ctx, { params }) => carryOut(ctx, params.id),
  'POST /api/privacy/requests/:id/reject': (ctx, { params, body }) =>
    rejectRequest(ctx, params.id, body.reason),
  'GET /api/privacy/requests/:id/archive': async (ctx, { params, reply }) => {
    const archive = await fetchArchive(ctx, params.id)
    attach(reply, 'personal-data.zip')
    return archive
  },
  'GET /privacy/archives/:token': async (ctx, { params, reply }) => {
    const archive = await fetchArchiveByLink(ctx, params.token)
    attach(reply, 'personal-data.zip')
    return archive
  },
  'GET /api/privacy/preference-center': (ctx) => preferenceCenter(ctx),
  'GET /api/privacy/preference-center/versions': async (ctx) => ({ items: await centerVersions(ctx) }),
  'PUT /api/privacy/preference-center': (ctx, { body }) => changeCenter(ctx, body.version, body.design),
  'POST /api/privacy/preference-center/preview': async (ctx, { body }) => ({
    html: preferencesPreview(body.design, await organizationName(ctx), body.locale),
  }),
  'GET /api/privacy/retention': async (ctx) => ({ items: await retentionRules(ctx) }),
  'PUT /api/privacy/retention': async (ctx, { body }) => ({
    items: await decideRetention(ctx, body.subject, body.keepDays),
  }),
  'POST /api/privacy/retention/preview': (ctx, { body }) =>
    previewRetention(ctx, body.subject, body.keepDays),
  'POST /api/privacy/retention/apply': (ctx) => askToApply(ctx),
  'GET /api/privacy/log': (ctx, { query }) => complianceLog(ctx, query),
  'GET /api/privacy/log.csv': async (ctx, { reply }) => {
    const file = await complianceLogFile(ctx)
    attach(reply, 'compliance-log.csv')
    return file
  },
  'POST /api/contacts/:id/erase': (ctx, { params, body }) => eraseContact(ctx, params.id, body.note),
})

function attach(reply: FastifyReply, fileName: string): void {
  reply
    .header('content-disposition', `attachment; filename="${fileName}"`)
    .header('cache-control', 'no-store, private')
    .header('x-robots-tag', 'noindex, nofollow')
}
