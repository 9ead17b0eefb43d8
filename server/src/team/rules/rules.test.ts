import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId, type OrgId } from '../../platform/ids.ts'
import { PERMISSIONS, permissionsOf, ROLES, roleHolds, type Permission } from '../../platform/permissions.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'
import { isEasyToGuess } from './password-strength.ts'
import { mayGrantScope, mayManageRole } from './roles.ts'
import { slugOf } from './slug.ts'
import { throttleWaitMs } from './throttle.ts'
import { newApiKey, newTenantToken, organizationOfToken, readApiKey } from './tokens.ts'

const now = new Date('2026-11-20T09:00:00Z')

describe('passwords', () => {
  test('only the password itself fits its hash, and two hashes of it differ', async () => {
    const [one, two] = [await hashPassword('trois chats'), await hashPassword('trois chats')]
    expect(one).not.toBe(two)
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword('trois chats', one)).toBe(true)
    expect(await verifyPassword('trois chat', one)).toBe(false)
    expect(await verifyPassword('trois chats', null)).toBe(false)
  })

  test('the same password typed on another keyboard is the same', async () => {
    expect(await verifyPassword('caf\u0065\u0301 noir', await hashPassword('caf\u00e9 noir'))).toBe(true)
  })

  test.each(['password1!', 'Motdepasse2026', 'aaaaaaaaaa', '12345678', 'zoe.martin', 'zoemartin42'])(
    '%s is refused: it is tried first',
    (password) => expect(isEasyToGuess(password, 'zoe.martin@example.com')).toBe(true),
  )

  test('words that have nothing to do with each other are taken', () => {
    expect(isEasyToGuess('trois chats sous la pluie', 'zoe.martin@example.com')).toBe(false)
  })
})

describe('tokens', () => {
  test('DS-access-control.3 a key names its organization and its prefix, and 120 bits that stand nowhere', () => {
    const orgId: OrgId = newId<'organization'>(now)
    const { key, prefix } = newApiKey(orgId)
    expect(key).toMatch(/^fan_live_[0-9a-z]{26}[a-z2-7]{32}$/)
    expect(readApiKey(key)).toEqual({ orgId, prefix })
    expect(prefix).toHaveLength(8)
    expect(organizationOfToken(newTenantToken(orgId))).toBe(orgId)
  })

  test('anything else is no key, whatever it is', () => {
    const { key } = newApiKey(newId<'organization'>(now))
    for (const wrong of [
      '',
      'fan_live_',
      key.slice(0, -1),
      `${key}a`,
      key.replace('live', 'test'),
      key.toUpperCase(),
    ])
      expect(readApiKey(wrong)).toBeNull()
    fc.assert(fc.property(fc.string(), (text) => readApiKey(text) === null))
  })
})

describe('slowing down', () => {
  test('waits grow from 30 seconds to 15 minutes and never shrink', () => {
    expect(throttleWaitMs(10, 10)).toBe(0)
    expect(throttleWaitMs(11, 10)).toBe(30_000)
    expect(throttleWaitMs(12, 10)).toBe(60_000)
    expect(throttleWaitMs(1_000_000, 10)).toBe(900_000)
    fc.assert(fc.property(fc.nat(10_000), (n) => throttleWaitMs(n, 10) <= throttleWaitMs(n + 1, 10)))
  })
})

describe('roles', () => {
  test('CB-13.2 DS-access-control.2 only owners give or take the role of owner', () => {
    for (const role of ROLES) {
      expect(mayManageRole({ kind: 'member', id: 'x', role }, 'owner')).toBe(role === 'owner')
      expect(mayManageRole({ kind: 'member', id: 'x', role: 'admin' }, role)).toBe(role !== 'owner')
    }
    expect(mayManageRole({ kind: 'api_key', id: 'x', scopes: ['members.write'] }, 'owner')).toBe(false)
    expect(mayManageRole({ kind: 'api_key', id: 'x', scopes: ['*'] }, 'owner')).toBe(true)
    expect(mayManageRole({ kind: 'contact', id: '1' }, 'owner')).toBe(false)
  })

  test('a key manages exactly the roles of which it holds every permission', () => {
    for (const held of ROLES)
      for (const role of ROLES) {
        const key = { kind: 'api_key', id: 'x', scopes: permissionsOf(held) } as const
        expect(mayManageRole(key, role)).toBe(ROLES.indexOf(role) <= ROLES.indexOf(held))
      }
  })

  test('nobody gives a key more than they hold', () => {
    const permissions = Object.keys(PERMISSIONS) as Permission[]
    for (const role of ROLES)
      for (const scope of permissions)
        expect(mayGrantScope({ kind: 'member', id: 'x', role }, scope)).toBe(roleHolds(role, scope))
    expect(mayGrantScope({ kind: 'member', id: 'x', role: 'admin' }, '*')).toBe(false)
    expect(mayGrantScope({ kind: 'api_key', id: 'x', scopes: ['contacts.read'] }, 'contacts.write')).toBe(
      false,
    )
    expect(mayGrantScope({ kind: 'api_key', id: 'x', scopes: ['*'] }, '*')).toBe(true)
  })
})

test('a slug is readable and differs for each organization of the same name', () => {
  const [one, two] = [newId<'organization'>(now), newId<'organization'>(now)]
  expect(slugOf('Atelier Noël & Fils', one)).toMatch(/^atelier-noel-fils-[0-9a-z]{8}$/)
  expect(slugOf('Atelier', one)).not.toBe(slugOf('Atelier', two))
  expect(slugOf('日本', one)).toMatch(/^[0-9a-z]{8}$/)
})
