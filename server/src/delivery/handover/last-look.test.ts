/** The last look reads the people of a sub-batch and nobody else, whatever the database knows of their organization. */
import pg from 'pg'
import { expect, test } from 'vitest'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction, type Db } from '../../platform/db/index.ts'
import { fromWire, type ContactId } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { lastLook } from './last-look.ts'

const h = await harness()
const PEOPLE = 300

/** Remembers how PostgreSQL would go about each statement, and runs it. */
const explaining = (ctx: Ctx, plans: string[]): Ctx => {
  const db: Db = {
    query: (text, values) => ctx.db.query(text, values),
    named: (name, text, values) => ctx.db.named(name, text, values),
    run: (query) => ctx.db.run(query),
    rows: async (name, text, values) => {
      const lines = await ctx.db.query<Record<string, string>>(`explain ${text}`, values)
      plans.push(lines.flatMap((line) => Object.values(line)).join('\n'))
      return ctx.db.rows(name, text, values)
    },
  }
  return { ...ctx, db }
}

test.each([20, 100])(
  '%d people of an organization that no statistics know are read by their ids, not one address after the other',
  async (count) => {
    const known = await h.organization()
    await testContacts(known.systemCtx, {
      emails: Array.from({ length: PEOPLE }, (_, n) => `known${n}@example.net`),
    })
    const owner = new pg.Client({ ...h.connection })
    await owner.connect()
    await owner.query('analyze contact, preference, suppression')
    await owner.end()
    const org = await h.organization()
    const ids = await testContacts(org.systemCtx, {
      emails: Array.from({ length: PEOPLE }, (_, n) => `new${n}@example.net`),
    })
    const plans: string[] = []
    const people = await inTransaction(org.systemCtx, (ctx) =>
      lastLook(
        explaining(ctx, plans),
        { purpose: 'marketing', topic: null },
        { channel: 'email', ids: ids.slice(100, 100 + count), fields: new Set(['first_name']) },
      ),
    )
    expect(people.map(({ id }) => id).toSorted()).toEqual(ids.slice(100, 100 + count).toSorted())
    expect(plans.join('\n')).toContain('contact_pkey')
    expect(plans.join('\n')).not.toMatch(/using contact_(?!pkey)/)
  },
)

test('of a person what the content reads is read, and nothing else', async () => {
  const org = await h.organization()
  const { body } = await org.editor.post('/api/contacts', {
    email: 'ada@example.net',
    firstName: 'Ada',
    city: 'Lyon',
    tags: ['vip'],
  })
  const id = fromWire('contact', body.id) as ContactId
  const look = (fields: string[] | null) =>
    inTransaction(org.systemCtx, (ctx) =>
      lastLook(
        ctx,
        { purpose: 'transactional', topic: null },
        { channel: 'email', ids: [id], fields: fields === null ? null : new Set(fields) },
      ),
    )
  const nothing = {
    address: 'ada@example.net',
    email: null,
    firstName: null,
    city: null,
    tags: [],
    attributes: {},
  }
  expect(await look([])).toMatchObject([nothing])
  expect(await look(['city', 'tags'])).toMatchObject([{ ...nothing, city: 'Lyon', tags: ['vip'] }])
  expect(await look(null)).toMatchObject([
    { ...nothing, email: 'ada@example.net', firstName: 'Ada', city: 'Lyon', tags: ['vip'] },
  ])
})
