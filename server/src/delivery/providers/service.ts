/** Providers: added, changed, ranked, tried, removed. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { ownInLanguage } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { mayBeOwnHeader } from '../channels/webhook/webhook.ts'
import { errors } from '../errors.ts'
import { hookUrl } from './adapters.ts'
import { kindSpec, type ProviderKind, type ProviderLimits } from './kinds.ts'
import { secretsPlace, type OpenProvider, type Provider, type ProviderId } from './provider.ts'
import {
  deleteProvider,
  insertProvider,
  listProviders,
  PROVIDERS_MAX,
  readProvider,
  setRank,
  updateProvider,
} from './queries.ts'
import { unknownEvents, type UnknownEvent } from '../intake/events/queries.ts'

/** A provider as it is entered. Secrets that are left out stay as they are. */
export interface ProviderInput {
  kind: ProviderKind
  name: string
  settings: Readonly<Record<string, string>>
  secrets: Readonly<Record<string, string>>
}

/** As it is shown: which secrets there are, never what they are. */
export interface ShownProvider extends Omit<Provider, 'secretsSealed' | 'version'> {
  secretsKept: string[]
  limits: ProviderLimits
  /** Where it is to tell its events; null when it has none to tell. */
  hookUrl: string | null
  /** `untried`, `taking` or `troubled`. */
  health: 'untried' | 'taking' | 'troubled'
  unknownEvents: UnknownEvent[]
}

/** All of them, defaults first. */
export async function shownProviders(ctx: Ctx): Promise<ShownProvider[]> {
  const [rows, unknown] = await Promise.all([listProviders(ctx), unknownEvents(ctx)])
  return Promise.all(
    rows.map((row) =>
      shown(
        ctx,
        row,
        unknown.filter(({ providerId }) => providerId === row.id),
      ),
    ),
  )
}

/** Adds one. The first of a channel becomes its default. @throws delivery.provider_invalid, delivery.providers_too_many */
export function addProvider(ctx: Ctx, input: ProviderInput): Promise<ShownProvider> {
  const { channel } = kindSpec(input.kind)
  const { settings, secrets } = checked(input, NOTHING_KEPT)
  return inTransaction(ctx, async (ctx) => {
    const others = await listProviders(ctx)
    if (others.length >= PROVIDERS_MAX) throw errors.providers_too_many({ max: PROVIDERS_MAX })
    const id = newId<'provider'>(ctx.now())
    const rank = others.some((other) => other.channel === channel && other.rank === 0) ? null : 0
    const secretsSealed = await seal(ctx, id, secrets)
    await insertProvider(ctx, {
      id,
      channel,
      kind: input.kind,
      name: input.name,
      settings,
      secretsSealed,
      rank,
    })
    audit(ctx, 'provider.added', { kind: 'provider', id }, { kind: input.kind, name: input.name, settings })
    return reread(ctx, id)
  })
}

/** Changes name, settings and those secrets that are given. @throws delivery.provider_not_found, delivery.provider_invalid */
export function changeProvider(
  ctx: Ctx,
  id: ProviderId,
  input: Omit<ProviderInput, 'kind'>,
): Promise<ShownProvider> {
  return inTransaction(ctx, async (ctx) => {
    const before = await openProvider(ctx, id)
    const { settings, secrets } = checked({ ...input, kind: before.kind }, before)
    await updateProvider(ctx, { id, name: input.name, settings, secretsSealed: await seal(ctx, id, secrets) })
    audit(
      ctx,
      'provider.changed',
      { kind: 'provider', id },
      {
        before: { name: before.name, settings: before.settings },
        after: { name: input.name, settings },
        secretsChanged: Object.keys(input.secrets),
      },
    )
    return reread(ctx, id)
  })
}

/** Makes it its channel's default or fallback, or keeps it aside. @throws delivery.provider_not_found */
export function rankProvider(ctx: Ctx, id: ProviderId, rank: Provider['rank']): Promise<ShownProvider> {
  return inTransaction(ctx, async (ctx) => {
    const provider = await readProvider(ctx, id)
    if (!provider) throw errors.provider_not_found({ id })
    await setRank(ctx, provider, rank)
    audit(ctx, 'provider.ranked', { kind: 'provider', id }, { before: provider.rank, after: rank })
    return reread(ctx, id)
  })
}

/** Removes it and its secrets. @throws delivery.provider_not_found */
export function removeProvider(ctx: Ctx, id: ProviderId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const [removed] = await deleteProvider(ctx, id)
    if (!removed) throw errors.provider_not_found({ id })
    audit(ctx, 'provider.removed', { kind: 'provider', id }, { name: removed.name })
  })
}

