/**
 * A provider calls: is it the one that it says, what does it tell, what follows. Whoever cannot prove it is answered as
 * if there were nothing here.
 */
import type { Ctx } from '../../../platform/context.ts'
import { errors } from '../../errors.ts'
import { kindSpec } from '../../providers/kinds.ts'
import { valueReader } from '../../providers/adapters.ts'
import type { OpenProvider, ProviderId } from '../../providers/provider.ts'
import { readProvider } from '../../providers/queries.ts'
import { opened } from '../../providers/service.ts'
import { receiveInbound } from '../inbound/receive-inbound.ts'
import { receiveWishes } from '../inbound/receive-wishes.ts'
import {
  basicAuthorization,
  isEqual,
  mailgunFields,
  mailgunSignature,
  metaSignature,
  sendgridSignature,
  standardWebhooksSignature,
  twilioSignature,
  vonageSignature,
  type SignatureProblem,
  type SignedRequest,
} from '../signatures/signatures.ts'
import { applyEvents } from './apply.ts'
import { mailgunEvents, postmarkEvents, resendEvents, sendgridEvents, sesEvents } from './mail-events.ts'
import { gatewayEvents, twilioEvents, vonageEvents, whatsappEvents } from './message-events.ts'
import { claimEvents, countUnknown } from './queries.ts'
import { confirmSns, isGenuineSns, readSns } from './sns.ts'
import { NO_EVENTS, type ReadEvents } from './vendor-event.ts'

/** What a provider is answered. */
export interface HookAnswer {
  contentType: string
  body: string
}
const DONE: HookAnswer = { contentType: 'text/plain; charset=utf-8', body: '' }

/**
 * Takes a provider's call. Repeating it changes nothing.
 * @throws delivery.hook_not_found  for an unknown provider and for whoever cannot prove to be it, alike
 */
export async function receiveHook(ctx: Ctx, id: ProviderId, request: SignedRequest): Promise<HookAnswer> {
  const row = await readProvider(ctx, id)
  if (!row || kindSpec(row.kind).events === 'none') throw errors.hook_not_found()
  const provider = await opened(ctx, row)
  if (request.method === 'GET' && provider.kind === 'whatsapp') return verifyWhatsapp(provider, request)
  const read =
    provider.kind === 'ses' ? await readSes(ctx, provider, request) : readSigned(ctx, provider, request)
  if ('problem' in read) {
    ctx.log.warn(
      { providerId: id, kind: provider.kind, problem: read.problem },
      'a call to a hook could not be proven',
    )
    throw errors.hook_not_found()
  }
  const { events, inbound, wishes, unknown } = await firstTime(ctx, provider, request, read)
  await applyEvents(
    ctx,
    { id, name: provider.kind, channel: provider.channel === 'webhook' ? 'all' : provider.channel },
    events,
  )
  await receiveWishes(ctx, provider, wishes)
  const answers = await receiveInbound(ctx, provider, inbound)
  if (unknown.length > 0) await countUnknown(ctx, id, unknown)
  return answerFor(provider, answers)
}

/** Mailgun's tokens are to be taken once: a repeated one is a replay, and is answered like the first. */
async function firstTime(
  ctx: Ctx,
  provider: OpenProvider,
  request: SignedRequest,
  read: ReadEvents,
): Promise<ReadEvents> {
  if (provider.kind !== 'mailgun') return read
  const token = mailgunFields(request.body)?.token ?? ''
  const fresh = await claimEvents(ctx, provider.id, [`token:${token}`])
  return fresh.size > 0 ? read : NO_EVENTS
}

type Read = ReadEvents | { problem: SignatureProblem }

