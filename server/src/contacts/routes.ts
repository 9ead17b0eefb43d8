/** Handlers: each calls one verb. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, Id } from '../platform/ids.ts'
import { handle } from '../platform/room.ts'
import { type ChangeId } from './changes/change.ts'
import { conditionFor, startChange, undoChange } from './changes/run.ts'
import { selectChange } from './changes/queries.ts'
import { errors } from './errors.ts'
import { addField, changeField, listFields } from './fields/manage.ts'
import type { ContactImport } from './imports/import.ts'
import {
  cancelImport,
  discardImport,
  getImport,
  listImports,
  preview,
  readAgain,
  resumeImport,
  startImport,
  undoImport,
} from './imports/manage.ts'
import { columnName, problemFile } from './imports/problem-file.ts'
import { countReasons, selectFirstProblems } from './imports/queries.ts'
import { uploadFile } from './imports/upload.ts'
import { exportContacts } from './list/export-contacts.ts'
import type { ContactFilter } from './list/filter.ts'
import { countMatching, filterCondition, listContacts } from './list/list-contacts.ts'
import { mergeContacts } from './people/merge.ts'
import { getContact, readTimeline } from './people/read.ts'
import { upsertContacts } from './people/upsert.ts'
import { createContact, updateContact } from './people/write.ts'
import { routes as specs } from './schema.ts'
import { selectTags } from './store/queries.ts'
import { reasonText } from './values/reasons.ts'
import type { Problem } from './imports/convert.ts'

/** Problems shown on the screen; the file has them all. */
const PROBLEMS_SHOWN = 50

/** The source of a person added by this caller: a program or somebody at the screen. */
const sourceOf = (ctx: Ctx): string => (ctx.actor.kind === 'api_key' ? 'api' : 'manual')

/** The routes of this room with their handlers. */
export const routes = handle(specs, {
  'GET /api/contacts': (ctx, { query }) => listContacts(ctx, filterOf(query), query),
  'POST /api/contacts': (ctx, { body }) => createContact(ctx, body, sourceOf(ctx)),
  'POST /api/contacts/upsert': async (ctx, { body }) => {
    const outcomes = await upsertContacts(ctx, body.contacts, { source: sourceOf(ctx), policy: body.policy })
    return {
      results: outcomes.map(({ contactId, outcome, leftOut }) => ({
        id: contactId,
        outcome,
        problems: leftOut.map(({ field, reason }) => ({
          path: field,
          reason,
          message: reasonText(reason, ctx.locale),
        })),
      })),
    }
  },
  'GET /api/contacts/count': async (ctx, { query }) => ({ count: await countMatching(ctx, filterOf(query)) }),
  'GET /api/contacts/tags': async (ctx, { query }) => ({
    items: (await selectTags(ctx, query.q, query.limit)).map(({ tag }) => tag),
  }),
  'GET /api/contacts/export': async (ctx, { query, reply }) => {
    const ids = query.ids
    const filter = filterOf(query)
    const condition = ids ? conditionFor({ kind: 'ids', ids }, ctx.now()) : filterCondition(filter)
    const csv = await exportContacts(ctx, condition, {
      hasByteOrderMark: query.bom,
      about: ids ? { ids } : { filter },
    })
    attach(reply, 'contacts.csv')
    return csv
  },
  'POST /api/contacts/changes': (ctx, { body }) => startChange(ctx, body.action, body.selection),
  'GET /api/contacts/changes/:id': (ctx, { params }) => readChange(ctx, params.id),
  'POST /api/contacts/changes/:id/undo': (ctx, { params }) => undoChange(ctx, params.id),
  'GET /api/contacts/fields': async (ctx, { query }) => ({ items: await listFields(ctx, query) }),
  'POST /api/contacts/fields': (ctx, { body }) => addField(ctx, body),
  'PATCH /api/contacts/fields/:id': (ctx, { params, body }) => changeField(ctx, params.id, body),
  'GET /api/contacts/imports': (ctx, { query }) => listImports(ctx, query),
  'POST /api/contacts/imports': (ctx, { query, request }) =>
    receiveUpload(ctx, request, query.timeZone ?? null),
  'GET /api/contacts/imports/:id': (ctx, { params }) => getImport(ctx, params.id),
  'PATCH /api/contacts/imports/:id': (ctx, { params, body }) => {
    const { defaultCountry, ...wanted } = body
    return readAgain(ctx, params.id, wanted, defaultCountry)
  },
  'DELETE /api/contacts/imports/:id': (ctx, { params }) => discardImport(ctx, params.id),
  'POST /api/contacts/imports/:id/preview': async (ctx, { params, body }) => {
    const found = await getImport(ctx, params.id)
    const result = await preview(ctx, params.id, body)
    return {
      ...result,
      examples: result.examples.map((example) => ({ ...example, changed: [...example.changed] })),
      problems: result.problems.map((problem) => shownProblem(ctx, found, problem)),
      reasons: result.reasons.map((reason) => shownReason(ctx, found, reason)),
    }
  },
  'POST /api/contacts/imports/:id/start': (ctx, { params, body }) => startImport(ctx, params.id, body),
  'POST /api/contacts/imports/:id/resume': (ctx, { params }) => resumeImport(ctx, params.id),
  'POST /api/contacts/imports/:id/cancel': (ctx, { params }) => cancelImport(ctx, params.id),
  'POST /api/contacts/imports/:id/undo': (ctx, { params }) => undoImport(ctx, params.id),
  'GET /api/contacts/imports/:id/problems': async (ctx, { params }) => {
    const found = await getImport(ctx, params.id)
    const reasons = await countReasons(ctx, found.id)
    const first = await selectFirstProblems(ctx, found.id, PROBLEMS_SHOWN)
    return {
      reasons: reasons.map((reason) => shownReason(ctx, found, reason)),
      first: first.map((problem) => shownProblem(ctx, found, problem)),
    }
  },
  'GET /api/contacts/imports/:id/problems.csv': async (ctx, { params, reply }) => {
    const csv = await problemFile(ctx, params.id)
    attach(reply, ctx.locale === 'fr' ? 'erreurs.csv' : 'errors.csv')
    return csv
  },
  'GET /api/contacts/:id': (ctx, { params }) => getContact(ctx, params.id),
  'PATCH /api/contacts/:id': (ctx, { params, body }) => updateContact(ctx, params.id, body, sourceOf(ctx)),
  'DELETE /api/contacts/:id': async (ctx, { params }) => {
    const { id } = await getContact(ctx, params.id)
    return startChange(ctx, { kind: 'delete' }, { kind: 'ids', ids: [id] })
  },
  'POST /api/contacts/:id/merge': (ctx, { params, body }) =>
    mergeContacts(ctx, params.id, body.mergedId, body.fromMerged),
  'GET /api/contacts/:id/timeline': async (ctx, { params, query }) => {
    const page = await readTimeline(ctx, params.id, query)
    // The log's columns hold these kinds of ids.
    return {
      ...page,
      items: page.items.map((entry) => ({
        ...entry,
        id: entry.id as Id<'event'>,
        campaignId: entry.campaignId as CampaignId | null,
      })),
    }
  },
})

