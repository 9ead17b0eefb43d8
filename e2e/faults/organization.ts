/** An organization of the suite: its people, its providers, and the calls that its owner would make. */
import { upsertContacts } from '../../server/src/contacts/index.ts'
import { recordConsents } from '../../server/src/consent/index.ts'
import type { Ctx } from '../../server/src/platform/context.ts'
import { inTransaction } from '../../server/src/platform/db/index.ts'
import { newId, toWire, type ContactId } from '../../server/src/platform/ids.ts'
import type { Platform } from '../../server/src/platform/platform.ts'
import { insertApiKey } from '../../server/src/team/queries/api-keys.ts'
import { insertOrganization } from '../../server/src/team/queries/organizations.ts'
import { hashToken, newApiKey } from '../../server/src/team/rules/tokens.ts'

/** A contact. */
export interface Person {
  id: ContactId
  email: string
  phone: string
}

/** What the suite knows of an organization. */
export interface Organization {
  /** `a`, `b`: begins everything that it says. */
  readonly name: string
  readonly ctx: Ctx
  readonly apiKey: string
  readonly people: readonly Person[]
}

/** Channels that the suite sends on. */
export type Channel = 'email' | 'sms'

/** Makes an organization with people who agreed to be written to. */
export async function makeOrganization(
  platform: Platform,
  name: string,
  addresses: readonly string[],
  firstPhone: number,
): Promise<Organization> {
  const now = platform.clock.now()
  const orgId = newId<'organization'>(now)
  const ctx = platform.systemCtx(orgId)
  const { key, prefix } = newApiKey(orgId)
  await inTransaction(ctx, async (ctx) => {
    await insertOrganization(ctx.db, {
      id: orgId,
      slug: `faults-${name}`,
      name: `Faults ${name}`,
      locale: 'en',
      timeZone: 'Europe/Paris',
      currency: 'EUR',
      postalAddress: '1 rue du Test, 75001 Paris',
      isSample: false,
      now,
    })
    await insertApiKey(ctx, {
      id: newId<'api_key'>(now),
      name: 'Faults',
      prefix,
      keyHash: hashToken(key),
      scopes: ['*'],
      expiresAt: null,
    })
  })
  const people = await makePeople(ctx, addresses, firstPhone)
  return { name, ctx, apiKey: key, people }
}

async function makePeople(ctx: Ctx, addresses: readonly string[], firstPhone: number): Promise<Person[]> {
  const given = addresses.map((email, n) => ({ email, phone: `+336${firstPhone + n}` }))
  const made = await upsertContacts(ctx, given, { source: 'api', policy: 'skip' })
  const people = made.map(({ contactId }, n): Person => {
    const person = given[n]
    if (contactId === null || !person) throw new Error('a contact of the suite was refused')
    return { id: contactId, ...person }
  })
  await agree(ctx, people, ['email', 'sms'])
  return people
}

/** Says that people want to be written to, now. */
export async function agree(
  ctx: Ctx,
  people: readonly Person[],
  channels: readonly Channel[],
): Promise<void> {
  for (const channel of channels)
    await recordConsents(
      ctx,
      { source: 'member' },
      people.map(({ id }) => ({
        contactId: id,
        channel,
        purpose: 'marketing' as const,
        state: 'granted' as const,
        occurredAt: ctx.now(),
      })),
    )
}

/** What a campaign of the suite says besides its marker. */
export interface Wanted {
  channel: Channel
  perMinute?: number
  window?: { from: string; to: string }
  /** Added to the text: may break for some. */
  text?: string
  /** Ids of the people whom it is for; everybody otherwise. */
  people?: readonly Person[]
  /** Sent to whoever does this, instead of to everybody at once. */
  onEvent?: string
}

/** A campaign as it is posted: everything that it says begins with its marker. */
export const campaignBody = (marker: string, { channel, perMinute, window, text = '', onEvent }: Wanted) => ({
  name: `Faults ${marker}`,
  ...(onEvent === undefined
    ? {}
    : {
        delivery: 'triggered',
        trigger: { source: { kind: 'event', event: `track:${onEvent}` }, limit: 'ever' },
      }),
  channels: [channel],
  audience: { include: { rule: { all: [] } } },
  timing: {
    ...(perMinute === undefined ? {} : { perMinute }),
    ...(window === undefined ? {} : { window }),
  },
  content: {
    email: {
      subject: `${marker} hello`,
      fromName: 'Faults',
      fromEmail: `${marker.toLowerCase()}@faults.example`,
      format: 'html',
      body: `<html><body><p>${marker} hello ${text}</p><p><a href="https://shop.example/${marker}">Look</a></p></body></html>`,
    },
    sms: { text: `${marker} hello ${text} STOP 36111` },
  },
})

/** A rule as it is put: at most so many messages of all channels to a person; what is too much is dropped. */
export const wireCaps = (messages: number, windowHours: number) => ({
  caps: [{ channel: 'any', messages, windowHours, onExcess: 'drop' }],
})

/** Limits as they are put: so many messages a minute of the whole organization; null: any number. */
export const wireLimits = (perMinute: number | null) => ({ organization: { perMinute } })

/** A contact's id as the API says it. */
export const wireOf = ({ id }: Person): string => toWire('contact', id)