/** With its secrets. @throws delivery.provider_not_found */
export async function openProvider(ctx: Ctx, id: ProviderId): Promise<OpenProvider> {
  const provider = await readProvider(ctx, id)
  if (!provider) throw errors.provider_not_found({ id })
  return opened(ctx, provider)
}

/** A stored provider with its secrets in the clear. @throws platform.secret_unreadable */
export async function opened(ctx: Ctx, provider: Provider): Promise<OpenProvider> {
  const keys = await ctx.platform.secrets.of(ctx)
  const text = keys.open(secretsPlace(provider.id), provider.secretsSealed)
  return { ...provider, secrets: JSON.parse(text) as Record<string, string> } // sealed below, and proven by its seal
}

async function seal(ctx: Ctx, id: ProviderId, secrets: Readonly<Record<string, string>>): Promise<Buffer> {
  const keys = await ctx.platform.secrets.of(ctx)
  return keys.seal(secretsPlace(id), JSON.stringify(secrets))
}

async function reread(ctx: Ctx, id: ProviderId): Promise<ShownProvider> {
  const row = await readProvider(ctx, id)
  if (!row) throw errors.provider_not_found({ id })
  return shown(ctx, row, [])
}

async function shown(ctx: Ctx, row: Provider, unknown: readonly UnknownEvent[]): Promise<ShownProvider> {
  const { secrets, secretsSealed: _sealed, version: _version, ...provider } = await opened(ctx, row)
  const spec = kindSpec(row.kind)
  const [latest] = row.errors
  const isTroubled = latest !== undefined && (row.takenAt === null || new Date(latest.at) > row.takenAt)
  return {
    ...provider,
    errors: row.errors.map((error) => ({ ...error, text: ownInLanguage(error.text, ctx.locale) })),
    secretsKept: Object.entries(secrets).flatMap(([key, value]) => (value === '' ? [] : key)),
    limits: spec.limits,
    hookUrl: spec.events === 'none' ? null : hookUrl(ctx, row.id),
    health: isTroubled ? 'troubled' : row.takenAt === null ? 'untried' : 'taking',
    unknownEvents: [...unknown],
  }
}

const NOTHING_KEPT = { settings: {}, secrets: {} }

/** What a kind knows and nothing else; a secret that is not given is the one kept. */
function checked(
  { kind, settings, secrets }: ProviderInput,
  kept: Pick<ProviderInput, 'settings' | 'secrets'>,
): { settings: Record<string, string>; secrets: Record<string, string> } {
  const { fields } = kindSpec(kind)
  const valueOf = (key: string, isSecret: boolean): string =>
    (isSecret ? (secrets[key] ?? kept.secrets[key]) : settings[key])?.trim() ?? ''
  const isElsewhere = ADDRESSES.some((key) => originOf(settings[key]) !== originOf(kept.settings[key]))
  const problems = fields.flatMap(
    ({ key, isSecret, isSent, isRequired, options, characters, form, example }) => {
      const value = valueOf(key, isSecret)
      const path = `${isSecret ? 'secrets' : 'settings'}.${key}`
      if (isRequired && value === '') return [{ path, message: 'This is needed.' }]
      if (characters && !characters.test(value))
        return [
          {
            path,
            message: 'This holds a character that no key has, perhaps from a word processor. Copy it again.',
          },
        ]
      if (value !== '' && options && !options.includes(value))
        return [{ path, message: `One of ${options.join(', ')}.` }]
      if (value !== '' && form && !form.test(value))
        return [{ path, message: `Write it as the provider shows it, such as “${example}”.` }]
      if (value !== '' && isAddress(key) && !/^https?:$/.test(URL.parse(value)?.protocol ?? ''))
        return [{ path, message: 'Enter an address such as https://api.example.com.' }]
      if (kind === 'webhook' && key === 'url' && value === '' && valueOf('headerValue', true) !== '')
        return [{ path, message: 'Enter the address that the header is for.' }]
      if (kind === 'webhook' && key === 'headerName' && value !== '' && !mayBeOwnHeader(value))
        return [{ path, message: 'Not a header name.' }]
      // A kept credential follows to no other address: it would be handed to strangers.
      if (isSent && isElsewhere && value !== '' && secrets[key] === undefined)
        return [{ path, message: 'Enter this again: what is kept was meant for another address.' }]
      return []
    },
  )
  if (problems.length > 0) throw errors.provider_invalid({}, { problems })
  const chosen = (isSecret: boolean): Record<string, string> =>
    Object.fromEntries(
      fields.filter((field) => field.isSecret === isSecret).map(({ key }) => [key, valueOf(key, isSecret)]),
    )
  return { settings: chosen(false), secrets: chosen(true) }
}

const ADDRESSES = ['baseUrl', 'url']

const isAddress = (key: string): boolean => ADDRESSES.includes(key)

const originOf = (address: string | undefined): string | undefined => URL.parse(address ?? '')?.origin