type FilterQuery = z.output<(typeof specs)['GET /api/contacts/export']['query']>

/** The filter of a query string; empty lists say nothing. */
function filterOf(query: Omit<FilterQuery, 'ids' | 'bom'>): ContactFilter {
  const { attribute, q, timeZone, importId, hasEmail, hasPhone, createdFrom, createdBefore } = query
  const colon = attribute?.indexOf(':') ?? -1
  const lists = {
    tags: query.tags,
    withoutTags: query.withoutTags,
    countries: query.countries,
    languages: query.languages,
    subscriptionTiers: query.subscriptionTiers,
    subscriptionStatuses: query.subscriptionStatuses,
    sources: query.sources,
  }
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined && list.length > 0)),
    ...(q === undefined ? {} : { q }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(importId === undefined ? {} : { importId }),
    ...(hasEmail === undefined ? {} : { hasEmail }),
    ...(hasPhone === undefined ? {} : { hasPhone }),
    ...(createdFrom === undefined ? {} : { createdFrom }),
    ...(createdBefore === undefined ? {} : { createdBefore }),
    ...(attribute === undefined
      ? {}
      : { attribute: { key: attribute.slice(0, colon), value: attribute.slice(colon + 1) } }),
  }
}

/** @throws contacts.change_not_found */
async function readChange(ctx: Ctx, id: ChangeId): ReturnType<typeof startChange> {
  const change = await selectChange(ctx, id)
  if (!change) throw errors.change_not_found({ id })
  return change
}

async function receiveUpload(
  ctx: Ctx,
  request: FastifyRequest,
  timeZone: string | null,
): Promise<ContactImport> {
  if (!request.isMultipart()) throw errors.file_missing()
  const part = await request.file()
  if (!part) throw errors.file_missing()
  return uploadFile(ctx, {
    fileName: part.filename,
    content: part.file,
    isTruncated: () => part.file.truncated,
    timeZone,
  })
}

function shownProblem(
  ctx: Ctx,
  found: ContactImport,
  problem: Problem,
): { row: number; column: string; value: string; reason: string; sentence: string; isRow: boolean } {
  const { rowNumber, columnNumber, value, reason, isRow } = problem
  return {
    row: rowNumber,
    column: columnName(found, columnNumber),
    value,
    reason,
    sentence: reasonText(reason, ctx.locale),
    isRow,
  }
}

function shownReason(
  ctx: Ctx,
  found: ContactImport,
  counted: { reason: Problem['reason']; columnNumber: number; count: number },
): { reason: string; sentence: string; column: string; count: number } {
  return {
    reason: counted.reason,
    sentence: reasonText(counted.reason, ctx.locale),
    column: columnName(found, counted.columnNumber),
    count: counted.count,
  }
}

function attach(reply: FastifyReply, name: string): void {
  reply.header('content-disposition', `attachment; filename="${name}"`)
}