function readSigned(ctx: Ctx, provider: OpenProvider, request: SignedRequest): Read {
  const value = valueReader(provider)
  const now = ctx.now()
  const proven = (problem: SignatureProblem, read: () => ReadEvents): Read =>
    problem === null ? read() : { problem }
  switch (provider.kind) {
    case 'sendgrid':
      return proven(sendgridSignature(request, value('eventPublicKey'), now), () =>
        sendgridEvents(jsonIn(request)),
      )
    case 'mailgun':
      return proven(
        needs(value('signingKey'), (key) => mailgunSignature(request, key, now)),
        () => mailgunEvents(jsonIn(request)),
      )
    case 'postmark':
      return proven(
        needs(value('eventPassword'), (pair) => basicAuthorization(request, pair, now)),
        () => postmarkEvents(jsonIn(request), now),
      )
    case 'resend':
      return proven(
        needs(value('signingSecret'), (key) => standardWebhooksSignature(request, key, now)),
        () =>
          resendEvents(jsonIn(request), request.headers['svix-id'] ?? request.headers['webhook-id'] ?? null),
      )
    case 'twilio':
      return proven(twilioSignature(request, value('authToken'), now), () =>
        twilioEvents(fieldsIn(request), URL.parse(request.url)?.searchParams.get('m') ?? null, now),
      )
    case 'vonage':
      return proven(
        needs(value('signatureSecret'), (key) => vonageSignature(request, key, now)),
        () => vonageEvents(fieldsIn(request), now),
      )
    case 'gateway':
      return proven(
        needs(value('eventPassword'), (pair) => basicAuthorization(request, pair, now)),
        () => gatewayEvents(jsonIn(request), now),
      )
    case 'whatsapp':
      return proven(
        needs(value('appSecret'), (key) => metaSignature(request, key, now)),
        () => whatsappEvents(jsonIn(request)),
      )
    case 'ses':
    case 'webhook':
      return { problem: 'missing' }
  }
}

/** Without a secret nothing can be proven, and nothing is believed. */
const needs = (secret: string, check: (secret: string) => SignatureProblem): SignatureProblem =>
  secret === '' ? 'missing' : check(secret)

async function readSes(ctx: Ctx, provider: OpenProvider, request: SignedRequest): Promise<Read> {
  const notification = readSns(request.body)
  if (!notification) return { problem: 'malformed' }
  const { egress } = ctx.platform
  if (!(await isGenuineSns(egress, notification, valueReader(provider)('topicArn'))))
    return { problem: 'mismatch' }
  if (notification.Type === 'SubscriptionConfirmation') await confirmSns(egress, notification)
  if (notification.Type !== 'Notification') return NO_EVENTS
  return sesEvents(parsed(notification.Message), notification.MessageId)
}

/** Meta asks once whether we know the word that was entered there. */
function verifyWhatsapp(provider: OpenProvider, request: SignedRequest): HookAnswer {
  const query = URL.parse(request.url)?.searchParams
  const secret = valueReader(provider)('verifyToken')
  if (
    secret === '' ||
    query?.get('hub.mode') !== 'subscribe' ||
    !isEqual(query.get('hub.verify_token') ?? '', secret)
  )
    throw errors.hook_not_found()
  return { ...DONE, body: query.get('hub.challenge') ?? '' }
}

/** Twilio sends what its answer says; others are called by a job of their own. */
function answerFor(provider: OpenProvider, answers: readonly string[]): HookAnswer {
  if (provider.kind !== 'twilio') return DONE
  const messages = answers.map((text) => `<Message>${xmlSafe(text)}</Message>`).join('')
  return {
    contentType: 'text/xml; charset=utf-8',
    body: `<?xml version="1.0" encoding="UTF-8"?><Response>${messages}</Response>`,
  }
}

const xmlSafe = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const jsonIn = (request: SignedRequest): unknown => parsed(request.body.toString('utf8'))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Fields of a form, a query or a flat JSON object. */
function fieldsIn(request: SignedRequest): Record<string, string> {
  const query = URL.parse(request.url)?.searchParams ?? new URLSearchParams()
  if (request.headers['content-type']?.includes('json')) {
    const body = jsonIn(request)
    return typeof body === 'object' && body !== null
      ? Object.fromEntries(
          Object.entries(body).flatMap(([name, value]) =>
            typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
          ),
        )
      : {}
  }
  return Object.fromEntries([...query, ...new URLSearchParams(request.body.toString('utf8'))])
}
