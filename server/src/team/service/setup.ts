/** The first run: one organization and its owner, made in the browser, on the command line or by the environment. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId, SYSTEM_ORG, type OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { errors } from '../errors.ts'
import { insertApiKey } from '../queries/api-keys.ts'
import { claimSetup, someOrganizationExists, type OrganizationSettings } from '../queries/organizations.ts'
import { findPerson, insertPerson, type Person } from '../queries/people.ts'
import { emailKeyOf } from '../rules/email.ts'
import { hashPassword } from '../rules/password-hash.ts'
import { hashToken, newApiKey } from '../rules/tokens.ts'
import { actingIn } from './acting.ts'
import { foundOrganization } from './organizations.ts'
import { acceptPassword } from './passwords.ts'
import { openSession, type Browser, type OpenedSession } from './sessions.ts'

/** What a first run asks. */
export interface Setup {
  organization: OrganizationSettings
  owner: { name: string; email: string; password: string }
}

/** Sets the installation up in the browser and signs its owner in. @throws team.already_set_up, team.password_weak */
export async function setUpInBrowser(ctx: Ctx, setup: Setup, browser: Browser): Promise<OpenedSession> {
  // Asked before the hash: a stranger must not make a finished installation work.
  if (await someOrganizationExists(ctx.db)) throw errors.already_set_up()
  const passwordHash = await acceptPassword(setup.owner.password, setup.owner.email, 'owner.password')
  const { owner } = await setUp(ctx, setup, passwordHash)
  return openSession(ctx, owner, browser)
}

/**
 * Sets the installation up for machines. The password is the operator's decision: whatever they give is taken.
 * @returns the organization, and an API key that may do everything: it is never shown again
 * @throws team.already_set_up
 */
export async function setupInstallation(
  platform: Platform,
  setup: Setup,
): Promise<{ orgId: OrgId; apiKey: string }> {
  const ctx = platform.systemCtx(SYSTEM_ORG)
  if (await someOrganizationExists(ctx.db)) throw errors.already_set_up()
  const { orgId, apiKey } = await setUp(ctx, setup, await hashPassword(setup.owner.password), {
    name: 'First run',
  })
  return { orgId, apiKey }
}

/**
 * The unattended first run: what FANFARE_SETUP_EMAIL, FANFARE_SETUP_PASSWORD and FANFARE_SETUP_ORGANIZATION say.
 * @returns an API key to print once; null when they say nothing or the installation is already set up
 */
export async function setupFromEnvironment(platform: Platform): Promise<string | null> {
  const wanted = platform.config.setup
  if (!wanted || (await someOrganizationExists(platform.systemCtx(SYSTEM_ORG).db))) return null
  const setup: Setup = {
    organization: {
      name: wanted.organization,
      locale: 'en',
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      currency: 'EUR',
      postalAddress: null,
    },
    owner: {
      name: wanted.email.split('@')[0] ?? wanted.email,
      email: wanted.email,
      password: wanted.password,
    },
  }
  try {
    return (await setupInstallation(platform, setup)).apiKey
  } catch (error) {
    // Another process of this installation was faster: it prints the key.
    if (error instanceof AppError && error.code === errors.already_set_up().code) return null
    throw error
  }
}

async function setUp(
  ctx: Ctx,
  setup: Setup,
  passwordHash: string,
  keyWanted: { name: string } | null = null,
): Promise<{ orgId: OrgId; owner: Person; apiKey: string }> {
  const now = ctx.now()
  const orgId = newId<'organization'>(now)
  const personId = newId<'person'>(now)
  const { key, prefix } = newApiKey(orgId)
  return inTransaction(actingIn(ctx, orgId, { kind: 'member', id: personId, role: 'owner' }), async (ctx) => {
    if (!(await claimSetup(ctx.db, now))) throw errors.already_set_up()
    const { email, name } = setup.owner
    const { locale } = setup.organization
    await insertPerson(ctx.db, {
      id: personId,
      email,
      emailKey: emailKeyOf(email),
      name,
      locale,
      passwordHash,
      now,
    })
    await foundOrganization(ctx, setup.organization, personId)
    if (keyWanted) {
      const id = newId<'api_key'>(now)
      const { name } = keyWanted
      await insertApiKey(ctx, { id, name, prefix, keyHash: hashToken(key), scopes: ['*'], expiresAt: null })
      audit(ctx, 'api_key.created', { kind: 'api_key', id }, { name, scopes: ['*'] })
    }
    const owner = await findPerson(ctx.db, personId)
    if (!owner) throw errors.already_set_up()
    return { orgId, owner, apiKey: key }
  })
}
