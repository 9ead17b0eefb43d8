import { expect, test } from 'vitest'
import { harness } from '../../testing/harness.ts'

const h = await harness()

test('a key that was used for one resource does nothing to another, and says so', async () => {
  const org = await h.organization()
  const [first, second] = await Promise.all(
    ['A', 'B'].map(async (name) => {
      const content = { subject: name, fromName: 'A', fromEmail: 'a@atelier.example' }
      const { body } = await org.editor.post('/api/campaigns', {
        name,
        audience: { include: { rule: { all: [] } } },
        content: { email: { ...content, format: 'html', body: '<html><body>Hello</body></html>' } },
      })
      return `/api/campaigns/${body.id}`
    }),
  )
  const launch = (path = '', query = '') =>
    org.editor.post(`${path}/launch${query}`, {}, { 'idempotency-key': 'once' })
  const reused = { status: 422, body: { code: 'request.key_reused' } }
  const launched = await launch(first)
  expect(launched).toMatchObject({ status: 200, body: { name: 'A' } })
  expect(await launch(second)).toMatchObject(reused)
  expect(await launch(first, '?other=1')).toMatchObject(reused)
  expect((await org.editor.get(second ?? '')).body.status).toBe('draft')
  const again = await launch(first)
  expect([again.headers['idempotent-replayed'], again.body]).toEqual(['true', launched.body])
})
