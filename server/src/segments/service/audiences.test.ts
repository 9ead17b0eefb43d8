/** The door for delivery and campaigns: an audience as a predicate over slices, a number, a sample, a sentence. */
import { expect, test } from 'vitest'
import type { ContactId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import {
  addMembers,
  type Audience,
  audiencePredicate,
  audiencesAmong,
  countAudience,
  createSegment,
  deleteSegment,
  describeAudience,
  sampleAudience,
} from '../index.ts'

const h = await harness()
const nothing = { segmentIds: [], rule: null }
const everyone: Audience = { include: { match: 'any', segmentIds: [], rule: { all: [] } }, exclude: nothing }

async function ten(org: TestOrganization): Promise<ContactId[]> {
  const rows = await org.ctx.db.query<{ id: ContactId }>(
    `insert into contact (org_id, country, source, created_at, updated_at)
     select $1, case when i % 2 = 0 then 'FR' end, 'test', $2, $2 from generate_series(1, 10) as i returning id`,
    [org.orgId, h.clock.now()],
  )
  return rows.map(({ id }) => id)
}

/** As delivery's resolve job reads a slice. */
async function slice(
  org: TestOrganization,
  audience: Audience,
  after: string,
  upTo: string,
): Promise<ContactId[]> {
  const { text, values } = await audiencePredicate(org.ctx, audience)
  const rows = await org.ctx.db.query<{ id: ContactId }>(
    `select c.id from contact c where c.org_id = $1 and c.id > $2 and c.id <= $3 and (${text}) order by c.id`,
    [org.orgId, after, upTo, ...values],
  )
  return rows.map(({ id }) => id)
}

test('CS-003.7 FR-002.6 an audience is resolved slice by slice, with segments as they are at that moment', async () => {
  const org = await h.organization()
  const ids = await ten(org)
  const list = await createSegment(org.ctx, { name: 'List', description: '', kind: 'static', rule: null })
  await addMembers(org.ctx, list.id, { contactIds: ids.slice(0, 4), addresses: [] })
  const french = await createSegment(org.ctx, {
    name: 'French, not on the list',
    description: '',
    kind: 'dynamic',
    rule: {
      all: [
        { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] },
        { kind: 'segment', operator: 'in_none', value: [list.id] },
      ],
    },
  })
  const audience: Audience = {
    include: { match: 'any', segmentIds: [french.id], rule: null },
    exclude: nothing,
  }
  const [last = ''] = ids.slice(-1)
  expect(await slice(org, audience, '0', last)).toEqual([ids[5], ids[7], ids[9]])
  expect(await slice(org, audience, ids[5] ?? '', ids[8] ?? '')).toEqual([ids[7]])
  await addMembers(org.ctx, list.id, { contactIds: ids.slice(4, 6), addresses: [] })
  expect(await slice(org, audience, '0', last)).toEqual([ids[7], ids[9]])
  expect(await countAudience(org.ctx, audience)).toBe(2)
  expect((await sampleAudience(org.ctx, audience, 1)).map(({ id }) => id)).toEqual([ids[9]])
})

test('FR-002.3 whom an audience excludes is out, whoever includes them', async () => {
  const org = await h.organization()
  const ids = await ten(org)
  const list = await createSegment(org.ctx, { name: 'Never', description: '', kind: 'static', rule: null })
  await addMembers(org.ctx, list.id, { contactIds: ids.slice(0, 9), addresses: [] })
  const audience: Audience = {
    include: { match: 'any', segmentIds: [list.id], rule: null },
    exclude: { segmentIds: [list.id], rule: null },
  }
  expect(await countAudience(org.ctx, audience)).toBe(0)
  expect(await countAudience(org.ctx, { ...everyone, exclude: { segmentIds: [list.id], rule: null } })).toBe(
    1,
  )
})

test('CS-003.2 an audience that chooses nobody holds nobody, and everyone must be said', async () => {
  const org = await h.organization()
  await ten(org)
  const none: Audience = { include: { match: 'any', ...nothing }, exclude: nothing }
  expect(await countAudience(org.ctx, none)).toBe(0)
  expect(await audiencePredicate(org.ctx, none)).toEqual({ text: 'false', values: [] })
  expect(await countAudience(org.ctx, everyone)).toBe(10)
  expect(await describeAudience(org.ctx, everyone, 'fr')).toBe('Tout le monde.')
  expect(await describeAudience(org.ctx, none, 'en')).toMatch(/^Nobody yet/)
})

test('CS-003.7 an audience whose segment is gone is refused and never read as everyone', async () => {
  const org = await h.organization()
  await ten(org)
  const list = await createSegment(org.ctx, { name: 'List', description: '', kind: 'static', rule: null })
  await deleteSegment(org.ctx, list.id)
  const audience: Audience = { ...everyone, exclude: { segmentIds: [list.id], rule: null } }
  await expect(audiencePredicate(org.ctx, audience)).rejects.toMatchObject({
    code: 'segments.audience_broken',
  })
})

test('CS-004.7 asked together, each audience answers for its own people, and one that is broken spoils no other', async () => {
  const org = await h.organization()
  const ids = await ten(org)
  const list = await createSegment(org.ctx, { name: 'List', description: '', kind: 'static', rule: null })
  await addMembers(org.ctx, list.id, { contactIds: ids.slice(0, 4), addresses: [] })
  const gone = await createSegment(org.ctx, { name: 'Gone', description: '', kind: 'static', rule: null })
  await deleteSegment(org.ctx, gone.id)
  const listed: Audience = {
    include: { match: 'any', segmentIds: [list.id], rule: null },
    exclude: nothing,
  }
  expect(
    await audiencesAmong(org.ctx, [
      { audience: { ...everyone, exclude: { segmentIds: [gone.id], rule: null } }, ids },
      { audience: listed, ids: ids.slice(2, 6) },
      { audience: { include: { match: 'any', ...nothing }, exclude: nothing }, ids },
      { audience: everyone, ids: ids.slice(8) },
    ]),
  ).toEqual([
    { kind: 'refused', problems: [expect.anything()] },
    { kind: 'ready', value: new Set(ids.slice(2, 4)) },
    { kind: 'ready', value: new Set() },
    { kind: 'ready', value: new Set(ids.slice(8)) },
  ])
})
